from clew.declare import Column, Dataset, T
from clew.declare.types import Date, Decimal, Text
from clew.packs.medical_insurance.datasets import common


class DrugCase(Dataset):
    """One row is one drug that was seized in one case of second-hand trade."""

    name = "market_drug_case"
    title = T("回收药品案件", "Seized and second-hand drugs")
    synonyms = ("药品查处", "药品案件")
    owners = ("市场监管局",)
    key = ("case_no", "med_list_codg")
    main_date = "seize_date"
    fresh_days = 366

    case_no = Column(Text(), "案件编号/案号", en="Case number", required=True)
    med_list_codg = common.med_list_codg(required=True)
    seize_date = Column(Date(), "查获日期/扣押日期", en="Seized on", required=True)

    qty = Column(Decimal(), "查获数量", en="Quantity seized")
    place = Column(Text(), "查获地点", en="Place of seizure")
