"""The thread as it is drawn: the knots of the line, each with the address that it opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from clew.declare import T
from clew.detection.thread import AHEAD, CLOSED, Knot

_OF_CLUE = {"rows": "rows", "link": "rows", "hit": "why", "clue": "clue"}
_OF_MATTER = {"matter": "matter", "decision": "clues", "rectified": "steps",
              "look_back": "look-backs", "money": "money"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A knot with its way in, an address or empty."""

    name: str
    title: T
    state: str
    note: T | None
    href: str


def drawn(knots: Iterable[Knot], *, clue: str = "", matter: str = "") -> list[Drawn]:
    """Codes of the clue and of the matter that the line runs through, as far as there are any."""
    return [Drawn(k.name, k.title, k.state, k.note, _href(k, clue, matter)) for k in knots]


def _href(knot: Knot, clue: str, matter: str) -> str:
    if knot.state in (AHEAD, CLOSED):
        return ""
    if clue and knot.name in _OF_CLUE:
        return f"{reverse('clue', args=[clue])}#{_OF_CLUE[knot.name]}"
    if matter and knot.name in _OF_MATTER:
        return f"{reverse('matter', args=[matter])}#{_OF_MATTER[knot.name]}"
    return ""
