"""A supervision model, declared: what it reads, what it asks, what excuses, what one clue is.

The function behind a detector returns one row per flagged source row:

    subject        int64 person key, or text (organisation code); "" for a set
    <fact key>     the columns named in `fact_key`, which with the subject make one fact
    row_id         the flagged source row; `with_<role>` (int64 or array of int64) are the rows
                   that make the condition true beside it
    fund, account  int64 fen at stake on this row, net of reversals
    if_<CODE>      one nullable boolean a declared condition, true where it holds
    not_<CODE>     one nullable boolean a declared exclusion, true where it excuses

Null in `if_` or `not_` means: could not be tested on this row. Further columns are facts that the
clue shows. The engine does the rest: filters, decides outcomes, groups rows into facts, grades.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from clew.declare.text import T
from clew.kernel.errors import DeclarationError, InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from clew.declare.relations import Relations

CLUE, EXCLUDED = "clue", "excluded"
REVIEW_LIST, DATA_CORRECTION = "review_list", "data_correction"
HIGH, MEDIUM, LOW = "H", "M", "L"

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Param:
    """A policy number with its unit. Another value is another version of the detector."""

    name: str
    default: Number | str
    unit: str
    title: T
    low: Number | None = None
    high: Number | None = None

    def read(self, text: str) -> Number | str:
        """Parses a value given by a person.

        Raises:
            InputError: not a number, or outside the bounds.
        """
        if isinstance(self.default, str):
            return text
        try:
            value: Number = int(text) if isinstance(self.default, int) else Decimal(text)
        except (ValueError, ArithmeticError):
            raise InputError(
                f"参数 {self.name} 的值 {text!r} 不是数字 ({self.name} needs a number)",
                next_step=f"--set …{self.name}={self.default}",
            ) from None
        if (self.low is not None and value < self.low) or (
            self.high is not None and value > self.high
        ):
            raise InputError(
                f"参数 {self.name}={text} 超出范围 {self.low}…{self.high} (out of range)",
                next_step=f"--set …{self.name}={self.default}",
            )
        return value


class Params(Mapping[str, Any]):
    """The values a run uses, by attribute: `p.grace_days`."""

    def __init__(self, values: Mapping[str, Number | str]) -> None:
        self._values = dict(values)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold. `sources` as in Exclusion."""

    code: str
    title: T
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One thing that excuses a row. The first one met in declared order decides.

    `sources` are datasets ("mi_binding") or columns ("mi_inpatient.dscg_way"): with none of them
    held, the exclusion is untested. No sources: it can always be tested.
    """

    code: str
    title: T
    outcome: str = EXCLUDED
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these inputs must be held."""

    datasets: tuple[str, ...]


def any_of(*datasets: str) -> AnyOf:
    return AnyOf(datasets)


@dataclass(frozen=True, slots=True)
class Row:
    """One flagged row of a fact, as the grading sees it."""

    values: Mapping[str, Any]
    outcome: str

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True, slots=True)
class Fact:
    """What one clue will stand on: `rows` are those that no exclusion took out."""

    subject: int | str
    key: tuple[Any, ...]
    rows: tuple[Row, ...]
    fund: int
    account: int


Grade = Callable[[Sequence[Fact], Params], Sequence[str]]


class Find(Protocol):
    def __call__(self, r: Relations, p: Params, /) -> ir.Table: ...


@dataclass(frozen=True)
class Detector:
    """A declared model. `grade` gives each clue's severity in the order of the facts."""

    id: str
    title: T
    version: int
    per: str
    subject: str
    fact_key: tuple[str, ...]
    base: T
    required: tuple[str | AnyOf, ...]
    optional: tuple[str, ...]
    params: tuple[Param, ...]
    conditions: tuple[Condition, ...]
    exclusions: tuple[Exclusion, ...]
    basis: tuple[str, ...]
    owner: str
    next_review: date
    grade: Grade
    find: Find
    doc: str
    module: str
    focus: tuple[str, ...] = ()

    def values(self, overrides: Mapping[str, str] = MappingProxyType({})) -> Params:
        """Defaults with a person's overrides.

        Raises:
            InputError: an unknown parameter or an unreadable value.
        """
        known = {param.name: param for param in self.params}
        unknown = sorted(set(overrides) - set(known))
        if unknown:
            raise InputError(
                f"{self.id} 没有参数 {', '.join(unknown)} (no such parameter)",
                next_step=f"{self.id} 的参数: {', '.join(known) or '无'}",
            )
        return Params(
            {n: p.read(overrides[n]) if n in overrides else p.default for n, p in known.items()}
        )

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every dataset that may be read, required ones first."""
        names: list[str] = []
        for item in self.required:
            names.extend(item.datasets if isinstance(item, AnyOf) else (item,))
        return (*names, *self.optional)


@dataclass(frozen=True, kw_only=True)
class detector:
    """Turns the function below it into a Detector; its module's text is the manual page."""

    id: str
    title: T
    version: int
    per: str
    subject: str
    fact_key: tuple[str, ...]
    base: T
    required: tuple[str | AnyOf, ...]
    optional: tuple[str, ...] = ()
    params: tuple[Param, ...] = ()
    conditions: tuple[Condition, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    basis: tuple[str, ...] = ()
    owner: str
    next_review: date
    grade: Grade
    focus: tuple[str, ...] = field(default=())

    def __call__(self, find: Find) -> Detector:
        module = getattr(find, "__module__", "")
        doc = (__import__("sys").modules[module].__doc__ or "").strip()
        if not doc:
            raise DeclarationError(f"{self.id} is unexplained: its module has no text")
        if self.per not in ("person", "institution", "set", "all"):
            raise DeclarationError(f"{self.id}: per={self.per!r} is no locality")
        if self.subject not in ("person", "organisation", "set"):
            raise DeclarationError(f"{self.id}: subject={self.subject!r} is no kind of subject")
        return Detector(**{**vars(self)}, find=find, doc=doc, module=module)


def severity_always(level: str) -> Grade:
    """Every clue has the same severity."""

    def grade(facts: Sequence[Fact], p: Params) -> Sequence[str]:
        return [level] * len(facts)

    return grade
