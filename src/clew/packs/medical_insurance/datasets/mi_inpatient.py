from clew.declare import Column, Dataset, T
from clew.declare.types import Code, Decimal, Flag, InstitutionCode, Integer, Text, Timestamp
from clew.packs.medical_insurance.datasets import common

DISCHARGE_WAYS = {
    "1": "医嘱离院",
    "2": "转院/医嘱转院",
    "3": "转社区/医嘱转社区",
    "4": "非医嘱离院",
    "5": "死亡",
    "9": "其他",
}


class Inpatient(Dataset):
    """One row is one inpatient stay from admission to discharge."""

    name = "mi_inpatient"
    title = T("住院信息", "Inpatient stays")
    synonyms = ("住院登记", "出入院信息")
    owners = ("医保局",)
    key = ("mdtrt_id",)
    main_date = "adm_time"
    fresh_days = 31

    mdtrt_id = common.mdtrt_id()
    adm_time = Column(
        Timestamp(), "入院时间/入院日期/住院开始时间", en="Admitted at", required=True
    )

    certno = common.certno(required=False)
    fixmedins_code = common.fixmedins_code()
    dscg_time = Column(Timestamp(), "出院时间/出院日期/离院时间", en="Discharged at")
    adm_dept = Column(Text(), "入院科室/科室", en="Admitting department")
    bed_no = Column(Text(), "床位号/床号", en="Bed")
    dscg_way = Column(Code(DISCHARGE_WAYS), "离院方式/出院方式", en="Way of discharge")
    transfer_to = Column(InstitutionCode(), "转往机构/转入机构代码", en="Transferred to")
    drg_code = Column(Text(), "DRG编码/病组编码/DIP编码", en="Case group")
    drg_weight = Column(Decimal(), "权重/病组权重/RW", en="Case weight")
    emer_flag = common.emer_flag()
    planned_flag = Column(Flag(), "计划入院/择期标志", en="Planned admission")
    icu_hours = Column(Integer(), "重症监护时长/ICU小时", en="Hours of intensive care")
    newborn_flag = Column(Flag(), "新生儿标志", en="Newborn")
    infant_days = Column(Integer(), "新生儿天数/日龄", en="Age of the infant in days")
    home_bed_flag = Column(Flag(), "家庭病床", en="Bed at home")
    day_case_flag = Column(Flag(), "日间病房/日间手术", en="Day case")
    uncons_begntime = Column(Timestamp(), "昏迷开始", en="Unconscious from")
    uncons_endtime = Column(Timestamp(), "昏迷结束", en="Unconscious until")
    referrer = common.referrer()
    tel = common.tel()
