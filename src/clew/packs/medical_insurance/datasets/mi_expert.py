from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import OrgName, PersonId, PersonName, Text
from clew.packs.medical_insurance.datasets import common


class Expert(Dataset):
    """One row is one expert of the pool, with one specialty."""

    name = "mi_expert"
    title = T("专家库", "Expert pool")
    synonyms = ("专家名单", "评审专家")
    owners = ("医保局",)
    mode = REGISTER
    key = ("expert_no",)

    expert_no = Column(Text(), "专家编号", en="Expert number", required=True)
    name_ = Column(PersonName(), "姓名/专家姓名", en="Expert", required=True)
    specialty = Column(Text(), "专业", en="Specialty", required=True)
    start_date = common.start_date()

    employer = Column(OrgName(), "工作单位", en="Employer")
    div = common.div()
    end_date = common.end_date()
    certno = Column(
        PersonId(person_name="name"),
        "证件号码/身份证号/公民身份号码/身份证",
        en="Document number",
    )
