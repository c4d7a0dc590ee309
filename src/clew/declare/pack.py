"""A pack: the table of contents of one domain."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from clew.declare.dataset import Dataset
from clew.declare.detector import Detector
from clew.declare.indicator import Indicator
from clew.declare.lifecycle import Lifecycle
from clew.declare.relations import Derived
from clew.declare.text import T
from clew.kernel.errors import DeclarationError


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One entry of a pack's legal register. Unverified ones are never printed as settled law.

    `valid_from` and `valid_to` are the first and last day in force, None where not known.
    """

    id: str
    document: T
    article: str
    verified: bool
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """A department that owns datasets of a pack. `code` stands in commands and addresses."""

    code: str
    title: T


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted case: what should fire on which subject, or what should excuse it.

    `subject` is what the detector's subject is made of (a document number or organisation code),
    `fact` the fact key in text; `excluded_by` is empty for a scheme; `rule` is the letter of the
    detector's rule.
    """

    detector: str
    subject: str
    fact: tuple[str, ...]
    excluded_by: str = ""
    story: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A matter that a sample city had before its today: when it was opened, how far it came, and
    what was decided, in fen. `recovered` includes what was `returned` to the payer afterwards;
    `wrong` was booked by mistake and taken back.
    """

    opened: date
    stage: str
    due: int
    recovered: int
    returned: int
    written_off: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Sample:
    """What a generator wrote: deliveries in the order they arrive, and the truth beside them.
    `history` are the matters that the city had by then, made of clues that the detectors of
    `first_run` saw in the first delivery.
    """

    deliveries: tuple[Path, ...]
    truth: Path
    today: date
    scale: int
    history: tuple[Past, ...] = ()
    first_run: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Library:
    """A dataset of cases that were proved, on which detectors are tried.

    `tag` is the column that names the way of working, to be met by a detector's `tags`; `subjects`
    are the columns that name whom the case was about: persons and organisations.
    """

    dataset: str
    tag: str
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Pack:
    name: str
    title: T
    owners: tuple[Owner, ...]
    datasets: tuple[type[Dataset], ...]
    derived: tuple[Derived, ...]
    detectors: tuple[Detector, ...]
    indicators: tuple[Indicator, ...] = ()
    legal: Mapping[str, LegalBasis] = field(default_factory=lambda: MappingProxyType({}))
    mappings: Path | None = None
    sample: Callable[..., Sample] | None = None
    library: Library | None = None
    lifecycles: tuple[Lifecycle, ...] = ()
    focus: Mapping[str, T] = field(default_factory=lambda: MappingProxyType({}))
    """Titles of the focus areas that detectors name."""

    def __post_init__(self) -> None:
        if self.library:
            self._check_library(self.library)
        departments = {o.title.zh for o in self.owners}
        for dataset in self.datasets:
            strangers = sorted(set(dataset.owners) - departments)
            if strangers:
                raise DeclarationError(f"{dataset.name} is owned by {strangers}, unknown here")
        known = {d.name for d in self.datasets} | {d.name for d in self.derived}
        for detector in self.detectors:
            missing = sorted(set(detector.inputs) - known)
            if missing:
                raise DeclarationError(f"{detector.id} reads {missing}, which {self.name} lacks")
            untitled = sorted(set(detector.focus) - set(self.focus))
            if untitled:
                raise DeclarationError(f"{detector.id} has the focus {untitled}, without a title")
            unlisted = sorted(set(detector.basis) - set(self.legal))
            if unlisted:
                raise DeclarationError(f"{detector.id} rests on {unlisted}, not in legal.toml")
        for relation in self.derived:
            missing = sorted(set(relation.inputs) - known)
            if missing:
                raise DeclarationError(f"{relation.name} reads {missing}, unknown here")

    def _check_library(self, library: Library) -> None:
        contract = {d.name: d for d in self.datasets}.get(library.dataset)
        if contract is None:
            raise DeclarationError(f"the library {library.dataset} is no dataset of {self.name}")
        lacking = sorted({library.tag, *library.subjects} - set(contract.columns))
        if lacking:
            raise DeclarationError(f"{library.dataset} has no columns {lacking}")


def load_legal(path: Path) -> Mapping[str, LegalBasis]:
    """A pack's legal register from its legal.toml."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["basis"]
    return MappingProxyType(
        {e["id"]: LegalBasis(**(e | {"document": T(**e["document"])})) for e in entries}
    )
