"""What a contract tells people outside: its version, and how each kind of cell is filled in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from clew.declare import Dataset, T, types


@dataclass(frozen=True, slots=True)
class Form:
    """How a cell is filled in, with an example that ingestion accepts. Invented, no real person."""

    how: T
    example: str


_FORMS: tuple[tuple[type[types.SemanticType], Form], ...] = (
    (types.PersonId, Form(T("18 位证件号码, 文本格式", "18-character document number, as text"),
                          "330324196803128050")),
    (types.PersonName, Form(T("姓名全称, 不加称谓", "full name, no honorific"), "张三")),
    (types.OrgName, Form(T("登记的单位全称", "full registered name"), "某某市第一医院")),
    (types.OrgCode, Form(T("18 位统一社会信用代码", "18-character social credit code"),
                         "91350100M000100Y43")),
    (types.InstitutionCode, Form(T("H 或 P 加 11 位数字", "H or P and 11 digits"),
                                 "H33030200001")),
    (types.Mobile, Form(T("11 位手机号码", "11-digit mobile number"), "13800000000")),
    (types.Address, Form(T("写到村或门牌", "down to village or house number"),
                         "鹿城区某街道某路1号")),
    (types.Prose, Form(T("文字叙述", "running text"), "某某反映的情况")),
    (types.Account, Form(T("银行或支付账号, 文本格式", "bank or payment account, as text"),
                         "6200000000000000")),
    (types.Division, Form(T("6 位行政区划代码", "6-digit division code"), "330302")),
    (types.CaseNumber, Form(T("法院案号", "court case number"), "(2023)浙0324刑初123号")),
    (types.Diagnosis, Form(T("医保版 ICD-10 编码", "ICD-10, insurance edition"), "I63.900")),
    (types.DiagnosisName, Form(T("诊断名称", "name of the diagnosis"), "脑梗死")),
    (types.Operation, Form(T("医保版 ICD-9-CM-3 编码", "ICD-9-CM-3, insurance edition"),
                           "01.2400")),
    (types.Money, Form(T("元, 两位小数, 不写万元", "yuan with two decimals, never 万元"),
                       "1234.50")),
    (types.Decimal, Form(T("数字, 最多四位小数", "a number, at most four decimals"), "1.5")),
    (types.Integer, Form(T("整数", "a whole number"), "3")),
    (types.Flag, Form(T("是 / 否", "是 yes, 否 no"), "是")),
    (types.Sex, Form(T("男 / 女", "男 male, 女 female"), "女")),
    (types.Month, Form(T("年-月, 文本格式", "year-month, as text"), "2023-02")),
    (types.BirthDate, Form(T("年-月-日, 文本格式", "yyyy-mm-dd, as text"), "1968-03-12")),
    (types.Timestamp, Form(T("年-月-日 时:分:秒, 文本格式", "yyyy-mm-dd hh:mm:ss, as text"),
                           "2023-02-09 08:30:00")),
    (types.Date, Form(T("年-月-日, 文本格式", "yyyy-mm-dd, as text"), "2023-02-09")),
    (types.Text, Form(T("文本", "text"), "A0001")),
)  # fmt: skip


def form(type_: types.SemanticType) -> Form:
    """How to fill in a cell of this type; a listed code takes its first word as the example."""
    if isinstance(type_, types.Code):
        first = next(iter(type_.meanings.values()), "").split("/")[0]
        return Form(T("从代码表选择", "choose from the list of codes"), first)
    for kind, found in _FORMS:
        if isinstance(type_, kind):
            return found
    raise TypeError(f"no form for {type_.name}")


def version(contract: type[Dataset]) -> str:
    """Changes when the columns, their types, titles or marks change, and only then."""
    parts = [contract.name, *contract.key]
    for column in contract.columns.values():
        parts += [column.name, repr(column.type), *column.headers, str(column.required)]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"1.0.0+{digest[:8]}"
