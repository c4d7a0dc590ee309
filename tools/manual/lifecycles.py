"""One page a lifecycle: its states and moves, who takes them, what they need, which clocks run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clew.declare import PREVIOUS, STAY, Clock, Lifecycle, T, Transition
from clew.declare.lifecycle import GUARDS, LIMITS
from tools.manual.markdown import row

UNITS = {
    "wd": T("工作日", "working days"), "cd": T("日", "calendar days"), "m": T("个月", "months"),
    "h": T("小时", "hours"),
}  # fmt: skip


def lifecycle_page(rules: Lifecycle) -> str:
    """The page as Markdown."""
    return "\n".join(_lines(rules)) + "\n"


def _lines(rules: Lifecycle) -> Iterator[str]:
    yield f"# {rules.title.zh} · {rules.title.en}\n"
    begins = _state(rules, rules.initial)
    yield f"`{rules.id}` version {rules.version}. A matter begins in {begins}.\n"
    yield "## States · 状态\n"
    yield "| state | | thread | leads to |\n|---|---|---|---|"
    for state in rules.states:
        kind = " (end · 终)" if state.final else " (clocks stand · 停表)" if state.standing else ""
        ways = rules.leaving(state.code)
        to = dict.fromkeys(t for way in ways for t in rules.leads(way, state.code))
        yield row(f"`{state.code}`", f"{_both(state.title)}{kind}", state.knot, ", ".join(to))
    yield "\n## Moves · 流转\n"
    yield (
        "| move | from → to | who | papers · 附件 | answers · 填写 | conditions · 条件 |\n"
        "|---|---|---|---|---|---|"
    )
    for way in rules.transitions:
        yield _move(rules, way)
    yield "\n## Clocks · 期限\n"
    yield (
        "| clock | | length | from | until | stands for | extension | ground |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    for clock in rules.clocks:
        yield _clock(rules, clock)
    yield from _limits(rules)


def _move(rules: Lifecycle, way: Transition) -> str:
    to = {STAY: "stays · 不变", PREVIOUS: "where it was · 原状态"}.get(way.to, way.to)
    who = ", ".join(way.roles)
    if way.by_handler:
        who += "; handlers only · 限承办人"
    if way.four_eyes:
        who += "; not its handlers · 非承办人"
    papers = [
        " / ".join(_named(rules.papers, k) for k in ([n] if isinstance(n, str) else n))
        for n in way.needs
    ]
    asked = [_both(GUARDS[g]) for g in way.guards]
    asked += [f"after {', '.join(way.after)}"] if way.after else []
    asked += [f"{', '.join(way.waits)} run out · 期满"] if way.waits else []
    return row(
        f"`{way.name}` {_both(way.title)}", f"{', '.join(way.sources)} → {to}", who,
        "; ".join(papers), "; ".join(_both(a.title) for a in way.answers), "; ".join(asked),
    )  # fmt: skip


def _clock(rules: Lifecycle, clock: Clock) -> str:
    unit = UNITS[clock.unit]
    extension = f"{clock.extend_by} {unit.en}" if clock.extend_by else "–"
    return row(
        f"`{clock.code}`", _both(clock.title), f"{clock.amount} {unit.en} · {unit.zh}",
        ", ".join(clock.starts), ", ".join(clock.ends),
        ", ".join(_named(rules.grounds, g) for g in clock.suspended_by), extension, clock.basis,
    )  # fmt: skip


def _limits(rules: Lifecycle) -> Iterator[str]:
    if rules.limits:
        yield "\n## Limits · 参数\n"
        yield "| limit | meaning | value |\n|---|---|---|"
        for name, value in rules.limits.items():
            yield row(f"`{name}`", _both(LIMITS[name]), str(value))


def _state(rules: Lifecycle, code: str) -> str:
    return f"`{code}` ({_both(rules.state(code).title)})"


def _named(titles: Mapping[str, T], code: str) -> str:
    return _both(titles[code])


def _both(text: T) -> str:
    return f"{text.en} · {text.zh}"
