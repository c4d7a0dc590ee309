"""Which cells of an evidence row carry what the clue states, recognised by their values.

A detector names no cells, and need not: what a clue states is its subject, its fact key, the money
at stake and the further values that its row shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from clew.declare import Dataset
from clew.declare.types import Date, InstitutionCode, Money, OrgCode, PersonId, Text, Timestamp
from clew.detection.models import Evidence, Hit


@dataclass(frozen=True, slots=True)
class Asserted:
    """What one clue states of one row. `parts` are subject and fact key as text."""

    parts: frozenset[str]
    money: frozenset[int]
    values: dict[str, str]
    flagged: bool

    @classmethod
    def by(cls, hit: Hit, row: Evidence) -> Self:
        money = {row.values.get("fund"), row.values.get("account")}
        return cls(
            frozenset({hit.clue.subject_key, *hit.clue.fact_key} - {""}),
            frozenset(abs(int(m)) for m in money if m),
            {n: str(v) for n, v in row.values.items() if v not in (None, "", False, 0)},
            row.role == "flagged",
        )


def marked(contract: type[Dataset], name: str, value: Any, stated: Iterable[Asserted]) -> bool:
    """Whether a lake value of this column is among what one of the clues states."""
    if value is None or value == "":
        return False
    return any(_carries(contract, name, value, s) for s in stated)


def _carries(contract: type[Dataset], name: str, value: Any, stated: Asserted) -> bool:
    type_ = contract.columns[name].type
    if isinstance(type_, Money):
        return stated.flagged and abs(int(value)) in stated.money
    if isinstance(type_, Date | Timestamp):
        if stated.flagged and name == contract.main_date:
            return True
        return _day(value) in {part[:10] for part in stated.parts}
    if isinstance(type_, PersonId | InstitutionCode | OrgCode):
        return str(value) in stated.parts
    if isinstance(type_, Text) and name in contract.key and stated.flagged:
        return True
    return stated.values.get(name) == str(value)


def _day(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
