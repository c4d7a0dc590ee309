from clew.declare import Column, Dataset, T
from clew.declare.types import Date, OrgName, Prose, Text
from clew.packs.medical_insurance.datasets import common


class Complaint(Dataset):
    """One row is one complaint taken by the hotlines 12393 or 12345."""

    name = "mi_complaint"
    title = T("投诉举报", "Complaints")
    synonyms = ("信访投诉", "热线工单")
    owners = ("医保局",)
    key = ("cmpl_no",)
    main_date = "recv_date"
    fresh_days = 62

    cmpl_no = Column(Text(), "工单号/投诉编号", en="Complaint number", required=True)
    recv_date = Column(Date(), "受理日期", en="Taken on", required=True)
    content = Column(Prose(), "内容/诉求内容", en="What was said", required=True)

    fixmedins_code = common.fixmedins_code()
    inst_name = Column(OrgName(), "被投诉机构", en="Institution complained of")
    channel = Column(Text(), "渠道", en="Channel")
