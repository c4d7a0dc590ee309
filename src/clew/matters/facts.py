"""What the state machine knows of a matter, and what somebody asks of it. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from clew.declare.text import T
from clew.matters.deadlines import Running

PENDING, CONFIRMED, REBUTTED = "pending", "confirmed", "rebutted"
PASS, PARTIAL, FAIL = "pass", "partial", "fail"


@dataclass(frozen=True, slots=True)
class ClueFacts:
    """One clue of a matter. `unseen` and `unanswered` count untested exclusions without any answer,
    and without a definite one; `unsure`: it stands on a link below T1 that nobody confirmed.
    """

    outcome: str = PENDING
    severity: str = "M"
    unseen: int = 0
    unanswered: int = 0
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the machine knows of a matter; amounts in fen.

    `previous`: the state that was suspended. `hands`: everyone who ever handled it. `papers` counts
    attachments by kind, `taken` transitions by name; `events` holds the last day of each event
    since the matter was opened or reopened. `at_stake` is what its clues involve, `departments`
    how many take part, `look_back` the last result since the last rectification.
    """

    state: str
    opened: date
    previous: str = ""
    level: int = 0
    department: str = ""
    departments: int = 1
    handlers: frozenset[str] = frozenset()
    hands: frozenset[str] = frozenset()
    papers: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)
    events: Mapping[str, date] = field(default_factory=dict)
    clocks: tuple[Running, ...] = ()
    clues: tuple[ClueFacts, ...] = ()
    at_stake: int = 0
    due: int = 0
    recovered: int = 0
    written_off: int = 0
    children_open: int = 0
    referrals_open: int = 0
    look_back: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Somebody asks for a transition. `papers` counts what is attached with it; `verb` names the
    verb through which it comes, empty for the plain one; `department` and `handlers` count only
    where the transition assigns.
    """

    transition: str
    by: str
    roles: frozenset[str]
    on: date
    at: datetime | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, int] = field(default_factory=dict)
    verb: str = ""
    department: str = ""
    handlers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: a code for the ledger, words for a person."""

    code: str
    why: T


def settled(facts: Facts) -> bool:
    """应追 = 已追 + 核销, and something was due."""
    return 0 < facts.due == facts.recovered + facts.written_off
