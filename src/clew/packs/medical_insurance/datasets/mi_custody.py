from clew.declare import Column, Dataset, T
from clew.declare.types import Text
from clew.packs.medical_insurance.datasets import common


class Custody(Dataset):
    """One row is one spell in custody; without a last day it goes on."""

    name = "mi_custody"
    title = T("羁押信息", "Custody spells")
    synonyms = ("在押人员", "收押记录")
    owners = ("公安局",)
    key = ("certno", "start_date")
    main_date = "start_date"
    fresh_days = 62

    certno = common.certno(psn_name="psn_name")
    psn_name = common.psn_name()
    start_date = common.start_date("收押日期", en="Taken in on")

    end_date = common.end_date("释放日期", en="Released on")
    place = Column(Text(), "羁押场所", en="Place of custody")
