from clew.declare import Column, Dataset, T
from clew.declare.types import Date, PersonName
from clew.packs.medical_insurance.datasets import common


class PolicePerson(Dataset):
    """One row is one person of the household register."""

    name = "police_person"
    title = T("人口信息", "Household register extract")
    synonyms = ("户籍信息", "变更登记")
    owners = ("公安局",)
    key = ("certno",)
    volume = common.POPULATION

    certno = common.certno(psn_name="psn_name")
    psn_name = common.psn_name()

    gend = common.gend()
    sex_change_date = Column(Date(), "性别变更日期", en="Sex changed on")
    former_name = Column(PersonName(), "曾用名", en="Former name")
    hukou_div = common.hukou_div()
