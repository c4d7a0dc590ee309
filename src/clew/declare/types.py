"""Semantic types: what a column means decides how it is checked, stored and shown.

A type names its storage in the lake (an Ibis type), its sensitivity (S0 public … S3 health,
finance, criminal) and the kernel's validator that judges one delivered text. The engine compiles
a fast path for the forms that need no judgement; both paths must agree.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from clew.kernel import addresses, codes, dates, identifiers, money, names, prose
from clew.kernel.checked import Checked

S0, S1, S2, S3 = "S0", "S1", "S2", "S3"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a validator may know of the delivery a text came in.

    `received` bounds dates and two-digit years; `scheme` is the document scheme of its person IDs.
    """

    received: date
    scheme: str | None = None


@dataclass(frozen=True)
class SemanticType(ABC):
    """Base of all types. `check` returns the normal form as text, ready to be cast to `lake`."""

    lake: ClassVar[str] = "string"
    sensitivity: ClassVar[str] = S1

    @property
    def name(self) -> str:
        return type(self).__name__

    @abstractmethod
    def check(self, text: str, delivery: Delivery) -> Checked:
        """Judges one delivered text, stripped of nothing yet."""


@dataclass(frozen=True)
class Text(SemanticType):
    """Free or coded text: trimmed, otherwise as delivered."""

    def check(self, text: str, delivery: Delivery) -> Checked:
        stripped = text.strip()
        return Checked(bool(stripped), stripped or None, "" if stripped else "EMPTY")


@dataclass(frozen=True)
class PersonId(SemanticType):
    """A person's document number; in the lake the 63-bit person key.

    `person_name`, `document` and `number` name the columns beside it that hold the person's name,
    the document type and the number issued by the owner department.
    """

    lake: ClassVar[str] = "int64"
    sensitivity: ClassVar[str] = S2
    person_name: str | None = None
    document: str | None = None
    number: str | None = None

    def check(self, text: str, delivery: Delivery) -> Checked:
        return identifiers.person_id(text, delivery.scheme, as_of=delivery.received)


@dataclass(frozen=True)
class PersonName(SemanticType):
    """A name as delivered, trimmed; the lake keeps its comparison form in `<column>_key`."""

    sensitivity: ClassVar[str] = S2

    def check(self, text: str, delivery: Delivery) -> Checked:
        return names.clean_name(text)


@dataclass(frozen=True)
class OrgName(Text):
    """An organisation's registered name."""


@dataclass(frozen=True)
class OrgCode(SemanticType):
    """Unified social credit code, GB 32100."""

    def check(self, text: str, delivery: Delivery) -> Checked:
        return identifiers.uscc(text)


@dataclass(frozen=True)
class InstitutionCode(SemanticType):
    """Code of a designated institution. Another shape is kept: the register decides."""

    def check(self, text: str, delivery: Delivery) -> Checked:
        checked = identifiers.institution_code(text)
        return checked if checked.ok else Text().check(text, delivery)


@dataclass(frozen=True)
class Mobile(SemanticType):
    sensitivity: ClassVar[str] = S2

    def check(self, text: str, delivery: Delivery) -> Checked:
        checked = identifiers.mobile(text)
        return checked if checked.ok else Text().check(text, delivery)


@dataclass(frozen=True)
class Prose(Text):
    """Running text, often read by machine from paper: sure errors of reading are mended (D17)."""

    sensitivity: ClassVar[str] = S2

    def check(self, text: str, delivery: Delivery) -> Checked:
        return prose.read_prose(text)


@dataclass(frozen=True)
class Address(Text):
    """An address as delivered, trimmed; the lake keeps its division in `<column>_div` (D16).

    The normal form of `check` names all levels; it is shown beside the text, never instead of it.
    """

    sensitivity: ClassVar[str] = S2

    def read(self, text: str, delivery: Delivery) -> addresses.Address:
        return addresses.parse_address(text, as_of=delivery.received)

    def check(self, text: str, delivery: Delivery) -> Checked:
        read, trimmed = self.read(text, delivery), text.strip()
        lost = read.reason in addresses.NOTHING
        normal = None if lost else read.normal or trimmed
        return Checked(not lost, normal, read.reason, read.repaired)


@dataclass(frozen=True)
class Account(Text):
    """A bank or payment account."""

    sensitivity: ClassVar[str] = S3


@dataclass(frozen=True)
class Division(SemanticType):
    """Administrative division, GB/T 2260, or a longer statistical code."""

    def check(self, text: str, delivery: Delivery) -> Checked:
        checked = identifiers.division(text)
        return checked if checked.ok else Text().check(text, delivery)


@dataclass(frozen=True)
class CaseNumber(SemanticType):
    def check(self, text: str, delivery: Delivery) -> Checked:
        checked = identifiers.court_case_number(text)
        return checked if checked.ok else Text().check(text, delivery)


@dataclass(frozen=True)
class Diagnosis(SemanticType):
    """National insurance edition of ICD-10; an unknown code is a warning, never a refusal."""

    sensitivity: ClassVar[str] = S3

    def check(self, text: str, delivery: Delivery) -> Checked:
        return codes.diagnosis(text)


@dataclass(frozen=True)
class DiagnosisName(Text):
    sensitivity: ClassVar[str] = S3


@dataclass(frozen=True)
class Operation(SemanticType):
    """National insurance edition of ICD-9-CM-3."""

    sensitivity: ClassVar[str] = S3

    def check(self, text: str, delivery: Delivery) -> Checked:
        return codes.operation(text)


@dataclass(frozen=True)
class Money(SemanticType):
    """Delivered in yuan, kept in fen."""

    lake: ClassVar[str] = "int64"
    sensitivity: ClassVar[str] = S3

    def check(self, text: str, delivery: Delivery) -> Checked:
        return money.parse_fen(text)


@dataclass(frozen=True)
class Decimal(SemanticType):
    """A quantity or unit price with four places."""

    lake: ClassVar[str] = "decimal(18, 4)"

    def check(self, text: str, delivery: Delivery) -> Checked:
        return money.parse_decimal(text)


@dataclass(frozen=True)
class Integer(SemanticType):
    lake: ClassVar[str] = "int64"

    def check(self, text: str, delivery: Delivery) -> Checked:
        checked = money.parse_decimal(text, 0)
        return checked


@dataclass(frozen=True)
class Flag(SemanticType):
    lake: ClassVar[str] = "boolean"

    def check(self, text: str, delivery: Delivery) -> Checked:
        return codes.flag(text)


@dataclass(frozen=True)
class Sex(SemanticType):
    """GB/T 2261.1: 0 unknown, 1 male, 2 female, 9 not stated."""

    sensitivity: ClassVar[str] = S2

    def check(self, text: str, delivery: Delivery) -> Checked:
        return codes.sex_code(text)


@dataclass(frozen=True)
class Code(SemanticType):
    """A value of a printed list, delivered as the value or as its Chinese meaning.

    An `open_list` is loaded as data: values outside it are kept and reported as unknown.
    """

    meanings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    open_list: bool = False

    def check(self, text: str, delivery: Delivery) -> Checked:
        value = text.strip()
        if value in self.meanings:
            return Checked(True, value)
        for code, meaning in self.meanings.items():
            if value in meaning.split("/"):
                return Checked(True, code)
        if value and (self.open_list or not self.meanings):
            return Checked(True, value, "UNKNOWN_CODE" if self.meanings else "")
        return Checked(False, None, "UNKNOWN_CODE" if value else "EMPTY")


@dataclass(frozen=True)
class Moment(SemanticType):
    """A point in time, kept with its precision. `moment` reads it; `check` gives its ISO text."""

    birth: ClassVar[bool] = False

    def moment(self, text: str, delivery: Delivery) -> dates.Moment:
        return dates.parse_moment(text, not_after=delivery.received, birth=self.birth)

    def check(self, text: str, delivery: Delivery) -> Checked:
        read = self.moment(text, delivery)
        normal = read.value.isoformat(sep=" ") if read.value else None
        return Checked(read.ok, normal, read.reason, read.repaired)


@dataclass(frozen=True)
class Timestamp(Moment):
    """Wall time of Asia/Shanghai."""

    lake: ClassVar[str] = "timestamp"


@dataclass(frozen=True)
class Date(Moment):
    lake: ClassVar[str] = "date"


@dataclass(frozen=True)
class BirthDate(Date):
    sensitivity: ClassVar[str] = S2
    birth: ClassVar[bool] = True


@dataclass(frozen=True)
class PlannedDate(Date):
    """A day that may lie ahead of the delivery: the last one of a validity."""

    def moment(self, text: str, delivery: Delivery) -> dates.Moment:
        read = super().moment(text, delivery)
        return replace(read, reason="") if read.reason == dates.FUTURE else read


@dataclass(frozen=True)
class Month(Moment):
    """A calendar month, kept as its first day."""

    lake: ClassVar[str] = "date"

    def moment(self, text: str, delivery: Delivery) -> dates.Moment:
        return dates.parse_month(text, not_after=delivery.received)


PRECISIONS: Mapping[str, int] = MappingProxyType(
    {"year": 1, "month": 2, "day": 3, "minute": 4, "second": 5}
)
