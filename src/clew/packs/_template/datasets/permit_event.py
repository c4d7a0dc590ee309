from clew.declare import Column, Dataset, T
from clew.declare.types import Integer, Text, Timestamp


class PermitEvent(Dataset):
    """One row is one step taken on a permit case; each step repeats what is known of its case.

    Who took the step is not part of the contract: the question is about departments.
    """

    name = "permit_event"
    title = T("许可办件环节", "Steps of permit cases")
    synonyms = ("许可办件", "审批环节")
    owners = ("行政审批局",)
    key = ("event_id",)
    main_date = "event_time"

    event_id = Column(Text(), "环节编号/步骤编号", en="Step number", required=True)
    case_no = Column(Text(), "办件编号/受理编号/案件编号", en="Case number", required=True)
    event_time = Column(Timestamp(), "环节时间/办理时间", en="Step taken at", required=True)
    dept = Column(Text(), "承办部门/审批部门", en="Department in charge", required=True)

    step = Column(Text(), "环节名称/步骤名称", en="Step")
    seq = Column(Integer(), "环节序号/步骤序号", en="Order of the step")
    team = Column(Text(), "承办科室/办理科室", en="Team in charge")
    channel = Column(Text(), "申请渠道/收件渠道", en="Channel of application")
    start_time = Column(Timestamp(), "受理时间/收件时间", en="Accepted at")
    deadline = Column(Timestamp(), "办结期限/法定期限/截止时间", en="Deadline")
    planned_end = Column(Timestamp(), "计划办结时间", en="Planned end")
    end_time = Column(Timestamp(), "办结时间/实际办结时间", en="Ended at")
