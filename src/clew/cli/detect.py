"""Running supervision models."""

from __future__ import annotations

import os
from datetime import date
from typing import Annotated, Any

import typer

from clew.cli import screen
from clew.cli.session import begin_for, domains_of
from clew.declare import Detector, registry
from clew.detection import actions
from clew.detection.actions import Outcome
from clew.kernel.errors import InputError
from clew.kernel.money import yuan, yuan_text
from clew.linkage.actions import repair


def detect(
    ids: Annotated[list[str] | None, typer.Argument(help="detectors; without any, all")] = None,
    as_of: Annotated[str, typer.Option(help="the run's day, YYYY-MM-DD")] = "",
    full: Annotated[bool, typer.Option("--full", help="every subject (always so today)")] = False,
    set_: Annotated[list[str] | None, typer.Option("--set", help="ID.param=value")] = None,
    dry_run: Annotated[bool, typer.Option(help="run, keep nothing")] = False,
    explain: Annotated[bool, typer.Option(help="show stages and SQL, run nothing")] = False,
    threads: Annotated[int, typer.Option(help="threads of the engine; 0 all")] = 0,
    json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
) -> None:
    """运行监督模型。Runs detectors over what is published and keeps the clues."""
    detectors = chosen(ids or [])
    by = begin_for("run", domains_of(d.id for d in detectors))
    if threads:
        os.environ["CLEW_THREADS"] = str(threads)
    overrides = parse_set(set_ or [], detectors)
    day = _day(as_of)
    if explain:
        for stage in actions.stages(detectors=detectors, overrides=overrides, as_of=day):
            screen.out.print(f"-- {stage.step} {stage.target}\n{stage.sql}\n", markup=False)
        return
    if not dry_run:
        repair(by=by)  # what arrived since the last run may have made, or unmade, a link
    with screen.progress("检测") as tell:
        answer = actions.run(
            by=by, detectors=detectors, overrides=overrides, as_of=day, progress=tell,
            dry_run=dry_run,
        )  # fmt: skip
    if json:
        screen.show_json({"run": answer.run, "detectors": [as_json(o) for o in answer.outcomes]})
        return
    show(answer.outcomes)
    screen.note("  → clew clues list   clew why KEY   clew brief DOMAIN")


def chosen(ids: list[str]) -> list[Detector]:
    """Detectors by id, all of them without one, in catalogue order."""
    if not ids:
        return list(registry.detectors().values())
    wanted = {registry.detector(i).id for i in ids}
    return [d for d in registry.detectors().values() if d.id in wanted]


def parse_set(texts: list[str], detectors: list[Detector]) -> dict[str, dict[str, str]]:
    """"ID.param=value" texts by detector.

    Raises:
        InputError: another form, or a detector that does not run.
    """
    overrides: dict[str, dict[str, str]] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        id_, dot, param = name.partition(".")
        if not equals or not dot:
            raise InputError(
                f"--set {text} 写法不对 (wrong form)", next_step="--set MI-05.nights=0"
            )
        if id_.upper() not in {d.id for d in detectors}:
            raise InputError(
                f"--set {text}: {id_} 不在本次运行之中 (not among the detectors that run)",
                next_step=f"clew detect {id_} --set {text}",
            )
        overrides.setdefault(id_.upper(), {})[param.strip()] = value.strip()
    return overrides


def as_json(outcome: Outcome) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "id": outcome.id,
        "status": outcome.status,
        "candidates": outcome.candidates,
        "excluded": dict(outcome.excluded or {}),
        "review_list": outcome.review_list,
        "data_correction": outcome.data_correction,
        "untested": list(outcome.untested),
        "clues": outcome.clues,
        "new": outcome.new,
        "fund_amount": yuan(outcome.fund),
        "account_amount": yuan(outcome.account),
    }
    if outcome.rules:
        answer["rules"] = dict(outcome.rules)
    if outcome.reason:
        answer["reason"] = outcome.reason
    return answer


def show(outcomes: list[Outcome]) -> None:
    rows: list[tuple[object, ...]] = []
    for o in outcomes:
        title = registry.detector(o.id).title.zh
        if o.status == "not_run":
            rows.append((f"{o.id} {title}", "", "", "", "", o.reason))
            continue
        excluded = " ".join(f"{code} {n}" for code, n in (o.excluded or {}).items())
        untested = f"未测: {', '.join(o.untested)}" if o.untested else ""
        rows.append(
            (f"{o.id} {title}", o.candidates, o.clues, o.new, yuan_text(o.fund + o.account),
             " ".join(filter(None, (excluded, untested, o.reason))))
        )  # fmt: skip
    screen.table(["模型 detector", ">候选", ">线索", ">新增", ">金额 元", "排除 excluded by"], rows)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(
            f"{text!r} 不是日期 (not a date)", next_step="--as-of 2023-10-31"
        ) from None
