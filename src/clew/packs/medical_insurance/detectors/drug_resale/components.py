"""Rings: connected components of cards that were together often enough (MI-12 c)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from clew.declare import Params
from clew.declare.detector import Cells

Pair = tuple[int, int]
Meetings = dict[Pair, list[Cells]]


def after(rows: list[Cells], p: Params) -> list[Cells]:
    """Rows of the rings that stand, of those that excuses dissolve, and of couples.

    `rows` are meetings: two visits of two cards near in time.
    """
    meetings: Meetings = defaultdict(list)
    for row in rows:
        row["excused"] = any(row[c] for c in ("reversed_a", "reversed_b", "bulk_a", "bulk_b"))
        meetings[row["person_a"], row["person_b"]].append(row)
    kept = {pair: [m for m in seen if not m["excused"]] for pair, seen in meetings.items()}
    edges = _edges(kept, p, p.ring_institutions)
    rings = [c for c in _components(edges) if len(c) >= p.ring_n]
    members = {card for ring in rings for card in ring}
    found: list[Cells] = []
    for ring in rings:
        beside = [m for pair, seen in meetings.items() if set(pair) & ring for m in seen]
        found += _fact(_of(edges, ring), [m for m in beside if m["excused"]])
    at_first = _edges(meetings, p, p.ring_institutions)
    for ring in _components(at_first):
        if len(ring) >= p.ring_n and not ring & members:
            members |= ring
            found += _fact(_of(at_first, ring), [], met=False)
    for pair, seen in sorted(_edges(meetings, p, 1).items()):
        if not set(pair) & members and any(m["spouses"] for m in seen):
            found += _fact(seen, [], couple=True)
    return found


def _edges(meetings: Meetings, p: Params, institutions: int) -> Meetings:
    """Pairs with their meetings of every window in which these suffice."""
    edges: Meetings = {}
    for pair, seen in meetings.items():
        inside: dict[int, Cells] = {}
        for first in seen:
            last = first["day"] + timedelta(days=p.ring_days - 1)
            window = [m for m in seen if first["day"] <= m["day"] <= last]
            days = {m["day"] for m in window}
            places = {m["institution"] for m in window}
            if len(days) >= p.ring_times and len(places) >= institutions:
                inside |= {id(m): m for m in window}
        if inside:
            edges[pair] = list(inside.values())
    return edges


def _components(edges: Iterable[Pair]) -> list[set[int]]:
    """Connected components, in order of their lowest card."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for a, b in edges:
        neighbours[a].add(b)
        neighbours[b].add(a)
    found: list[set[int]] = []
    seen: set[int] = set()
    for card in sorted(neighbours):
        if card in seen:
            continue
        ring, waiting = {card}, [card]
        while waiting:
            for other in neighbours[waiting.pop()] - ring:
                ring.add(other)
                waiting.append(other)
        seen |= ring
        found.append(ring)
    return found


def _of(edges: Meetings, ring: set[int]) -> list[Cells]:
    return [m for pair, seen in edges.items() if pair[0] in ring for m in seen]


def _fact(
    standing: Sequence[Cells], beside: Sequence[Cells], *, met: bool = True, couple: bool = False
) -> list[Cells]:
    """One row a visit. `beside` are meetings of its cards that excuses took out."""
    first = min(standing, key=lambda m: (_moment(m), m["institution"]))
    began = _moment(first).isoformat(timespec="seconds")
    key = {"subject": "", "institution": first["institution"], "joint_time": began}
    visits: dict[int, Cells] = {}
    for meeting in (*standing, *beside):
        for visit in _sides(meeting):
            known = visits.setdefault(visit["row_id"], visit)
            known["with_joint"] = sorted({*known["with_joint"], *visit["with_joint"]})
            for code in ("not_REVERSED", "not_BULK_PICKUP"):
                known[code] = known[code] and visit[code]
    verdict = {"met": met, "if_JOINT_VISITS": True, "if_RING": True, "not_SPOUSE_PAIR": couple}
    return [key | visits[row] | verdict for row in sorted(visits)]


def _moment(meeting: Cells) -> datetime:
    earlier: datetime = min(meeting["at_a"], meeting["at_b"])
    return earlier


def _sides(meeting: Cells) -> Iterator[Cells]:
    """The two visits of a meeting. A visit is excused with every meeting that it was part of."""
    reversed_ = bool(meeting["reversed_a"] or meeting["reversed_b"])
    bulk = bool(meeting["bulk_a"] or meeting["bulk_b"])
    for side, other in (("a", "b"), ("b", "a")):
        cells: dict[str, Any] = {
            "row_id": meeting[f"row_id_{side}"],
            "card": meeting[f"person_{side}"],
            "place": meeting["institution"],
            "settled": meeting[f"at_{side}"],
            "fund": meeting[f"fund_{side}"],
            "account": meeting[f"account_{side}"],
            "confirm_identity": meeting[f"doubted_{side}"],
            "with_joint": [meeting[f"row_id_{other}"]],
            "not_REVERSED": reversed_,
            "not_BULK_PICKUP": bulk,
        }
        yield cells
