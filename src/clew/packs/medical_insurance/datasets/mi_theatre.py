from clew.declare import Column, Dataset, T
from clew.declare.types import Text, Timestamp
from clew.packs.medical_insurance.datasets import common


class Theatre(Dataset):
    """One row is one patient's time in one operating room."""

    name = "mi_theatre"
    title = T("手术室日志", "Theatre log")
    synonyms = ("手术间登记", "手术排班")
    owners = ("卫健委",)
    key = ("fixmedins_code", "room_no", "in_time")
    main_date = "in_time"
    fresh_days = 62

    fixmedins_code = common.fixmedins_code(required=True)
    room_no = Column(Text(), "手术间", en="Operating room", required=True)
    mdtrt_id = common.mdtrt_id()
    in_time = Column(Timestamp(), "入室时间", en="Into the room at", required=True)
    out_time = Column(Timestamp(), "出室时间", en="Out of the room at", required=True)

    oper_dr_codg = common.oper_dr_codg()
    side = common.side()
