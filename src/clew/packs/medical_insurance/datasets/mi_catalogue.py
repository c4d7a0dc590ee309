from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import Code, Date, Decimal, Flag, Integer, Text
from clew.packs.medical_insurance.datasets import common

KINDS = {
    "bed": "床位",
    "nursing": "护理",
    "consult": "诊查",
    "exam": "检查",
    "lab": "检验",
    "treat": "治疗",
    "operation": "手术",
    "rehab_eval": "康复评定",
    "rehab": "康复治疗",
    "drug": "药品",
    "implant": "植入物",
    "screw": "螺钉",
    "pedicle_screw": "椎弓根螺钉",
    "plate": "接骨板",
    "cement": "骨水泥",
    "biologic": "生物材料",
    "npwt": "负压引流",
    "stent": "支架",
    "balloon": "球囊",
    "guidewire": "导丝",
    "angio": "造影",
    "pci": "冠脉介入",
    "pacemaker": "起搏器",
    "occluder": "封堵器",
    "ecg_monitor": "心电监护",
    "holter": "动态心电图",
    "contrast": "造影剂",
    "mortuary": "遗体料理/太平间",
    "autopsy": "尸体解剖/尸检",
    "other": "其他",
}


class Catalogue(Dataset):
    """One row is one code of the catalogue in one spell of validity."""

    name = "mi_catalogue"
    title = T("医保目录", "Catalogue of codes")
    synonyms = ("目录库", "诊疗项目目录")
    owners = ("医保局",)
    mode = REGISTER
    key = ("med_list_codg", "start_date")
    main_date = "start_date"

    med_list_codg = common.med_list_codg(required=True)
    name_ = Column(Text(), "名称/项目名称", en="Item", required=True)
    list_type = common.list_type(required=True)
    start_date = common.start_date()

    end_date = common.end_date()
    kind = Column(Code(KINDS, open_list=True), "规则类别", en="Kind for the rules")
    unit = common.unit()
    minutes = Column(Integer(), "项目分钟", en="Minutes a session")
    max_per_day = Column(Decimal(), "日最大", en="Most a day")
    max_per_stay = Column(Decimal(), "次最大", en="Most a stay")
    hour_item = Column(Flag(), "按小时", en="Charged by the hour")
    sex_limit = Column(Code({"1": "男", "2": "女"}), "限定性别", en="Only for this sex")
    age_min = Column(Integer(), "最小年龄", en="From age")
    age_max = Column(Integer(), "最大年龄", en="To age")
    pay_restrict = Column(Text(), "限定支付", en="Paid only if")
    local_code = Column(Text(), "原九位编码", en="Former local code")
    modality = common.modality()
    region = common.region()
    enhanced = Column(Flag(), "增强", en="With contrast")
    analyte = Column(Text(), "检测指标", en="Analyte")
    method = Column(Text(), "方法", en="Method")
    one_to_one = Column(Flag(), "一对一", en="One therapist, one patient")
    active = Column(Flag(), "主动训练", en="Needs the patient's own effort")
    recog_days = Column(Integer(), "互认天数", en="Days of mutual recognition")
    listed_date = Column(Date(), "挂网日期", en="Listed on")
    vbp_date = Column(Date(), "集采执行日期", en="Bulk purchase from")
