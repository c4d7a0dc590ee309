"""What is due, recovered, returned and written off, from the entries of money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from clew.matters.models import Money


@dataclass(frozen=True, slots=True)
class Sums:
    """Amounts in fen. `recovered` is net of what was returned to the payer; `last` is the day of
    the last entry.
    """

    due: int = 0
    recovered: int = 0
    written_off: int = 0
    fines: int = 0
    last: date | None = None

    @property
    def outstanding(self) -> int:
        return self.due - self.recovered - self.written_off


def sums(entries: Iterable[Money]) -> Sums:
    """What the entries come to, each as `counted` counts it."""
    listed = list(entries)
    totals = dict.fromkeys((kind for kind, _ in Money.KINDS), 0)
    for entry, fen in counted(listed):
        totals[entry.kind] += fen
    return Sums(
        due=totals[Money.DUE],
        recovered=totals[Money.RECOVERED] - totals[Money.RETURNED],
        written_off=totals[Money.WRITTEN_OFF],
        fines=totals[Money.FINE],
        last=max((entry.booked_on for entry in listed), default=None),
    )


def counted(entries: Iterable[Money]) -> Iterator[tuple[Money, int]]:
    """Each entry with the fen that count.

    One liability owed by several is due once: of a group, what the one who owes most (of equals,
    the first by key) owes; the entries of the others count nothing.
    """
    listed = list(entries)
    owed: dict[tuple[int, str], dict[str, int]] = {}
    for entry in listed:
        if entry.kind == Money.DUE and entry.liability_group:
            group = owed.setdefault((entry.matter_id, entry.liability_group), {})
            group[entry.counterpart] = group.get(entry.counterpart, 0) + entry.fen
    first = {group: min(who, key=lambda key: (-who[key], key)) for group, who in owed.items()}
    for entry in listed:
        chosen = first.get((entry.matter_id, entry.liability_group))
        shared = entry.kind == Money.DUE and entry.liability_group
        yield entry, 0 if shared and entry.counterpart != chosen else entry.fen
