from clew.declare import Column, Dataset, T
from clew.declare.types import (
    Address,
    Date,
    Mobile,
    OrgCode,
    OrgName,
    PersonId,
    PersonName,
    PlannedDate,
    Text,
)
from clew.packs.medical_insurance.datasets import common


class Registry(Dataset):
    """One row is one registered organisation, with the agent who registered it."""

    name = "org_registry"
    title = T("市场主体登记", "Registered organisations")
    synonyms = ("企业登记", "工商登记")
    owners = ("市场监管局",)
    key = ("emp_uscc",)

    emp_uscc = common.own_uscc()
    name_ = Column(OrgName(), "企业名称/单位名称", en="Organisation name", required=True)

    addr = Column(Address(), "住所/注册地址", en="Registered address")
    legal_name = Column(PersonName(), "法定代表人", en="Legal representative")
    legal_certno = Column(
        PersonId(person_name="legal_name"),
        "法定代表人证件号",
        en="Legal representative (document)",
    )
    est_date = Column(Date(), "成立日期", en="Established on")
    agent_name = Column(PersonName(), "代办人/经办人", en="Agent who registered it")
    agent_tel = Column(Mobile(), "代办人电话", en="Telephone of the agent")
    dispatch_licence = Column(Text(), "劳务派遣许可证号", en="Licence to dispatch labour")
    dispatch_from = Column(Date(), "有效期起", en="Licence valid from")
    dispatch_to = Column(PlannedDate(), "有效期止", en="Licence valid to")
    group_uscc = Column(OrgCode(), "所属集团代码", en="Credit code of the group")
    merged_into = Column(OrgCode(), "合并后代码", en="Credit code after a merger")
    merge_date = Column(Date(), "合并日期", en="Merged on")
    status = Column(Text(), "登记状态", en="State of registration")
