"""The thread: rows ─ link ─ hit ─ clue ─ matter ─ decision ─ rectified ─ look-back ─ money.

One line for a clue or for a source row: knots that were reached, the present one, those to come.
What happened to the clue in a matter is told by the matters room, which completes the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clew.datasets import places
from clew.declare import T, registry
from clew.detection.models import Evidence, Hit
from clew.detection.queries import clue, confirm_identity, latest_hit
from clew.kernel.errors import NotFound

REACHED, PRESENT, AHEAD, CLOSED = "reached", "present", "ahead", "closed"
"""A closed knot is there, and not for this account to see."""
KNOTS = (
    ("rows", T("数据行", "rows")),
    ("link", T("关联", "link")),
    ("hit", T("命中", "hit")),
    ("clue", T("线索", "clue")),
    ("matter", T("事项", "matter")),
    ("decision", T("认定", "decision")),
    ("rectified", T("整改", "rectified")),
    ("look_back", T("回头看", "look-back")),
    ("money", T("追回", "money")),
)


@dataclass(frozen=True, slots=True)
class Knot:
    """`note` says what is there, if anything is; `way_in` is the command that opens it."""

    name: str
    title: T
    state: str
    note: T | None = None
    way_in: str = ""


def thread(text: str) -> list[Knot]:
    """The line of a clue (by its id) or of a source row (by business key or BATCH:ROW).

    Raises:
        NotFound: neither is known.
    """
    if hit := sighting(text):
        return of_hit(hit)
    place = places.rows_by_key(text)[0]
    where = T(
        f"{place.file} 第 {place.row} 行 ({place.state})",
        f"{place.file}, row {place.row} ({place.state})",
    )
    return line("rows", {"rows": (where, f"clew trace {text}")})


def sighting(text: str) -> Hit | None:
    """The latest hit of a clue, or on a source row; None for a row that no hit stands on.

    Raises:
        NotFound: the text names neither a clue nor a row.
    """
    try:
        return latest_hit(clue(text))
    except NotFound:
        rows = places.rows_by_key(text)
    if not rows:
        raise NotFound(
            f"{text} 不是线索编号, 也不是任何行的业务主键 (neither a clue nor a row's key)",
            next_step="clew clues list",
        )
    used = Evidence.objects.filter(row_id__in=[r.row_id for r in rows]).order_by("-hit_id").first()
    return used.hit if used else None


def of_hit(hit: Hit) -> list[Knot]:
    """The line of a sighting, from its rows to its clue."""
    rows = list(Evidence.objects.filter(hit=hit).order_by("id"))
    files = sorted({row.file for row in rows})
    detector = registry.detector(hit.clue.detector)
    notes = {
        "rows": (
            T(f"{len(rows)} 行, {len(files)} 份文件", f"{len(rows)} rows, {len(files)} files"),
            f"clew clues show {hit.clue.code}",
        ),
        "link": (_link(rows), "clew link"),
        "hit": (
            T(f"{detector.id} {detector.title.zh}", f"{detector.id} {detector.title.en}"),
            f"clew reproduce {hit.clue.code}",
        ),
        "clue": (
            T(f"疑似, {hit.severity}", f"suspected, {hit.severity}"),
            f"clew clues show {hit.clue.code}",
        ),
    }
    return line("clue", notes)


def _link(rows: list[Evidence]) -> T:
    departments = sorted({d for row in rows for d in registry.dataset(row.dataset).owners[:1]})
    tier = "T2" if confirm_identity(rows) else "T1"
    titles = {o.title.zh: o.title.en for pack in registry.packs().values() for o in pack.owners}
    return T(
        f"{tier} " + " + ".join(departments),
        f"{tier} " + " + ".join(titles.get(d, d) for d in departments),
    )


def line(present: str, notes: Mapping[str, tuple[T | None, str]]) -> list[Knot]:
    """All knots; `notes` gives of some what is there and the command that opens it."""
    names = [name for name, _ in KNOTS]
    at = names.index(present)
    return [
        Knot(
            name, title,
            PRESENT if i == at else REACHED if i < at else AHEAD,
            *notes.get(name, (None, "")),
        )
        for i, (name, title) in enumerate(KNOTS)
    ]  # fmt: skip
