from clew.declare import Column, Dataset, T
from clew.declare.types import Flag, Text, Timestamp
from clew.packs.medical_insurance.datasets import common


class Leave(Dataset):
    """One row is one absence of an inpatient from the ward."""

    name = "mi_leave"
    title = T("住院请假", "Leave from the ward")
    synonyms = ("请假记录", "外出登记")
    owners = ("医保局",)
    key = ("mdtrt_id", "leave_begntime")
    main_date = "leave_begntime"
    fresh_days = 62

    mdtrt_id = common.mdtrt_id()
    leave_begntime = Column(Timestamp(), "请假开始时间/离院时间", en="Left at", required=True)

    leave_endtime = Column(Timestamp(), "请假结束时间/返院时间", en="Back at")
    approved_flag = Column(Flag(), "是否批准", en="Approved")
    reason = Column(Text(), "请假事由", en="Reason")
