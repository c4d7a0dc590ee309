from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import Code, InstitutionCode, OrgName, Text
from clew.packs.medical_insurance.datasets import common

KINDS = {
    "screening": "筛查/白内障筛查/视力筛查",
    "mobile": "巡回医疗",
    "nursing_home": "养老机构",
    "bulk_pickup": "集中代取",
    "custody_hospital": "监所医院",
    "contract_exam": "委托检查",
    "drug_programme": "肿瘤移植等用药项目/用药项目",
}


class Programme(Dataset):
    """One row is one registered programme or partnership of an institution."""

    name = "mi_programme"
    title = T("登记项目", "Registered programmes")
    synonyms = ("巡回医疗登记", "合作机构")
    owners = ("医保局",)
    mode = REGISTER
    key = ("prog_id",)
    main_date = "start_date"

    prog_id = common.prog_id()
    kind = Column(Code(KINDS), "项目类型/登记类型", en="Kind of programme", required=True)
    fixmedins_code = common.fixmedins_code(required=True)
    start_date = common.start_date()

    end_date = common.end_date()
    name_ = Column(OrgName(), "项目名称", en="Programme")
    partner_code = Column(InstitutionCode(), "合作机构代码", en="Partner institution")
    village = Column(Text(), "村居代码", en="Village or community")
    icd_category = common.icd_category()
    med_list_codg = common.med_list_codg()
