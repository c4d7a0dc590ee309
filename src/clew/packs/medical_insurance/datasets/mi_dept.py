from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import Code, OrgName
from clew.packs.medical_insurance.datasets import common

SPECIALTIES = {
    "obstetric": "产科",
    "psychiatric": "精神科",
    "rehab": "康复科",
    "long_term": "长期护理/安宁疗护",
    "icu": "重症医学科",
}


class Dept(Dataset):
    """One row is one department of an institution."""

    name = "mi_dept"
    title = T("科室信息", "Departments of institutions")
    synonyms = ("科室目录", "诊疗科目")
    owners = ("卫健委",)
    mode = REGISTER
    key = ("fixmedins_code", "dept_codg")

    fixmedins_code = common.fixmedins_code(required=True)
    dept_codg = common.dept_codg(required=True)
    name_ = Column(OrgName(), "科室名称", en="Department", required=True)

    specialty = Column(Code(SPECIALTIES, open_list=True), "专业/诊疗科目", en="Specialty")
    start_date = common.start_date("开设日期", en="Opened on", required=False)
    end_date = common.end_date()
