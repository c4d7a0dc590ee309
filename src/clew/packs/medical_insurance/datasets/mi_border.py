from clew.declare import Column, Dataset, T
from clew.declare.types import Date, Text
from clew.packs.medical_insurance.datasets import common


class Border(Dataset):
    """One row is one absence abroad, from leaving to coming back."""

    name = "mi_border"
    title = T("出入境信息", "Absences abroad")
    synonyms = ("出境记录", "出入境记录")
    owners = ("公安局",)
    key = ("certno", "exit_date")
    main_date = "exit_date"
    fresh_days = 62

    certno = common.certno(psn_name="psn_name")
    psn_name = common.psn_name()
    exit_date = Column(Date(), "出境日期", en="Left on", required=True)

    entry_date = Column(Date(), "入境日期", en="Came back on")
    place = Column(Text(), "前往地", en="Destination")
