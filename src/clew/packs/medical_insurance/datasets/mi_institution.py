from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import (
    Code,
    Date,
    Decimal,
    Flag,
    InstitutionCode,
    Integer,
    OrgCode,
    OrgName,
    Text,
)
from clew.packs.medical_insurance.datasets import common

KINDS = {
    "hospital": "医院",
    "township": "乡镇卫生院/卫生院",
    "clinic": "诊所/门诊部",
    "pharmacy": "零售药店/药店",
}


class Institution(Dataset):
    """One row is one designated hospital, clinic or pharmacy."""

    name = "mi_institution"
    title = T("定点医药机构", "Designated institutions")
    synonyms = ("定点机构", "机构信息")
    owners = ("医保局",)
    mode = REGISTER
    key = ("fixmedins_code",)

    fixmedins_code = common.fixmedins_code(required=True)
    name_ = Column(OrgName(), "机构名称/医疗机构名称", en="Institution name", required=True)

    uscc = Column(OrgCode(), "统一社会信用代码", en="Credit code")
    hosp_lv = common.hosp_lv()
    inst_type = Column(Code(KINDS), "机构类别", en="Kind of institution")
    div = common.div()
    town = Column(Text(), "乡镇代码", en="Township")
    lon = Column(Decimal(), "经度", en="Longitude in degrees")
    lat = Column(Decimal(), "纬度", en="Latitude in degrees")
    beds_approved = Column(Integer(), "核定床位", en="Beds approved")
    beds_open = Column(Integer(), "开放床位", en="Beds open")
    open_hour = Column(Text(), "营业开始", en="Opens at")
    close_hour = Column(Text(), "营业结束", en="Closes at")
    only_in_town = Column(Flag(), "乡镇唯一医院", en="Only hospital of the township")
    campus_of = Column(InstitutionCode(), "所属总院代码", en="Campus of")
    successor_code = Column(InstitutionCode(), "合并后代码/承继机构代码", en="Code after a merger")
    merge_date = Column(Date(), "合并日期", en="Merged on")
