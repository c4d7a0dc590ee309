"""Columns that mean the same in every dataset of the pack, each title written once.

Every call makes a new column, because a column learns its name from the class it stands in.
"""

from __future__ import annotations

from clew.declare import Column
from clew.declare.types import (
    BirthDate,
    Code,
    Date,
    Decimal,
    Diagnosis,
    Division,
    Flag,
    InstitutionCode,
    Mobile,
    Month,
    OrgCode,
    PersonId,
    PersonName,
    PlannedDate,
    Sex,
    Text,
)

INSURANCES = {
    "310": "职工基本医疗保险/职工医保",
    "390": "城乡居民基本医疗保险/居民医保",
    "510": "生育保险",
}
LEVELS = {"1": "一级", "2": "二级", "3": "三级", "9": "未定级/药店"}
MODALITIES = {
    "CT": "计算机断层扫描",
    "MR": "磁共振/核磁共振/MRI",
    "US": "超声/彩超",
    "DR": "数字化摄影/X线摄影",
}
SIDES = {"L": "左/左侧", "R": "右/右侧", "B": "双侧"}
LIST_TYPES = {
    "drug": "药品/西药/中成药/中药饮片",
    "consumable": "耗材/医用耗材",
    "item": "诊疗项目/服务项目",
}
DEATHS = (30, 200_000)
"""Rows of one delivery, at 7 deaths a year and 1,000 inhabitants: from a month of a county of
60,000 to a year of the largest city."""
POPULATION = (50_000, 40_000_000)
"""Persons of one register, from a small county to the largest city: less is an extract of a part,
more is a register of events or of a whole province."""


def certno(
    *,
    required: bool = True,
    psn_name: str | None = None,
    psn_cert_type: str | None = None,
    psn_no: str | None = None,
) -> Column:
    """The document number; the arguments name the columns beside it."""
    kind = PersonId(person_name=psn_name, document=psn_cert_type, number=psn_no)
    headers = "证件号码/身份证号/公民身份号码/身份证"
    return Column(kind, headers, en="Document number", required=required)


def psn_cert_type() -> Column:
    kind = Code({"01": "居民身份证/身份证"}, open_list=True)
    return Column(kind, "证件类型/证件种类", en="Document type", default="01")


def psn_no(*, required: bool = False) -> Column:
    return Column(Text(), "人员编号/个人编号/参保号", en="Insured number", required=required)


def psn_name(*, required: bool = True) -> Column:
    return Column(PersonName(), "姓名/人员姓名/参保人姓名", en="Name", required=required)


def gend() -> Column:
    return Column(Sex(), "性别/性别代码", en="Sex")


def brdy() -> Column:
    return Column(BirthDate(), "出生日期/出生年月日/生日", en="Date of birth")


def psn_type() -> Column:
    kinds = Code({k: k for k in ("在职", "退休", "居民", "低保")}, open_list=True)
    return Column(kinds, "人员类别/参保人类别", en="Category of insured person")


def insutype(*, required: bool = False) -> Column:
    kinds = Code(INSURANCES, open_list=True)
    return Column(kinds, "险种类型/险种", en="Insurance", required=required)


def emp_uscc(*, required: bool = False) -> Column:
    headers = "单位统一社会信用代码/用人单位代码/单位编码"
    return Column(OrgCode(), headers, en="Employer's credit code", required=required)


def own_uscc() -> Column:
    """`emp_uscc` where the row speaks of the organisation itself."""
    headers = "统一社会信用代码/单位统一社会信用代码/用人单位代码/单位编码"
    return Column(OrgCode(), headers, en="Credit code", required=True)


def fixmedins_code(*, required: bool = False) -> Column:
    headers = "定点医药机构编号/定点机构代码/医疗机构编码"
    return Column(InstitutionCode(), headers, en="Institution", required=required)


def hosp_lv(*, required: bool = False) -> Column:
    return Column(Code(LEVELS), "医院等级/机构等级", en="Level", required=required)


def setl_id() -> Column:
    headers = "结算ID/结算流水号/结算编号"
    return Column(Text(), headers, en="Settlement number", required=True)


def mdtrt_id(*, required: bool = True) -> Column:
    headers = "就诊ID/就诊流水号/就医登记号"
    return Column(Text(), headers, en="Visit number", required=required)


def med_list_codg(*, required: bool = False) -> Column:
    headers = "医保目录编码/国家编码/医疗目录编码"
    return Column(Text(), headers, en="Catalogue code", required=required)


def list_type(*, required: bool = False) -> Column:
    return Column(
        Code(LIST_TYPES), "目录类别/费用类别", en="Part of the catalogue", required=required
    )


def unit() -> Column:
    return Column(Text(), "计价单位/单位", en="Unit of price")


def item_name() -> Column:
    return Column(Text(), "项目名称/药品名称/医保目录名称", en="Item")


def substance(*, required: bool = False) -> Column:
    headers = "通用名编码/药品通用名编码"
    return Column(Text(), headers, en="Substance", required=required)


def icd_category(*, required: bool = False) -> Column:
    return Column(Text(), "诊断类目", en="Category of diagnosis", required=required)


def cnt(*, required: bool = False) -> Column:
    return Column(Decimal(), "数量/用量", en="Quantity", required=required)


def udi() -> Column:
    return Column(Text(), "唯一标识/UDI/序列号", en="Unique device identifier")


def device_no(*, required: bool = False) -> Column:
    return Column(Text(), "设备编号", en="Device", required=required)


def modality() -> Column:
    return Column(Code(MODALITIES, open_list=True), "设备类型", en="Kind of device")


def region() -> Column:
    return Column(Text(), "检查部位", en="Region examined")


def side() -> Column:
    return Column(Code(SIDES), "手术侧别/左右侧", en="Side")


def invo_no() -> Column:
    return Column(Text(), "发票号/票据号/电子票据号码", en="Invoice number")


def doc_no() -> Column:
    return Column(Text(), "文号", en="Document number of the paper")


def prog_id() -> Column:
    return Column(Text(), "项目编号", en="Programme number", required=True)


def staff_codg() -> Column:
    headers = "医护人员编码/医保医师代码/人员国家编码"
    return Column(Text(), headers, en="Member of staff", required=True)


def oper_dr_codg() -> Column:
    return Column(Text(), "术者编码/主刀医师", en="Surgeon")


def dept_codg(*, required: bool = False) -> Column:
    return Column(Text(), "科室编码/科室代码/科别", en="Ward or department", required=required)


def diag_code(*, required: bool = False) -> Column:
    headers = "诊断代码/疾病编码/诊断编码"
    return Column(Diagnosis(), headers, en="Diagnosis code", required=required)


def emer_flag() -> Column:
    return Column(Flag(), "急诊标志/是否急诊", en="Emergency")


def referrer() -> Column:
    return Column(Text(), "介绍人/推荐人/陪同人", en="Brought in by")


def tel() -> Column:
    return Column(Mobile(), "联系电话/手机号/电话", en="Telephone")


def div() -> Column:
    return Column(Division(), "行政区划/区划代码/所属区县", en="Division")


def hukou_div() -> Column:
    return Column(Division(), "户籍区划/户籍地", en="Division of household registration")


def start_date(
    headers: str = "开始日期/起始日期/生效日期", *, en: str = "First day", required: bool = True
) -> Column:
    return Column(Date(), headers, en=en, required=required)


def end_date(
    headers: str = "结束日期/终止日期/失效日期", *, en: str = "Last day", required: bool = False
) -> Column:
    return Column(PlannedDate(), headers, en=en, required=required)


def month() -> Column:
    headers = "月份/所属月份/缴费年月/费款所属期/税款所属期/所得月份"
    return Column(Month(), headers, en="Month", required=True)
