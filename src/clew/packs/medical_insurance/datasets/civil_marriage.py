from clew.declare import Column, Dataset, T
from clew.declare.types import Code, Date, PersonId
from clew.packs.medical_insurance.datasets import common


class CivilMarriage(Dataset):
    """One row is one registered marriage or divorce, seen from one of the two."""

    name = "civil_marriage"
    title = T("婚姻登记", "Marriages")
    synonyms = ("结婚登记", "离婚登记")
    owners = ("民政局",)
    key = ("certno", "reg_date")
    main_date = "reg_date"
    fresh_days = 93

    certno = common.certno()
    spouse_certno = Column(PersonId(), "配偶证件号", en="Spouse's document number", required=True)
    reg_date = Column(Date(), "登记日期", en="Registered on", required=True)
    kind = Column(
        Code({"marriage": "结婚", "divorce": "离婚"}), "业务类型", en="Kind", required=True
    )
