"""Dirt as departments deliver it: other forms of the same value, and a few lost ones.

Forms (D01, D04, D06, D08, D09) change no value. What destroys a value (D01 precision, D03) or adds
a row (D10, rows for quarantine) touches background rows only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from clew.declare import Dataset
from clew.declare.types import Date, Money, Month, PersonId, PersonName, Timestamp
from clew.packs.medical_insurance.sample.records import Cells, Row

FORMS_PER_MILLE = {PersonId: 15, PersonName: 8, Timestamp: 10, Date: 12, Month: 40, Money: 4}
LOST_PER_MILLE, TWICE_PER_MILLE = 3, 2
FEW = 50
"""Rows below which no row is lost or sent twice."""

LOSSY = ("mi_settlement", "death_health")
"""Datasets whose key holds no person: a lost number there can empty no key."""

PLACEHOLDERS = ("无", "不详", "111111111111111111", "999999999999999999", "")
TRADITIONAL = str.maketrans(
    "陈张刘杨黄吴郑叶苏谢邓国华丽静刚强云龙",
    "陳張劉楊黃吳鄭葉蘇謝鄧國華麗靜剛強雲龍",
)
VARIANT = str.maketrans({"峰": "峯", "升": "昇"})
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

Form = Callable[[Random, str], str]

_MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_CITIZEN = re.compile(r"\d{17}[\dX]")


@dataclass(frozen=True, slots=True)
class Soiled:
    """A file's rows as delivered, and what its import must count."""

    rows: list[Cells]
    quarantined: int
    duplicates: int


def soil(rng: Random, contract: type[Dataset], rows: list[Row]) -> Soiled:
    """Changes the cells of `rows` in place and adds the rows that an import must refuse."""
    for name, per_mille, form in forms(contract):
        for row in _some(rng, rows, per_mille):
            row.cells[name] = form(rng, row.cells.get(name, ""))
    background = [row for row in rows if not row.planted]
    if contract.name in LOSSY:
        for row in _some(rng, background, LOST_PER_MILLE):
            row.cells["certno"] = lost(rng, row.cells["certno"])
    bad = _unusable(rng, contract, background)
    twice = _some(rng, background, TWICE_PER_MILLE) if len(background) > FEW else []
    return Soiled(_mixed(rng, rows, twice, bad), len(bad), len(twice))


def forms(contract: type[Dataset]) -> Iterator[tuple[str, int, Form]]:
    """Columns whose values have other forms, how many in a thousand have, and how to write them."""
    for name, column in contract.columns.items():
        for kind, form in FORMS.items():
            if type(column.type) is kind or (kind is Date and isinstance(column.type, Date)):
                yield name, FORMS_PER_MILLE[kind], form


def _some(rng: Random, rows: list[Row], per_mille: int) -> list[Row]:
    """A sample, at least one of a list that is not short."""
    count = max(len(rows) * per_mille // 1000, 1 if len(rows) > 20 else 0)
    return rng.sample(rows, count)


def _mixed(rng: Random, rows: list[Row], twice: list[Row], bad: list[Cells]) -> list[Cells]:
    again = {id(row) for row in twice}
    delivered: list[Cells] = []
    for row in rows:
        delivered.append(row.cells)
        if id(row) in again:
            delivered.append(dict(row.cells))
    for cells in bad:
        delivered.insert(rng.randrange(len(delivered) + 1), cells)
    return delivered


def _unusable(rng: Random, contract: type[Dataset], background: list[Row]) -> list[Cells]:
    if len(background) < FEW:
        return []
    return [ruined(contract, rng.choice(background).cells, n) for n in range(len(ruins(contract)))]


def ruins(contract: type[Dataset]) -> tuple[tuple[str, str], ...]:
    """Column and text by which a row loses its key, its possible time or its readable amount; none
    for datasets that are never ruined.
    """
    if contract.name not in ("mi_settlement", "mi_fee"):
        return ()
    time, key = contract.main_date or "", contract.key[0]
    money = next(n for n, c in contract.columns.items() if isinstance(c.type, Money) and c.required)
    impossible = "2023-02-30 10:00:00"
    return ((key, ""), (time, impossible), (money, "见附件"), (money, ""), (time, "无"))


def ruined(contract: type[Dataset], cells: Cells, n: int) -> Cells:
    """The row of a visit that nobody made, with the n-th ruin."""
    column, text = ruins(contract)[n]
    own = {part: f"{cells[part]}9{n}" for part in contract.key}
    return cells | own | {column: text}


def lost(rng: Random, number: str) -> str:
    digits = number.lower().rstrip("x")
    if rng.random() < 0.5 and digits.isascii() and len(digits) >= 17 and digits.isdigit():
        return f"{digits[0]}.{digits[1:6]}E+17"
    return rng.choice(PLACEHOLDERS)


def _number(rng: Random, text: str) -> str:
    if not _CITIZEN.fullmatch(text):
        return text
    forms = [
        text.translate(FULL_WIDTH),
        f"{text[:6]} {text[6:14]} {text[14:]}",
        f"'{text}",
        text.lower() if text.endswith("X") else f" {text} ",
    ]
    if text[6:8] == "19":
        forms.append(text[:6] + text[8:17])
    return rng.choice(forms)


def _name(rng: Random, text: str) -> str:
    if not text:
        return text
    return rng.choice(
        (
            text.translate(TRADITIONAL),
            text.translate(VARIANT),
            f"{text[0]} {text[1:]}",
            f"{text} ",
            text + rng.choice(("女士", "先生", "同志")),
        )
    )


def _moment(rng: Random, text: str) -> str:
    if not (match := _MOMENT.fullmatch(text)):
        return text
    y, mo, d, h, mi, s = match.groups()
    return rng.choice(
        (
            f"{y}/{int(mo)}/{int(d)} {int(h)}:{mi}:{s}",
            f"{y}.{int(mo)}.{int(d)} {h}:{mi}:{s}",
            f"{y}{mo}{d}{h}{mi}{s}",
            f"{y}年{int(mo)}月{int(d)}日 {int(h)}时{mi}分",
            f"{y}-{mo}-{d}T{h}:{mi}:{s}",
        )
    )


def _day(rng: Random, text: str) -> str:
    if not (match := _DAY.fullmatch(text)):
        return text
    y, m, d = match.groups()
    return rng.choice(
        (
            f"{y}/{int(m)}/{int(d)}",
            f"{y}.{int(m)}.{int(d)}",
            f"{y}{m}{d}",
            f"{y}年{int(m)}月{int(d)}日",
        )
    )


def _month(rng: Random, text: str) -> str:
    if not (match := _MONTH.fullmatch(text)):
        return text
    y, m = match.groups()
    return rng.choice((f"{y}{m}", f"{y}年{int(m)}月", f"{y}/{m}"))


def _money(rng: Random, text: str) -> str:
    if "." not in text or text.startswith("-"):
        return text
    yuan, fen = text.split(".")
    return rng.choice((f"{int(yuan):,}.{fen}", f"￥{text}", f"{text}元"))


FORMS: dict[type, Form] = {
    PersonId: _number,
    PersonName: _name,
    Timestamp: _moment,
    Date: _day,
    Month: _month,
    Money: _money,
}
