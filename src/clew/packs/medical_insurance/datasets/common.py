"""Columns that mean the same in every dataset of the pack, each title written once.

Every call makes a new column, because a column learns its name from the class it stands in.
"""

from __future__ import annotations

from clew.declare import Column
from clew.declare.types import (
    BirthDate,
    Code,
    Date,
    Diagnosis,
    Division,
    Flag,
    InstitutionCode,
    Mobile,
    OrgCode,
    PersonId,
    PersonName,
    Sex,
    Text,
)

LIST_TYPES = {
    "drug": "药品/西药/中成药/中药饮片",
    "consumable": "耗材/医用耗材",
    "item": "诊疗项目/服务项目",
}


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


def emp_uscc(*, required: bool = False) -> Column:
    headers = "单位统一社会信用代码/用人单位代码/单位编码"
    return Column(OrgCode(), headers, en="Employer's credit code", required=required)


def fixmedins_code(*, required: bool = False) -> Column:
    headers = "定点医药机构编号/定点机构代码/医疗机构编码"
    return Column(InstitutionCode(), headers, en="Institution", required=required)


def setl_id() -> Column:
    headers = "结算ID/结算流水号/结算编号"
    return Column(Text(), headers, en="Settlement number", required=True)


def mdtrt_id() -> Column:
    headers = "就诊ID/就诊流水号/就医登记号"
    return Column(Text(), headers, en="Visit number", required=True)


def med_list_codg(*, required: bool = False) -> Column:
    headers = "医保目录编码/国家编码/医疗目录编码"
    return Column(Text(), headers, en="Catalogue code", required=required)


def list_type(*, required: bool = False) -> Column:
    return Column(
        Code(LIST_TYPES), "目录类别/费用类别", en="Part of the catalogue", required=required
    )


def unit() -> Column:
    return Column(Text(), "计价单位/单位", en="Unit of price")


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


def end_date(headers: str = "结束日期/终止日期/失效日期", *, en: str = "Last day") -> Column:
    return Column(Date(), headers, en=en)
