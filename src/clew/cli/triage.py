"""Which clues to look at first: proposed matters, and what fits into a week."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from clew.cli import screen
from clew.cli.session import begin
from clew.declare import registry
from clew.detection import access, queries
from clew.detection.models import Hit
from clew.detection.triage import groups as grouping
from clew.detection.triage import week as weeks
from clew.detection.triage.confidence import WHOLE, Confidence
from clew.detection.triage.groups import EMPLOYER, INSTITUTION, PERSON, SET, Group
from clew.detection.triage.params import PARAMS, values
from clew.kernel.errors import InputError
from clew.kernel.money import yuan, yuan_text

app = typer.Typer(help="线索组: 拟立事项。Proposed matters.", invoke_without_command=True)
Json = Annotated[bool, typer.Option("--json", help="machine-readable")]
_KINDS = {INSTITUTION: "机构", EMPLOYER: "用人单位", PERSON: "个人", SET: "集合"}
SHOWN = 12
"""Groups left out that a screen lists; JSON has all."""
WEAKEST = {"link": "关联", "quality": "数据质量", "precision": "模型精确率", "prior": "假定概率"}


@app.callback()
def list_(context: typer.Context, json: Json = False) -> None:
    """线索归组: 同一机构 (单位、个人) 的同类线索为一行。One line a proposed matter."""
    if context.invoked_subcommand:
        return
    found = grouping.groups(hits=_seen())
    subjects = _subjects(found)
    if json:
        screen.show_json([_as_json(g, subjects) for g in found])
        return
    screen.table(
        ["线索组 group", "对象 anchor", "模型 detectors", ">线索", ">待核", ">人数", ">基金 元",
         ">个账 元", "级", "期间 period"],
        [(g.id, _anchor(g, subjects), " ".join(g.detectors), len(g.hits), len(g.open), g.persons,
          yuan_text(g.fund), yuan_text(g.account), g.severity, " — ".join(_days(g)))
         for g in found],
    )  # fmt: skip
    clues = sum(len(g.hits) for g in found)
    screen.note(f"{clues} 条疑似线索, {len(found)} 组 (suspicions in groups: proposed matters)")
    if found:
        screen.note(f"  → clew groups show {found[0].id}; clew triage --officers 4")


@app.command("show")
def show(
    group: Annotated[str, typer.Argument(help="a group's id, or its beginning")],
    json: Json = False,
) -> None:
    """查看一组: 其中每条线索与可信度。The clues of a group, and how far each may be believed."""
    found = grouping.group(group, hits=_seen())
    subjects = _subjects([found])
    if json:
        screen.show_json(_as_json(found, subjects))
        return
    screen.out.print(
        f"疑似 {_anchor(found, subjects)}   组 {found.id}   {found.family} "
        f"{_family_title(found)}   {' — '.join(_days(found))}",
        markup=False,
    )
    screen.table(
        ["线索 clue", "模型", "级", ">基金 元", ">个账 元", "对象 subject", "状态", ">可信 %",
         "取决于"],
        [(h.clue.code, f"{h.clue.detector}{h.clue.rule}", h.severity, yuan_text(h.fund),
          yuan_text(h.account), subjects.subject(h.clue.subject_kind, h.clue.subject_key),
          h.clue.status, percent(found.confidence[h.pk].value),
          WEAKEST[found.confidence[h.pk].weakest]) for h in found.hits],
    )  # fmt: skip
    screen.note(f"  → clew evidence --group {found.id} --into FOLDER")


def triage(
    officers: Annotated[int, typer.Option(help="how many officers verify")],
    days: Annotated[int, typer.Option(help="working days")] = 5,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="another value: hours_h=6, prior=0.4")
    ] = None,
    json: Json = False,
) -> None:
    """本周核什么: 按每小时期望追回排序。What to verify this week, and what is left out."""
    found = weeks.week(
        officers=officers, days=days, overrides=_overrides(set_ or []), hits=_seen("triage")
    )
    subjects = _subjects([item.group for item in (*found.chosen, *found.left)])
    if json:
        screen.show_json(_week_as_json(found, subjects))
        return
    screen.table(
        [">位", "线索组 group", "对象 anchor", "模型", ">线索", ">基金 元", ">期望 元", ">小时",
         "理由 why"],
        [_line(item, found, subjects) for item in found.chosen],
        title=f"本周核查: {officers} 人 × {days} 天 × {found.params.hours_day} 小时 = "
        f"{found.capacity} 小时, 已排 {found.used}",
    )  # fmt: skip
    if found.left:
        screen.table(
            [">位", "线索组 group", "对象 anchor", "模型", ">线索", ">基金 元", ">期望 元",
             ">小时", "未排原因 left out"],
            [_line(item, found, subjects) for item in found.left[:SHOWN]],
            title="未排入",
        )  # fmt: skip
    if (more := len(found.left) - SHOWN) > 0:
        screen.note(f"另有 {more} 组未排入, 全部见 --json (and {more} more groups: --json)")
    _assumptions(found)


def percent(parts: int) -> str:
    """Parts of 10,000 as a percentage: 4962 → "49.6"."""
    return f"{100 * parts / WHOLE:.1f}"


def trust_as_json(trust: Confidence) -> dict[str, Any]:
    return {
        "value": trust.value / WHOLE, "weakest": trust.weakest, "link": trust.link / WHOLE,
        "quality": trust.quality / WHOLE, "precision_low": trust.precision / WHOLE,
        "prior_used": trust.prior, "precision": trust.verdicts.as_json(),
    }  # fmt: skip


def _assumptions(found: weeks.Week) -> None:
    """What was believed without proof, on the screen beside its result."""
    seen = {
        h.clue.detector: item.group.confidence[h.pk]
        for item in (*found.chosen, *found.left)
        for h in item.hits
    }
    guessed = sorted(d for d, trust in seen.items() if trust.prior)
    if guessed:
        told = ", ".join(f"{d} n={seen[d].verdicts.n}" for d in guessed)
        screen.note(
            f"假定: {told} 的判定不足 {found.params.enough} 条, 属实概率按 {found.params.prior} 计 "
            f"(assumed: too few verdicts, the prior {found.params.prior} stands in)"
        )
    for detector, trust in sorted(seen.items()):
        if not trust.prior:
            screen.note(f"{detector}: 精确率 {trust.verdicts}, 按下限计 (its lower bound counts)")
    if found.officers == 1:
        screen.note("现场核查须两人以上 (a visit needs two officers)")
    titles = {param.name: param for param in PARAMS}
    screen.note("  参数 " + ", ".join(
        f"{n}={found.params[n]}{titles[n].unit}" for n in titles
    ))  # fmt: skip


def _line(item: weeks.Item, found: weeks.Week, subjects: queries.Subjects) -> tuple[Any, ...]:
    return (
        item.rank, item.group.id, _anchor(item.group, subjects), " ".join(item.group.detectors),
        len(item.hits), yuan_text(item.fund), yuan_text(item.expected), item.hours,
        weeks.reason(item, found.params).zh,
    )  # fmt: skip


def _week_as_json(found: weeks.Week, subjects: queries.Subjects) -> dict[str, Any]:
    return {
        "officers": found.officers, "days": found.days,
        "capacity_hours": str(found.capacity), "used_hours": str(found.used),
        "parameters": [
            {"name": param.name, "value": str(found.params[param.name]), "unit": param.unit,
             "title": param.title.zh} for param in PARAMS
        ],
        "chosen": [_item_as_json(i, found, subjects) for i in found.chosen],
        "left_out": [_item_as_json(i, found, subjects) for i in found.left],
    }  # fmt: skip


def _item_as_json(
    item: weeks.Item, found: weeks.Week, subjects: queries.Subjects
) -> dict[str, Any]:
    why = weeks.reason(item, found.params)
    return {
        "group": item.group.id, "anchor": _anchor(item.group, subjects), "rank": item.rank,
        "outcome": item.outcome, "clues": [h.clue.code for h in item.hits],
        "fund_amount": yuan(item.fund), "expected": yuan(item.expected),
        "hours": str(item.hours), "an_hour": yuan(item.an_hour), "why": why.zh, "why_en": why.en,
    }  # fmt: skip


def _as_json(group: Group, subjects: queries.Subjects) -> dict[str, Any]:
    first, last = group.period
    return {
        "group": group.id, "family": group.family, "anchor_kind": group.anchor.kind,
        "anchor": _anchor(group, subjects), "detectors": list(group.detectors),
        "clues": len(group.hits), "open": len(group.open), "persons": group.persons,
        "fund_amount": yuan(group.fund), "account_amount": yuan(group.account),
        "severity": group.severity,
        "period": [d.isoformat() if d else None for d in (first, last)],
        "members": [
            {"clue": h.clue.code, "detector": h.clue.detector, "rule": h.clue.rule,
             "severity": h.severity, "status": h.clue.status, "fund_amount": yuan(h.fund),
             "account_amount": yuan(h.account),
             "confidence": trust_as_json(group.confidence[h.pk])} for h in group.hits
        ],
    }  # fmt: skip


def _seen(act: str = "read") -> list[Hit]:
    """The current sightings to which the acting account may do this."""
    return access.seen_hits(begin(), queries.current_hits(), act)


def _subjects(found: list[Group]) -> queries.Subjects:
    return queries.Subjects.of([h for g in found for h in g.hits], [])


def _anchor(group: Group, subjects: queries.Subjects) -> str:
    kind, key = group.anchor.kind, group.anchor.key
    if kind == PERSON:
        return f"{_KINDS[kind]} {subjects.person(int(key))}"
    if kind == SET:
        return f"{_KINDS[kind]} {'/'.join(subjects.fact(key.split('/')))}"
    return f"{_KINDS[kind]} {group.name or key} {key if group.name else ''}".rstrip()


def _days(group: Group) -> list[str]:
    return [d.isoformat() for d in group.period if d]


def _family_title(group: Group) -> str:
    known = registry.detectors()
    return known[group.family].title.zh if group.family in known else ""


def _overrides(texts: list[str]) -> dict[str, str]:
    chosen = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InputError(f"{text!r} 不是 名称=值 (not NAME=VALUE)", next_step="--set hours_h=6")
        chosen[name] = value
    values(chosen)
    return chosen
