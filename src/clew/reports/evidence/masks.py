"""Whom an evidence package shows: persons masked, what happened to them in full.

Amounts, times, codes and diagnoses are the evidence and stay. Masked are document numbers, the
numbers by which an owner knows a person, names, mobiles, addresses, accounts, and birth dates to
the year, since the number's mask hides the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from clew.datasets.lake.engine import connect
from clew.datasets.lake.identities import lookup
from clew.datasets.masking import mask
from clew.datasets.models import LakeFile
from clew.datasets.queries import paths
from clew.declare import Column, Dataset, registry
from clew.declare.types import Account, Address, BirthDate, Mobile, PersonId, PersonName
from clew.kernel import clock
from clew.kernel.identifiers import citizen_id, mask_id
from clew.kernel.workspace import Workspace

_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(1[3-9][0-9])[0-9]{4}([0-9]{4})(?![0-9A-Za-z])")
ADDRESS_SHOWN = 6
"""Characters of an address that stay: the county, seldom more."""


class Persons:
    """Numbers of the persons in a package, from the guarded dictionary."""

    def __init__(self, keys: Iterable[int], *, clear: bool) -> None:
        workspace = Workspace.current()
        files = paths(workspace, None, LakeFile.IDENTITIES)
        with connect(workspace) as con:
            self._numbers = lookup(con, sorted(set(keys)), files)
        self.clear = clear

    def number(self, key: int) -> str:
        """Unmasked, to be passed through `shown`; an erased person stays a key's last digits."""
        return self._numbers.get(key) or f"主体 {key % 10**6:06d}"


def shown(contract: type[Dataset], column: Column, text: str, persons: Persons) -> str:
    """A text of this column as the package shows it."""
    if persons.clear or not text:
        return text
    type_ = column.type
    if isinstance(type_, PersonId):
        return text if text.startswith("主体 ") else mask_id(text)
    if _numbers_a_person(contract, column) or isinstance(type_, Account):
        return mask_id(text)
    if isinstance(type_, PersonName):
        return text[:1] + "*" * (len(text) - 1)
    if isinstance(type_, Mobile):
        return mask(text, type_)
    if isinstance(type_, Address):
        return text[:ADDRESS_SHOWN] + "***"
    if isinstance(type_, BirthDate):
        return f"{text[:4]}-**-**"
    # Free text may hold a number that somebody typed there.
    # A number of a visit or bill is evidence, whatever it looks like.
    return text if _numbers_a_row(column) else hide_persons(text)


def hide_persons(text: str) -> str:
    """A text in which citizens' numbers and mobiles are masked, mistyped numbers too where they
    tell a birth in the last century. A visit's number of as many digits stays: it is evidence.
    """
    return _MOBILE.sub(r"\1****\2", _NUMBER.sub(_masked, text))


def _masked(found: re.Match[str]) -> str:
    number = found.group()
    born = len(number) == 18 and number[6:8] == "19" and "01" <= number[10:12] <= "12"
    return mask_id(number) if born or citizen_id(number, as_of=clock.today()).ok else number


def _numbers_a_row(column: Column) -> bool:
    """Whether this is some dataset's business key, here or where the row points."""
    return any(column.name in contract.key for contract in registry.datasets().values())


def _numbers_a_person(contract: type[Dataset], column: Column) -> bool:
    """Whether an owner's own number of a person stands here, as `PersonId.number` declares."""
    types = (c.type for c in contract.columns.values())
    return any(isinstance(t, PersonId) and t.number == column.name for t in types)
