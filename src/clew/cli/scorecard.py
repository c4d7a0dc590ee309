"""Honest numbers: a line a detector version, how versions compare, what detectors share."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from clew.cli import screen
from clew.cli.detect import chosen
from clew.cli.session import begin_for, domains_of
from clew.declare import Detector
from clew.detection import library
from clew.detection import scorecard as cards
from clew.detection.actions import by_pack
from clew.detection.overlap import overlap as shared
from clew.detection.scorecard import BOUNDS, TITLES, Line, Period
from clew.kernel.money import yuan, yuan_text

Json = Annotated[bool, typer.Option("--json", help="machine-readable")]


def scorecard(
    ids: Annotated[list[str] | None, typer.Argument(help="detectors; without any, all")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="by version and parameters over time")
    ] = False,
    on_library: Annotated[
        bool, typer.Option("--library", help="recall on the pack's proved cases")
    ] = False,
    json: Json = False,
) -> None:
    """模型成绩单: 精度、金额、覆盖、建议。A line a detector version: keep, tune or retire."""
    detectors = chosen(ids or [])
    begin_for("read_runs", domains_of(d.id for d in detectors))
    if history:
        _history(cards.history(detectors), json)
    elif on_library:
        _library(detectors, json)
    else:
        _lines(cards.scorecard(detectors), bool(ids), json)


def overlap(json: Json = False) -> None:
    """模型之间的重叠。Subjects and evidence rows that detectors' current clues share."""
    begin_for("read_runs")
    pairs = shared()
    if json:
        screen.show_json(
            [{"a": p.a, "b": p.b, "subjects": p.subjects, "rows": p.rows} for p in pairs]
        )
        return
    names = [p.a for p in pairs if p.a == p.b]
    cells = {frozenset((p.a, p.b)): f"{p.subjects}/{p.rows}" for p in pairs}
    screen.table(
        ["对象/证据行", *(f">{name}" for name in names)],
        [(a, *(cells[frozenset((a, b))] for b in names)) for a in names],
    )
    screen.note("对角线为各模型自身 (subjects/rows; the diagonal is a detector's own)")


def _lines(lines: list[Line], detailed: bool, json: bool) -> None:
    if json:
        screen.show_json([_line(x) for x in lines])
        return
    screen.table(
        ["模型 detector", ">版", ">线索", "精度 precision", ">核实金额 元", ">覆盖", ">重叠",
         ">排除", ">未测", "上次运行", "建议 advice"],
        [
            (x.detector, x.version, x.clues, str(x.precision), yuan_text(x.confirmed),
             f"{x.coverage.hits}/{x.coverage.n}", f"{x.overlap.hits}/{x.overlap.n}",
             sum(x.excluded.values()), len(x.untested), f"{x.ran_at:%Y-%m-%d}",
             _title(cards.advice(x.precision)))
            for x in lines
        ],
    )  # fmt: skip
    for x in lines if detailed else ():
        for title, text in (
            ("误报原因 causes", _counts(x.causes)),
            ("排除 excluded", _counts(x.excluded)),
            ("未测 untested", " ".join(x.untested)),
        ):
            if text:
                screen.out.print(f"  {x.detector} {x.version}  {title}: {text}", markup=False)
    stated = BOUNDS.stated()
    screen.note(f"{stated.zh} ({stated.en})")
    if lines and not detailed:
        screen.note(f"  → clew scorecard {lines[0].detector} (causes, exclusions, untested)")
    screen.note("  → clew clues confirm CLUE   clew clues rebut CLUE   clew whatif ID.param=value")


def _history(periods: list[Period], json: bool) -> None:
    if json:
        screen.show_json(
            [{"detector": p.detector, "version": p.version, "params": dict(p.params),
              "first_run": p.first_run, "first_at": p.first_at.isoformat(timespec="seconds"),
              "runs": p.runs, "clues": p.clues, "precision": p.precision.as_json(),
              "trend": p.trend} for p in periods]
        )  # fmt: skip
        return
    screen.table(
        ["模型 detector", ">版", "参数 parameters", "始于运行", ">运行", ">线索",
         "精度 precision", "走势 trend"],
        [
            (p.detector, p.version, " ".join(f"{k}={v}" for k, v in sorted(p.params.items())),
             p.first_run, p.runs, p.clues, str(p.precision), _title(p.trend))
            for p in periods
        ],
    )  # fmt: skip
    screen.note("区间不相交才称上升或下降 (rising or falling only where the intervals lie apart)")
    screen.note("  → clew whatif ID (today's version on the batches of the last run)")


def _library(detectors: list[Detector], json: bool) -> None:
    answers = {
        pack.name: library.try_on(pack, own)
        for pack, own in by_pack(detectors)
        if pack.library is not None
    }
    if json:
        screen.show_json([{"pack": name} | _tried(found) for name, found in answers.items()])
        return
    for name, found in answers.items():
        screen.table(
            ["模型 detector", "手法 tags", "查全 recall", "其他手法 other ways"],
            [(c.detector, " ".join(c.tags), str(c.recall), str(c.beyond)) for c in found.detectors],
        )
        screen.table(
            ["手法 tag", "模型 detectors", "任一模型查全 recall of all"],
            [(w.tag, " ".join(w.detectors) or "无", str(w.recall)) for w in found.ways],
        )
        screen.note(
            f"{name}: 案例 {found.cases} 条, 其中 {found.unnamed} 条未写明对象, 不参与计算 "
            "(cases; those that name nobody test nothing)"
        )
    if not answers:
        screen.note("没有领域包声明案例库 (no pack declares a library)")


def _line(x: Line) -> dict[str, Any]:
    return {
        "detector": x.detector,
        "version": x.version,
        "clues": x.clues,
        "verified": x.precision.n,
        "precision": x.precision.as_json(),
        "amount": yuan(x.amount),
        "confirmed_amount": yuan(x.confirmed),
        "coverage": x.coverage.as_json(),
        "overlap": x.overlap.as_json(),
        "causes": dict(sorted(x.causes.items())),
        "excluded": dict(x.excluded),
        "untested": list(x.untested),
        "last_run": x.last_run,
        "ran_at": x.ran_at.isoformat(timespec="seconds"),
        "advice": cards.advice(x.precision),
    }


def _tried(found: library.Touchstone) -> dict[str, Any]:
    return {
        "cases": found.cases,
        "unnamed": found.unnamed,
        "detectors": [
            {"detector": c.detector, "tags": list(c.tags), "recall": c.recall.as_json(),
             "beyond": c.beyond.as_json()}
            for c in found.detectors
        ],
        "tags": [
            {"tag": w.tag, "detectors": list(w.detectors), "recall": w.recall.as_json()}
            for w in found.ways
        ],
    }  # fmt: skip


def _title(name: str) -> str:
    return TITLES[name].zh if name else ""


def _counts(counted: Any) -> str:
    return " ".join(f"{code} {n}" for code, n in sorted(counted.items()))
