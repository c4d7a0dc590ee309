"""Clues that one visit would settle, as one line: a proposed matter.

Clues of one family of detectors belong together where their flagged rows name one institution; else
where they name one employer, or speak of one person; else they are one set. A family is a
detector's first tag, or the detector itself. The group's id is keyed by family and anchor, so it
stays while clues come and go. Rebutted clues are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from clew.datasets import content
from clew.datasets.lake.engine import connect, name
from clew.datasets.queries import live_sql
from clew.declare import Dataset, Params, registry
from clew.declare.types import Date, InstitutionCode, OrgCode, OrgName, Timestamp
from clew.detection import queries
from clew.detection.models import Clue, Evidence, Hit
from clew.detection.triage.confidence import Confidence, confidences
from clew.detection.triage.params import SEVERITIES, values
from clew.kernel.errors import NotFound
from clew.kernel.identifiers import institution_code
from clew.kernel.keys import clue_id
from clew.kernel.workspace import Workspace

INSTITUTION, EMPLOYER, PERSON, SET = "institution", "employer", "person", "set"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the clues of a group share. `key` is a code, a person key as text, or a set's fact."""

    kind: str
    key: str


@dataclass(frozen=True)
class Group:
    """A proposed matter. Money is in fen; `period` spans the flagged rows' own dates."""

    id: str
    family: str
    anchor: Anchor
    name: str
    hits: tuple[Hit, ...]
    confidence: Mapping[int, Confidence]
    persons: int
    period: tuple[date | None, date | None]

    @property
    def open(self) -> tuple[Hit, ...]:
        return tuple(h for h in self.hits if h.clue.status == Clue.OPEN)

    @property
    def fund(self) -> int:
        return sum(h.fund for h in self.hits)

    @property
    def account(self) -> int:
        return sum(h.account for h in self.hits)

    @cached_property
    def detectors(self) -> tuple[str, ...]:
        return tuple(sorted({f"{h.clue.detector}{h.clue.rule}" for h in self.hits}))

    @property
    def severity(self) -> str:
        """The highest level among its clues."""
        return min((h.severity for h in self.hits), key=SEVERITIES.index)


def groups(p: Params | None = None, *, hits: Sequence[Hit] | None = None) -> list[Group]:
    """Every group of current clues, or of these sightings: most money first, then by id."""
    current = queries.current_hits() if hits is None else hits
    hits = [h for h in current if h.clue.status != Clue.REBUTTED]
    rows = queries.evidence(hits)
    trust = confidences(hits, rows, p or values())
    flagged = {h.pk: [r for r in rows[h.pk] if r.role == "flagged"] for h in hits}
    cells = content.cells(
        (r.row_id for found in flagged.values() for r in found),
        InstitutionCode, OrgCode, Timestamp, Date,
    )  # fmt: skip
    gathered: dict[tuple[str, Anchor], list[Hit]] = {}
    for hit in hits:
        key = (family(hit.clue.detector), anchor(hit.clue, flagged[hit.pk], cells))
        gathered.setdefault(key, []).append(hit)
    names = _names({a.key for _, a in gathered if a.kind in (INSTITUTION, EMPLOYER)})
    found = [
        Group(
            group_id(kind, of), kind, of, names.get(of.key, ""), tuple(own),
            {h.pk: trust[h.pk] for h in own}, _persons(own),
            _period((r for h in own for r in flagged[h.pk]), cells),
        )
        for (kind, of), own in gathered.items()
    ]  # fmt: skip
    return sorted(found, key=lambda g: (-g.fund - g.account, g.id))


def group(
    text: str, p: Params | None = None, *, hits: Sequence[Hit] | None = None
) -> Group:
    """A group by its id, or by the beginning of it.

    Raises:
        NotFound: none, or several begin so.
    """
    found = [g for g in groups(p, hits=hits) if text and g.id.startswith(text)]
    if len(found) != 1:
        raise NotFound(f"没有线索组 {text} (no such group)", next_step="clew groups")
    return found[0]


def family(detector: str) -> str:
    tags = registry.detector(detector).tags
    return tags[0] if tags else detector


def group_id(family_: str, of: Anchor) -> str:
    """16 base32 characters, kept apart from clue ids by the word before the family."""
    return clue_id(Workspace.current().key, f"group {family_}", "", of.kind, of.key, ())


def anchor(
    clue: Clue, flagged: Sequence[Evidence], cells: Mapping[int, Mapping[str, Any]]
) -> Anchor:
    """What a clue is grouped by; `cells` as `content.cells` gives them for its flagged rows."""
    if clue.subject_kind == "organisation":
        known = institution_code(clue.subject_key).ok
        return Anchor(INSTITUTION if known else EMPLOYER, clue.subject_key)
    for kind, type_ in ((INSTITUTION, InstitutionCode), (EMPLOYER, OrgCode)):
        if code := _only(flagged, cells, type_):
            return Anchor(kind, code)
    if clue.subject_kind == "person":
        return Anchor(PERSON, clue.subject_key)
    return Anchor(SET, "/".join(clue.fact_key))


def _only(flagged: Sequence[Evidence], cells: Mapping[int, Mapping[str, Any]], type_: type) -> str:
    """The one code that all flagged rows name in their first column of a type, else empty."""
    seen = {
        str(cells.get(row.row_id, {}).get(column) or "")
        for row in flagged
        if (column := _first(registry.dataset(row.dataset), type_))
    }
    return seen.pop() if len(seen) == 1 else ""


def _first(contract: type[Dataset], type_: type) -> str:
    return next((c.name for c in contract.columns.values() if isinstance(c.type, type_)), "")


def _persons(hits: Sequence[Hit]) -> int:
    """How many people the clues speak of, as subjects or in their facts."""
    seen = {h.clue.subject_key for h in hits if h.clue.subject_kind == "person"}
    for hit in hits:
        seen |= {part for part in hit.clue.fact_key if queries.may_be_person(part)}
    return len(seen)


def _period(
    rows: Iterable[Evidence], cells: Mapping[int, Mapping[str, Any]]
) -> tuple[date | None, date | None]:
    days = []
    for row in rows:
        moment = cells.get(row.row_id, {}).get(registry.dataset(row.dataset).main_date or "")
        if isinstance(moment, date):
            days.append(moment.date() if isinstance(moment, datetime) else moment)
    return (min(days), max(days)) if days else (None, None)


def _names(codes: set[str]) -> dict[str, str]:
    """Names from the registers: live datasets keyed by one code alone that also hold a name."""
    found: dict[str, str] = {}
    workspace = Workspace.current()
    with connect(workspace) as con:
        for contract in registry.datasets().values():
            column = _first(contract, OrgName)
            if len(contract.key) != 1 or not column or not codes:
                continue
            key = contract.columns[contract.key[0]]
            rows = live_sql(workspace, contract.name)
            if not isinstance(key.type, InstitutionCode | OrgCode) or not rows:
                continue
            found |= con.execute(
                f"SELECT {name(key.name)}, min({name(column)}) FROM {rows} "
                f"WHERE {name(key.name)} IN (SELECT unnest(?)) AND {name(column)} IS NOT NULL "
                "GROUP BY 1",
                [sorted(codes)],
            ).fetchall()
    return found
