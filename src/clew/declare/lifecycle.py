"""A lifecycle (流程): the states of a kind of matter and the ways between them, as data.

Nothing here acts. The matters room reads it and moves a matter by it; whatever does not fit
together is refused when the pack is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from clew.declare.text import T
from clew.kernel.errors import DeclarationError

ClockUnit = Literal["wd", "cd", "m", "h"]
AnswerKind = Literal["text", "yes", "date", "choice"]

PREVIOUS, STAY = "@previous", "@stay"
"""Where a transition leads: to the state that was suspended, or nowhere else."""
OPENED, PAID = "opened", "paid"
"""Events that are no transition: the matter was opened; what was due is settled in full."""
KNOTS = ("matter", "decision", "rectified", "look_back")
"""Where on the thread a state may lie; money is the knot after them."""

GUARDS: Mapping[str, T] = MappingProxyType(
    {
        "has_clues": T("至少有一条线索", "it holds a clue"),
        "exclusions_seen": T("未测的排除项均已看过", "every untested exclusion was looked at"),
        "exclusions_answered": T("排除项均有答案", "every untested exclusion has an answer"),
        "clues_settled": T("线索逐条有结论, 至少一条属实", "every clue settled, one confirmed"),
        "clues_rebutted": T("线索全部排除", "every clue rebutted"),
        "identity_confirmed": T("关联低于 T1 的身份已核实", "identity confirmed below T1"),
        "department_named": T("已定承办部门", "a department is in charge"),
        "handlers_named": T("承办人达到人数", "enough handlers are named"),
        "joint_team": T("金额或部门数达标, 须联合核查", "large or shared: a joint team"),
        "below_high": T("无高级别线索", "no clue of severity H"),
        "recovered_in_full": T("应追已全部追回", "all that is due was recovered"),
        "first_return": T("未曾退回", "not returned before"),
        "second_return": T("曾退回一次", "returned once before"),
        "return_in_time": T("在签收期限内", "within the time for taking it on"),
        "legal_reviewed": T("重大事项经法制审核", "major matters pass legal review"),
        "due_booked": T("应追金额已入账", "what is due is booked"),
        "amounts_settled": T("应追 = 已追 + 核销", "due = recovered + approved write-off"),
        "children_closed": T("子事项均已办结", "every child matter is closed"),
        "referrals_answered": T("移送均有反馈", "every referral is answered"),
        "look_back_passed": T("回头看通过", "the look-back passed"),
        "look_back_partial": T("回头看部分通过", "the look-back passed in part"),
        "look_back_failed": T("回头看未通过", "the look-back failed"),
    }
)
"""What a transition may ask of a matter. The matters room answers each by its name."""

LIMITS: Mapping[str, T] = MappingProxyType(
    {
        "handlers": T("承办人至少几人", "handlers, at least"),
        "joint_amount": T("联合核查的金额, 分", "a joint team from this amount, in fen"),
        "joint_departments": T("联合核查的部门数", "a joint team from so many departments"),
        "major_amount": T("重大事项的金额, 分", "a major matter from this amount, in fen"),
    }
)
"""Parameters of guards; a lifecycle states those that its guards read."""

_READS = MappingProxyType(
    {
        "handlers_named": ("handlers",),
        "joint_team": ("joint_amount", "joint_departments"),
        "legal_reviewed": ("major_amount",),
    }
)
_RESTS_ON = MappingProxyType(
    {
        "return_in_time": ("clock", "taking"),
        "first_return": ("transition", "return"),
        "second_return": ("transition", "return"),
        "legal_reviewed": ("paper", "legal_review"),
    }
)
"""What a guard looks at beside the matter's own facts."""


@dataclass(frozen=True, slots=True)
class State:
    """`final`: the matter rests, its clues are free. `standing`: clocks may stand here. `knot`: how
    far along the thread a matter here has come, one of KNOTS.
    """

    code: str
    title: T
    final: bool = False
    standing: bool = False
    knot: str = "matter"


@dataclass(frozen=True, slots=True)
class Clock:
    """A period from an event to another.

    `starts` and `ends` name transitions, OPENED or PAID. `unit`: working days, calendar days,
    months, hours. `suspended_by` lists the grounds that stop it, `extend_by` the longest extension
    that may be approved, in its own unit. `basis` is text for people, not yet verified law.
    """

    code: str
    title: T
    amount: int
    unit: ClockUnit
    starts: tuple[str, ...]
    ends: tuple[str, ...] = ()
    suspended_by: tuple[str, ...] = ()
    extend_by: int = 0
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A field that must be filled. `yes` must be true; `choice` takes one of `choices`."""

    code: str
    title: T
    kind: AnswerKind = "text"
    choices: Mapping[str, T] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Transition:
    """One step from any of `sources` to `to`.

    `needs`: paper kinds that must be attached, anew each time it is taken; a tuple inside is a
    choice among kinds. `once`: not a second time, unless the matter was reopened.
    `after`: events that must have happened; `waits`: clocks whose time must have run out.
    `four_eyes`: not by anyone who handled the matter; `by_handler`: only by who handles it.
    `dated_by`: the answer that says on which day it happened, for clocks that start with it.
    `escalates` raises the matter's level. `assigns`: it names department and handlers.
    `by_verb`: only the verb of that name in the matters room takes it.
    """

    name: str
    title: T
    sources: tuple[str, ...]
    to: str
    roles: tuple[str, ...]
    needs: tuple[str | tuple[str, ...], ...] = ()
    answers: tuple[Answer, ...] = ()
    after: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    four_eyes: bool = False
    by_handler: bool = False
    dated_by: str = ""
    escalates: bool = False
    assigns: bool = False
    by_verb: str = ""
    once: bool = False


@dataclass(frozen=True)
class Lifecycle:
    """`initial` is where a matter begins; `grounds` are the reasons for which clocks may stand."""

    id: str
    version: int
    title: T
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    clocks: tuple[Clock, ...] = ()
    papers: Mapping[str, T] = field(default_factory=lambda: MappingProxyType({}))
    grounds: Mapping[str, T] = field(default_factory=lambda: MappingProxyType({}))
    limits: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        faults = [
            *self._twice(), *self._unknown_states(), *self._unknown_names(),
            *self._unfit_transitions(), *self._unfit_clocks(),
        ]  # fmt: skip
        # The ways can be walked only once every name in them is known.
        faults = faults or [*self._unreachable(), *self._dead_ends()]
        if faults:
            raise DeclarationError(f"lifecycle {self.id}: {'; '.join(faults)}")

    def state(self, code: str) -> State:
        """KeyError for a code that is none of its states."""
        return {s.code: s for s in self.states}[code]

    def transition(self, name: str) -> Transition | None:
        return next((t for t in self.transitions if t.name == name), None)

    def clock(self, code: str) -> Clock:
        """KeyError for a code that is none of its clocks."""
        return {c.code: c for c in self.clocks}[code]

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """The transitions that a state has, in declared order."""
        return tuple(t for t in self.transitions if state in t.sources)

    def leads(self, transition: Transition, source: str) -> tuple[str, ...]:
        """Every state to which a transition may lead from one of its sources."""
        if transition.to == STAY:
            return (source,)
        if transition.to == PREVIOUS:
            into = [t for t in self.transitions if t.to in transition.sources]
            return tuple(dict.fromkeys(s for t in into for s in t.sources))
        return (transition.to,)

    def _twice(self) -> Iterator[str]:
        for kind, codes in (
            ("state", [s.code for s in self.states]),
            ("transition", [t.name for t in self.transitions]),
            ("clock", [c.code for c in self.clocks]),
        ):
            for code in sorted({c for c in codes if codes.count(c) > 1}):
                yield f"{kind} {code} is declared twice"

    def _unknown_states(self) -> Iterator[str]:
        known = {s.code for s in self.states}
        if self.initial not in known:
            yield f"it begins in {self.initial!r}, which is no state"
        for state in self.states:
            if state.knot not in KNOTS:
                yield f"{state.code} lies on {state.knot!r}, which is no knot of the thread"
        for t in self.transitions:
            for code in (*t.sources, *({t.to} - {PREVIOUS, STAY})):
                if code not in known:
                    yield f"{t.name} names {code!r}, which is no state"

    def _unknown_names(self) -> Iterator[str]:
        events = {t.name for t in self.transitions} | {OPENED, PAID}
        clocks = {c.code for c in self.clocks}
        for t in self.transitions:
            papers = {k for need in t.needs for k in ([need] if isinstance(need, str) else need)}
            for what, named, known in (
                ("paper", papers, set(self.papers)), ("event", set(t.after), events),
                ("clock", set(t.waits), clocks), ("guard", set(t.guards), set(GUARDS)),
            ):  # fmt: skip
                for name in sorted(named - known):
                    yield f"{t.name} asks for the {what} {name!r}, which is unknown"
        for c in self.clocks:
            for name in sorted({*c.starts, *c.ends} - events):
                yield f"clock {c.code} waits for the event {name!r}, which never happens"
            for name in sorted(set(c.suspended_by) - set(self.grounds)):
                yield f"clock {c.code} stands for {name!r}, which is no ground"

    def _unfit_transitions(self) -> Iterator[str]:
        for t in self.transitions:
            dates = {a.code for a in t.answers if a.kind == "date"}
            if t.dated_by and t.dated_by not in dates:
                yield f"{t.name} is dated by {t.dated_by!r}, which is no date that it asks for"
            if t.four_eyes and t.by_handler:
                yield f"{t.name} is for handlers and not for handlers"
            if not t.sources or not t.roles:
                yield f"{t.name} has no source or nobody who may take it"
            for a in t.answers:
                if (a.kind == "choice") != bool(a.choices):
                    yield f"{t.name}.{a.code} is a choice without choices, or choices without it"
            for guard in t.guards:
                for limit in _READS.get(guard, ()):
                    if limit not in self.limits:
                        yield f"{t.name} asks {guard}, which reads the limit {limit!r}"
                kind, named = _RESTS_ON.get(guard, ("", ""))
                if kind and named not in self._names(kind):
                    yield f"{t.name} asks {guard}, which looks at the {kind} {named!r}"

    def _names(self, kind: str) -> set[str]:
        if kind == "clock":
            return {c.code for c in self.clocks}
        return {t.name for t in self.transitions} if kind == "transition" else set(self.papers)

    def _unfit_clocks(self) -> Iterator[str]:
        for c in self.clocks:
            if c.amount <= 0 or c.extend_by < 0 or not c.starts:
                yield f"clock {c.code} has no length or no beginning"
        for name in sorted(set(self.limits) - set(LIMITS)):
            yield f"no guard reads the limit {name!r}"

    def _unreachable(self) -> Iterator[str]:
        seen, todo = {self.initial}, [self.initial]
        while todo:
            state = todo.pop()
            for t in self.leaving(state):
                fresh = set(self.leads(t, state)) - seen
                seen |= fresh
                todo += sorted(fresh)
        for each in self.states:
            if each.code not in seen:
                yield f"no way leads to {each.code}"

    def _dead_ends(self) -> Iterator[str]:
        """States from which no way leads to an end."""
        ends = {s.code for s in self.states if s.final}
        grown = True
        while grown:
            nearer = {
                s for t in self.transitions for s in t.sources if ends & set(self.leads(t, s))
            }
            grown = bool(nearer - ends)
            ends |= nearer
        for state in self.states:
            if state.code not in ends:
                yield f"{state.code} is a dead end"
