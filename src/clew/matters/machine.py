"""The state machine: what a matter is, what somebody asks of it, and what comes of that.

No database, no clock of the machine's own: equal facts and events give equal answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from clew.declare import OPENED, PAID, PREVIOUS, STAY, Answer, Clock, Lifecycle, Transition
from clew.declare.text import T
from clew.kernel.calendar import Calendar
from clew.matters import deadlines
from clew.matters.deadlines import Running
from clew.matters.facts import Event, Facts, Refusal
from clew.matters.guards import GUARDS

GROUND = "ground"
"""The answer that names the ground of a suspension."""


def opened(lifecycle: Lifecycle, facts: Facts, at: datetime | None = None) -> Facts:
    """A matter on its first day: its clocks begin."""
    start = replace(facts, state=lifecycle.initial, events={OPENED: facts.opened})
    return replace(start, clocks=_clocks(lifecycle, start, OPENED, facts.opened, at))


def paid(lifecycle: Lifecycle, facts: Facts, on: date) -> Facts:
    """What was due is settled in full: the clocks that waited for it end."""
    after = replace(facts, events={**facts.events, PAID: on})
    return replace(after, clocks=_clocks(lifecycle, facts, PAID, on, None))


def unpaid(lifecycle: Lifecycle, facts: Facts) -> Facts:
    """A reversal undid that: the clocks run on as if they had never ended."""
    waiting = {c.code for c in lifecycle.clocks if PAID in c.ends}
    latest = {r.clock: n for n, r in enumerate(facts.clocks)}
    clocks = tuple(
        replace(r, met=None) if r.clock in waiting and latest[r.clock] == n else r
        for n, r in enumerate(facts.clocks)
    )
    events = {name: day for name, day in facts.events.items() if name != PAID}
    return replace(facts, clocks=clocks, events=events)


def step(lifecycle: Lifecycle, facts: Facts, event: Event, calendar: Calendar) -> Facts | Refusal:
    """The matter after the event, or the first reason that speaks against it."""
    transition = lifecycle.transition(event.transition)
    if transition is None or facts.state not in transition.sources:
        return _no_way(lifecycle, facts, event)
    known = _with(facts, event, transition)
    refusal = (
        _wrong_hands(known, event, transition)
        or _unanswered(event, transition)
        or _wrong_day(facts, event, transition)
        or _lacking(lifecycle, known, transition)
        or _too_early(lifecycle, known, event, transition, calendar)
    )
    if refusal:
        return refusal
    for name in transition.guards:
        if why := GUARDS[name](lifecycle, known, event, calendar):
            return Refusal(name, why)
    return _moved(lifecycle, known, event, transition)


def approval(asked_by: str, hands: frozenset[str], by: str) -> Refusal | None:
    """Four eyes on a request: neither who asked nor who ever handled the matter grants it."""
    if by == asked_by:
        return Refusal("four_eyes", T("不能批准自己的申请", "nobody approves what they asked for"))
    if by in hands:
        return Refusal(
            "four_eyes", T("承办人不得批准本事项的申请", "who handled it may not approve")
        )
    return None


def asked_on(transition: Transition, event: Event) -> date:
    """The day on which it happened: the one stated, where the transition asks for it."""
    stated = event.answers.get(transition.dated_by, "") if transition.dated_by else ""
    return date.fromisoformat(stated) if stated else event.on


def _with(facts: Facts, event: Event, transition: Transition) -> Facts:
    """The facts with what comes along in the event."""
    papers = dict(Counter(facts.papers) + Counter(event.papers))
    if not transition.assigns:
        return replace(facts, papers=papers)
    return replace(
        facts, papers=papers, department=event.department or facts.department,
        handlers=event.handlers, hands=facts.hands | event.handlers,
    )  # fmt: skip


def _no_way(lifecycle: Lifecycle, facts: Facts, event: Event) -> Refusal:
    open_ways = ", ".join(t.name for t in lifecycle.leaving(facts.state)) or "—"
    state = lifecycle.state(facts.state).title
    return Refusal(
        "no_way",
        T(f"{state.zh} 状态下不能 {event.transition}; 可用: {open_ways}",
          f"no {event.transition} from {state.en}; open: {open_ways}"),
    )  # fmt: skip


def _wrong_hands(facts: Facts, event: Event, transition: Transition) -> Refusal | None:
    if event.verb != transition.by_verb:
        verb = transition.by_verb or "advance"
        return Refusal("other_verb", T(f"须用 {verb} 办理", f"it is done by {verb}"))
    if not event.roles & set(transition.roles):
        roles = ", ".join(transition.roles)
        return Refusal("no_role", T(f"须由 {roles} 办理", f"it takes one of {roles}"))
    if transition.by_handler and event.by not in facts.handlers:
        return Refusal("no_handler", T("须由承办人办理", "only its handlers may do this"))
    if transition.four_eyes and event.by in facts.hands:
        return Refusal(
            "four_eyes", T("承办人不得审核自己承办的事项", "who handled it may not decide it")
        )
    return None


def _unanswered(event: Event, transition: Transition) -> Refusal | None:
    known = {a.code for a in transition.answers}
    for code in event.answers:
        if code not in known:
            return Refusal("unknown_answer", T(f"没有 {code} 这一项", f"it asks for no {code}"))
    for asked in transition.answers:
        if why := _unfit(asked, event.answers.get(asked.code, "").strip()):
            told = T(f"{asked.title.zh}: {why.zh}", f"{asked.title.en}: {why.en}")
            return Refusal("answers", told)
    return None


def _unfit(asked: Answer, given: str) -> T | None:
    if not given:
        return T("须填写", "must be given")
    if asked.kind == "yes" and given != "yes":
        return T("须为 yes", "must be yes")
    if asked.kind == "choice" and given not in asked.choices:
        return T(f"须为 {', '.join(asked.choices)} 之一", f"one of {', '.join(asked.choices)}")
    if asked.kind == "date":
        try:
            date.fromisoformat(given)
        except ValueError:
            return T("须为日期 YYYY-MM-DD", "a date, YYYY-MM-DD")
    return None


def _wrong_day(facts: Facts, event: Event, transition: Transition) -> Refusal | None:
    day = asked_on(transition, event)
    if facts.opened <= day <= event.on:
        return None
    return Refusal(
        "wrong_day",
        T(f"日期须在 {facts.opened} 与 {event.on} 之间",
          f"the day lies between {facts.opened} and {event.on}"),
    )  # fmt: skip


def _lacking(lifecycle: Lifecycle, facts: Facts, transition: Transition) -> Refusal | None:
    times = facts.taken.get(transition.name, 0)
    for need in transition.needs:
        kinds = (need,) if isinstance(need, str) else need
        if sum(facts.papers.get(kind, 0) for kind in kinds) <= times:
            zh = " 或 ".join(lifecycle.papers[k].zh for k in kinds)
            en = " or ".join(f"{lifecycle.papers[k].en} [{k}]" for k in kinds)
            return Refusal("papers", T(f"缺 {zh}", f"needs {en}"))
    return None


def _too_early(
    lifecycle: Lifecycle, facts: Facts, event: Event, transition: Transition, calendar: Calendar
) -> Refusal | None:
    if transition.once and transition.name in facts.events:
        return Refusal("once", T("已经办过", "it was done already"))
    for name in transition.after:
        if name not in facts.events:
            before = lifecycle.transition(name)
            title = before.title if before else T(name, name)
            return Refusal("after", T(f"须先 {title.zh}", f"first: {title.en}"))
    for code in transition.waits:
        running = _latest(facts, code)
        clock = lifecycle.clock(code)
        ends = deadlines.due(clock, running, calendar, event.on).day if running else date.max
        if event.on <= ends:
            return Refusal(
                "waits",
                T(f"{clock.title.zh} 期至 {ends} 未满", f"{clock.title.en} runs until {ends}"),
            )
    return None


def _moved(lifecycle: Lifecycle, facts: Facts, event: Event, transition: Transition) -> Facts:
    to = {STAY: facts.state, PREVIOUS: facts.previous}.get(transition.to, transition.to)
    day = asked_on(transition, event)
    clocks = _clocks(lifecycle, facts, transition.name, day, event.at)
    now_stands, stood = lifecycle.state(to).standing, lifecycle.state(facts.state).standing
    if now_stands and not stood:
        clocks = _stopped(lifecycle, clocks, event)
    elif stood and not now_stands:
        clocks = tuple(deadlines.go_on(r, event.on) if r.stands else r for r in clocks)
    if lifecycle.state(to).final:
        clocks = tuple(_ended(r, event.on) for r in clocks)
    events = {**facts.events, transition.name: day}
    if lifecycle.state(facts.state).final:
        events = {OPENED: facts.opened, transition.name: day}
    return replace(
        facts, state=to, clocks=clocks, events=events,
        previous=facts.state if now_stands and not stood else "" if not now_stands
        else facts.previous,
        level=facts.level + transition.escalates,
        taken={**facts.taken, transition.name: facts.taken.get(transition.name, 0) + 1},
        look_back="" if to != facts.state else facts.look_back,
    )  # fmt: skip


def _clocks(
    lifecycle: Lifecycle, facts: Facts, event: str, on: date, at: datetime | None
) -> tuple[Running, ...]:
    """Those that end with the event are met, those that begin with it begin."""
    ends = {c.code for c in lifecycle.clocks if event in c.ends or event in c.starts}
    going = tuple(_ended(r, on) if r.clock in ends else r for r in facts.clocks)
    return going + tuple(_begun(c, on, at) for c in lifecycle.clocks if event in c.starts)


def _begun(clock: Clock, on: date, at: datetime | None) -> Running:
    return Running(clock.code, on, at if clock.unit == "h" else None)


def _ended(running: Running, on: date) -> Running:
    if running.met is not None:
        return running
    going = deadlines.go_on(running, on) if running.stands else running
    return replace(going, met=max(on, running.started))


def _stopped(lifecycle: Lifecycle, clocks: Iterable[Running], event: Event) -> tuple[Running, ...]:
    ground = event.answers.get(GROUND, "")
    return tuple(
        deadlines.stop(r, event.on)
        if r.met is None and ground in lifecycle.clock(r.clock).suspended_by
        else r
        for r in clocks
    )


def _latest(facts: Facts, clock: str) -> Running | None:
    return next((r for r in reversed(facts.clocks) if r.clock == clock), None)
