from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import Code, Decimal, Text
from clew.packs.medical_insurance.datasets import common

LISTS = {
    "mild": "轻症",
    "infectious": "同类传染病",
    "dialysis_oncology": "透析与肿瘤治疗",
    "female_only": "仅限女性",
    "male_only": "仅限男性",
    "organ_total": "器官全切",
    "organ_partial": "器官部分切除",
    "arthroplasty": "关节置换",
    "revision": "翻修手术",
    "hardware_removal": "内固定取出",
    "stent_procedure": "支架置入术",
    "device_procedure": "器械置入术",
    "cc_treatment": "并发症治疗",
    "preop_set": "术前检查",
    "infection_screen": "感染筛查",
    "rehab_limit": "康复限定天数",
    "daily_goods": "日用品",
}


class CodeList(Dataset):
    """One row is one code, meant as a prefix, that stands on one list of the detectors."""

    name = "mi_code_list"
    title = T("规则名单", "Code lists of the detectors")
    synonyms = ("轻症目录", "规则代码表")
    owners = ("医保局",)
    mode = REGISTER
    key = ("list", "code", "start_date")
    main_date = "start_date"

    list_ = Column(Code(LISTS, open_list=True), "名单", en="List", required=True)
    code = Column(Text(), "代码", en="Code or its beginning", required=True)
    start_date = common.start_date()

    value = Column(Decimal(), "数值", en="Value")
    end_date = common.end_date()
    note = Column(Text(), "备注/说明", en="Note, such as the organ")
