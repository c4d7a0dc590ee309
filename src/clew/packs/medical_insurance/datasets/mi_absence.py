from clew.declare import Column, Dataset, T
from clew.declare.types import Code
from clew.packs.medical_insurance.datasets import common

KINDS = {
    "leave": "请假/休假",
    "training": "进修/培训",
    "abroad": "出国/出境",
    "sick": "病假",
}


class Absence(Dataset):
    """One row is one spell in which a member of staff was not at work."""

    name = "mi_absence"
    title = T("人员缺勤", "Absence of staff")
    synonyms = ("请假外出", "进修名单")
    owners = ("卫健委",)
    key = ("staff_codg", "start_date")
    main_date = "start_date"
    fresh_days = 93

    staff_codg = common.staff_codg()
    start_date = common.start_date()
    end_date = common.end_date(required=True)

    kind = Column(Code(KINDS), "缺勤类型", en="Kind of absence")
