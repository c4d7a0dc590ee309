"""Reading verdicts and tickets, and what there is to ask the owners of data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from clew.datasets.places import evidence_keys
from clew.declare import DATA_CORRECTION
from clew.detection import facts_file
from clew.detection.models import Clue, Evidence, Run, Ticket, Verdict
from clew.detection.queries import batched, latest_hit
from clew.detection.verdicts.codes import DIRTY_DATA
from clew.kernel.errors import InputError, NotFound
from clew.kernel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Question:
    """Rows of one batch, as sheet rows, about which its owner is asked, and why."""

    batch: str
    rows: tuple[int, ...]
    detector: str
    rule: str
    cause: str


def standing(clues: Iterable[int]) -> dict[int, Verdict]:
    """Clue's database id → its last verdict, whatever that says."""
    found: dict[int, Verdict] = {}
    for wanted in batched(clues, 10_000):
        for verdict in Verdict.objects.filter(clue_id__in=wanted).order_by("id"):
            found[verdict.clue_id] = verdict
    return found


def history(clue: Clue) -> list[Verdict]:
    """Every word on a clue, oldest first."""
    return list(Verdict.objects.filter(clue=clue).select_related("by").order_by("id"))


def ticket(code: str) -> Ticket:
    """A ticket by its id, or by the beginning of it.

    Raises:
        NotFound: none, or several begin so.
    """
    found = list(
        Ticket.objects.filter(code__startswith=code).select_related("department", "clue")[:2]
        if code
        else []
    )
    if len(found) != 1:
        raise NotFound(f"没有数据质量单 {code} (no such ticket)", next_step="clew tickets list")
    return found[0]


def tickets(*, status: str = "", department: str = "") -> list[Ticket]:
    """Tickets, oldest first; of one status, of one department by its code."""
    found = Ticket.objects.select_related("department", "clue").order_by("id")
    if status:
        found = found.filter(status=status)
    if department:
        found = found.filter(department__code=department)
    return list(found)


def run(code: str) -> Run:
    """A run by its id or the beginning of it; the last one without any.

    Raises:
        NotFound: none, or several begin so.
    """
    last = Run.objects.order_by("-id")
    found = list(last.filter(code__startswith=code)[:2] if code else last[:1])
    if len(found) != 1:
        raise NotFound(f"没有运行 {code}".rstrip() + " (no such run)", next_step="clew detect")
    return found[0]


def questioned(clue: Clue, rows: Sequence[str]) -> list[Question]:
    """The evidence rows that "BATCH:ROW" texts name, the flagged ones without any, by batch.

    Raises:
        InputError: a text that names no evidence row of the clue.
    """
    held = Evidence.objects.filter(hit=latest_hit(clue)).order_by("id")
    chosen = {(e.batch, e.row) for e in held if not rows and e.role == "flagged"}
    for text in rows:
        batch, _, row = text.partition(":")
        named = {(e.batch, e.row) for e in held if batch and e.batch.startswith(batch)}
        named = {place for place in named if str(place[1]) == row}
        if len(named) != 1:
            raise InputError(
                f"{text} 不是该线索的证据行 (no evidence row of this clue)",
                next_step=f"clew clues show {clue.code}",
            )
        chosen |= named
    by_batch = _by_batch(chosen)
    return [Question(b, r, clue.detector, clue.rule, DIRTY_DATA) for b, r in by_batch.items()]


def corrections_due(run: Run) -> list[Question]:
    """Rows of a run's data_correction facts on which there is no ticket of the same cause yet: the
    flagged ones and those beside them, since either record may be the wrong one.
    """
    found: dict[tuple[str, str, str], set[int]] = {}
    for fact in facts_file.read(Workspace.current(), run.facts_file):
        if fact["outcome"] == DATA_CORRECTION:
            asked = (fact["detector"], fact.get("rule", ""), fact["excluded_by"])
            found.setdefault(asked, set()).update(fact["rows"], fact.get("others", ()))
    places = evidence_keys(sorted({row for rows in found.values() for row in rows}))
    questions = []
    for (detector, rule, cause), ids in sorted(found.items()):
        known = _asked_before(detector, rule, cause)
        due = {(places[i].batch, places[i].row) for i in ids if i in places} - known
        questions += [Question(b, r, detector, rule, cause) for b, r in _by_batch(due).items()]
    return questions


def _asked_before(detector: str, rule: str, cause: str) -> set[tuple[str, int]]:
    earlier = Ticket.objects.filter(detector=detector, rule=rule, cause=cause)
    return {(batch, row) for batch, rows in earlier.values_list("batch", "rows") for row in rows}


def _by_batch(places: Iterable[tuple[str, int]]) -> Mapping[str, tuple[int, ...]]:
    grouped: dict[str, list[int]] = {}
    for batch, row in sorted(places):
        grouped.setdefault(batch, []).append(row)
    return {batch: tuple(rows) for batch, rows in grouped.items()}
