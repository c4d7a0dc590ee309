"""What a column of an unknown file seems to hold: by its header, else by its values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from clew.datasets.ingest.recognise import Match, plain_header
from clew.declare import T, registry, types
from clew.kernel import identifiers
from clew.kernel.checked import Checked
from clew.kernel.text import nothing

ENOUGH = 0.85
"""Share of distinct values that must fit a type before it is guessed from them."""
BY_HEADER, BY_VALUES = "header", "values"

TITLES: dict[str, T] = {
    "PersonId": T("证件号码", "document number"),
    "PersonName": T("姓名", "person's name"),
    "OrgName": T("单位名称", "organisation"),
    "OrgCode": T("统一社会信用代码", "credit code"),
    "InstitutionCode": T("医药机构代码", "institution code"),
    "Mobile": T("手机号码", "mobile number"),
    "Address": T("地址", "address"),
    "Prose": T("叙述", "running text"),
    "Account": T("账号", "account"),
    "Division": T("行政区划", "division"),
    "CaseNumber": T("案号", "case number"),
    "Diagnosis": T("诊断编码", "diagnosis code"),
    "DiagnosisName": T("诊断名称", "diagnosis"),
    "Operation": T("手术编码", "operation code"),
    "Money": T("金额", "amount"),
    "Decimal": T("数值", "number"),
    "Integer": T("整数", "whole number"),
    "Flag": T("是否", "yes or no"),
    "Sex": T("性别", "sex"),
    "Code": T("代码", "code"),
    "Month": T("月份", "month"),
    "Timestamp": T("时间", "time"),
    "Date": T("日期", "date"),
    "BirthDate": T("出生日期", "birth date"),
    "PlannedDate": T("日期, 可在将来", "date that may lie ahead"),
    "Text": T("文本", "text"),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """`type` is None where nothing is known but that it is text."""

    type: types.SemanticType | None
    by: str = ""

    @property
    def title(self) -> T:
        return TITLES[self.type.name if self.type else "Text"]


def guess(header: str, values: Sequence[str], likely: Match | None, today: date) -> Guess:
    """`values` are some distinct texts of the column; `likely` the dataset the file seems to be."""
    if likely is not None:
        for column, title in likely.columns.items():
            if title == header:
                return Guess(likely.dataset.columns[column].type, BY_HEADER)
    known = _titles().get(plain_header(header)[0])
    if known is not None:
        return Guess(known, BY_HEADER)
    delivery = types.Delivery(today)
    filled = [v for v in values if v.strip() and nothing(v.strip()) is None]
    for type_, fits in _BY_VALUES:
        if filled and sum(fits(v, delivery) for v in filled) >= ENOUGH * len(filled):
            return Guess(type_, BY_VALUES)
    return Guess(None)


@cache
def _titles() -> dict[str, types.SemanticType]:
    """Headers that mean one type in every dataset that knows them."""
    found: dict[str, types.SemanticType] = {}
    several: set[str] = set()
    for dataset in registry.datasets().values():
        for column in dataset.columns.values():
            for title in (column.name, *column.headers):
                plain = plain_header(title)[0]
                if type(found.setdefault(plain, column.type)) is not type(column.type):
                    several.add(plain)
    return {plain: type_ for plain, type_ in found.items() if plain not in several}


Fits = Callable[[str, types.Delivery], bool]
_FULL_NUMBER = re.compile(r"\d{10,}|\d(\.\d+)?E\+\d+", re.IGNORECASE)
_WHOLE = re.compile(r"[-+]?\d{1,9}|[-+]?\d{1,3}(,\d{3}){1,2}")
_DATE_SIGNS = re.compile(r"[-/.年: ]|\d{8}")


def _is(check: Callable[[str], Checked]) -> Fits:
    return lambda text, delivery: check(text).ok


def _person(text: str, delivery: types.Delivery) -> bool:
    checked = identifiers.person_id(text, identifiers.RESIDENT, as_of=delivery.received)
    return checked.ok or checked.reason == "D01_PRECISION_LOST"


def _moment(text: str, delivery: types.Delivery) -> bool:
    return bool(_DATE_SIGNS.search(text)) and types.Timestamp().check(text, delivery).ok


def _day(text: str, delivery: types.Delivery) -> bool:
    return _moment(text, delivery) and ":" not in text


def _whole(text: str, delivery: types.Delivery) -> bool:
    return bool(_WHOLE.fullmatch(text.strip()))


def _number(type_: types.SemanticType) -> Fits:
    """Long numbers are names of things, not amounts."""
    return lambda text, delivery: (
        not _FULL_NUMBER.fullmatch(text.strip()) and type_.check(text, delivery).ok
    )


# From the strictest to the widest: the first that fits is taken.
_BY_VALUES: tuple[tuple[types.SemanticType, Fits], ...] = (
    (types.PersonId(), _person),
    (types.OrgCode(), _is(identifiers.uscc)),
    (types.InstitutionCode(), _is(identifiers.institution_code)),
    (types.CaseNumber(), _is(identifiers.court_case_number)),
    (types.Mobile(), _is(identifiers.mobile)),
    (types.Date(), _day),
    (types.Timestamp(), _moment),
    (types.Integer(), _whole),
    (types.Decimal(), _number(types.Decimal())),
    (types.Money(), _number(types.Money())),
)
