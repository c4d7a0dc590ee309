from clew.declare import Column, Dataset, T
from clew.declare.types import Money, Text


class AuditProblem(Dataset):
    """One row is one problem that an audit found."""

    name = "audit_problem"
    title = T("审计问题清单", "Audit problems")
    synonyms = ("审计发现", "问题清单")
    owners = ("审计局",)
    key = ("prob_no",)

    prob_no = Column(Text(), "问题编号", en="Problem number", required=True)
    subject_code = Column(Text(), "被审计单位", en="Audited organisation", required=True)
    amount = Column(Money(), "问题金额/涉及金额/金额", en="Amount of the problem", required=True)
    status = Column(Text(), "整改状态/问题状态", en="State of rectification", required=True)
