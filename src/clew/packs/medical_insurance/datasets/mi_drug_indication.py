from clew.declare import REGISTER, Dataset, T
from clew.packs.medical_insurance.datasets import common


class DrugIndication(Dataset):
    """One row is one category of diagnosis for which a substance is given."""

    name = "mi_drug_indication"
    title = T("药品适应症", "Indications")
    synonyms = ("限定支付诊断", "用药诊断")
    owners = ("医保局",)
    mode = REGISTER
    key = ("substance", "icd_category")

    substance = common.substance(required=True)
    icd_category = common.icd_category(required=True)
