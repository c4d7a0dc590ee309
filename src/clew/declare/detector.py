"""A supervision model, declared: what it reads, what it asks, what excuses, what one clue is.

A detector asks one question, or several under letters: each question is a Rule. The function behind
a rule returns one row per flagged source row:

    subject        int64 person key, or text (organisation code); "" for a set
    <fact key>     the columns named in `fact_key`, which with the subject make one fact
    row_id         the flagged source row; `with_<role>` (int64 or array of int64) are the rows
                   that make the condition true beside it
    fund, account  int64 fen at stake on this row, net of reversals
    if_<CODE>      one nullable boolean a declared condition, true where it holds
    is_<CODE>      one nullable boolean a declared signal, true where it is seen
    not_<CODE>     one nullable boolean a declared exclusion, true where it excuses

Null in `if_`, `is_` or `not_` means: could not be tested on this row. Further columns are facts
that the clue shows. The engine does the rest: filters, decides outcomes, groups rows, grades.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
class Signal:
    """One of several alternatives. Where it cannot be tested the clue stands on the others: it is
    listed as untested and lowers nothing. What it is worth is decided in the rule's conditions.
    """

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


def column_of(item: Condition | Signal | Exclusion) -> str:
    """The column in which a rule answers for one condition, signal or exclusion."""
    prefix = {Condition: "if", Signal: "is", Exclusion: "not"}[type(item)]
    return f"{prefix}_{item.code}"


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


Cells = dict[str, Any]
After = Callable[[list[Cells], Params], list[Cells]]
Holds = Callable[[Fact, Params], bool]


class Find(Protocol):
    def __call__(self, r: Relations, p: Params, /) -> ir.Table: ...


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One question of a detector: what it needs, what one fact is, what excuses.

    `code` is a letter, or empty where the detector asks one question only. `required` are datasets,
    columns ("mi_fee.udi"), or `any_of` several. `grade` gives each clue's severity in the order of
    the facts.

    `after` is a step that is not relational (rings, consecutive windows): it is given the rows that
    `find` returns, sorted, and returns rows as the module text describes them, so `find` may then
    return whatever `after` reads. `holds` tells whether the rows that no exclusion took out still
    meet the condition; where they do not, the exclusion that took most rows decides the fact.
    """

    code: str
    title: T
    per: str
    subject: str
    fact_key: tuple[str, ...]
    base: T
    required: tuple[str | AnyOf, ...]
    conditions: tuple[Condition, ...]
    signals: tuple[Signal, ...]
    exclusions: tuple[Exclusion, ...]
    grade: Grade
    after: After | None
    holds: Holds | None
    find: Find

    @property
    def asked(self) -> tuple[Condition | Signal | Exclusion, ...]:
        """All that the rule asks of a row, in declared order."""
        return (*self.conditions, *self.signals, *self.exclusions)


@dataclass(frozen=True, kw_only=True)
class rule:
    """Turns the function below it into a Rule."""

    code: str
    title: T
    per: str
    subject: str
    fact_key: tuple[str, ...]
    base: T
    required: tuple[str | AnyOf, ...]
    conditions: tuple[Condition, ...] = ()
    signals: tuple[Signal, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    grade: Grade
    after: After | None = None
    holds: Holds | None = None

    def __call__(self, find: Find) -> Rule:
        if self.per not in ("person", "institution", "set", "all"):
            raise DeclarationError(f"rule {self.code!r}: per={self.per!r} is no locality")
        if self.subject not in ("person", "organisation", "set"):
            raise DeclarationError(f"rule {self.code!r}: {self.subject!r} is no kind of subject")
        return Rule(**vars(self), find=find)


@dataclass(frozen=True, kw_only=True)
class Detector:
    """A declared model. `doc` is the manual page: what it looks for, why, known gaps, how to verify
    by hand. `optional` are datasets and derived tables that any of the rules may read. A `scored`
    one says what stands out among its like: chance alone makes some of ordinary life stand out.
    """

    id: str
    title: T
    version: int
    doc: str
    rules: tuple[Rule, ...]
    optional: tuple[str, ...] = ()
    params: tuple[Param, ...] = ()
    basis: tuple[str, ...] = ()
    owner: str
    next_review: date
    focus: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    scored: bool = False

    def __post_init__(self) -> None:
        if not self.doc.strip():
            raise DeclarationError(f"{self.id} is unexplained: its module has no text")
        codes = [r.code for r in self.rules]
        if len(set(codes)) < len(codes) or (len(codes) > 1 and "" in codes) or not codes:
            raise DeclarationError(f"{self.id} has rules {codes}: each needs a letter of its own")

    @property
    def module(self) -> str:
        return str(getattr(self.rules[0].find, "__module__", ""))

    @property
    def exclusions(self) -> tuple[Exclusion, ...]:
        """Those of all rules, each code once."""
        return tuple({e.code: e for r in self.rules for e in r.exclusions}.values())

    @property
    def conditions(self) -> tuple[Condition | Signal, ...]:
        """Conditions and signals of all rules, each code once."""
        asked: dict[str, Condition | Signal] = {}
        for r in self.rules:
            asked |= {c.code: c for c in r.conditions}
            asked |= {s.code: s for s in r.signals}
        return tuple(asked.values())

    def rule(self, code: str) -> Rule:
        """Raises KeyError if no rule has the code."""
        return {r.code: r for r in self.rules}[code]

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
    def required(self) -> tuple[str | AnyOf, ...]:
        """What at least one of the rules requires."""
        return tuple(dict.fromkeys(item for r in self.rules for item in r.required))

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every dataset and derived table that may be read, required ones first."""
        names: list[str] = []
        for item in self.required:
            names.extend(item.datasets if isinstance(item, AnyOf) else (item,))
        return tuple(dict.fromkeys((*(n.split(".")[0] for n in names), *self.optional)))


@dataclass(frozen=True, kw_only=True)
class detector:
    """Turns the function below it into a Detector of one rule; its module's text is the manual
    page. A detector of several rules is written as `Detector(doc=__doc__, rules=(…), …)`.
    """

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
    signals: tuple[Signal, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    basis: tuple[str, ...] = ()
    owner: str
    next_review: date
    grade: Grade
    after: After | None = None
    holds: Holds | None = None
    focus: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    scored: bool = False

    def __call__(self, find: Find) -> Detector:
        single = rule(
            code="", title=self.title, per=self.per, subject=self.subject, fact_key=self.fact_key,
            base=self.base, required=self.required, conditions=self.conditions,
            signals=self.signals, exclusions=self.exclusions, grade=self.grade, after=self.after,
            holds=self.holds,
        )  # fmt: skip
        return Detector(
            id=self.id, title=self.title, version=self.version,
            doc=(sys.modules[find.__module__].__doc__ or "").strip(), rules=(single(find),),
            optional=self.optional, params=self.params, basis=self.basis, owner=self.owner,
            next_review=self.next_review, focus=self.focus, tags=self.tags, scored=self.scored,
        )  # fmt: skip


def severity_always(level: str) -> Grade:
    """Every clue has the same severity."""

    def grade(facts: Sequence[Fact], p: Params) -> Sequence[str]:
        return [level] * len(facts)

    return grade
