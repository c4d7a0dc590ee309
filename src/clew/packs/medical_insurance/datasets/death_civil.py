from clew.declare import Column, Dataset, T
from clew.declare.types import Date
from clew.packs.medical_insurance.datasets import common


class DeathCivil(Dataset):
    """One row is one cremation."""

    name = "death_civil"
    title = T("殡葬火化", "Cremations")
    synonyms = ("火化登记", "殡葬信息")
    owners = ("民政局",)
    key = ("certno", "cremation_date")
    main_date = "cremation_date"
    fresh_days = 62
    volume = common.DEATHS

    certno = common.certno(psn_name="psn_name")
    psn_name = common.psn_name()
    cremation_date = Column(Date(), "火化日期/火化时间", en="Cremated on", required=True)
