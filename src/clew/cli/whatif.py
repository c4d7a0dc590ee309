"""Other parameters on the same batches, beside today's clues and their verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from clew.cli import screen
from clew.cli.detect import chosen, parse_set
from clew.cli.session import begin, domains_of
from clew.declare import registry
from clew.detection import whatif as compare
from clew.detection.access import require_domain
from clew.detection.queries import Subjects, may_be_person
from clew.detection.verdicts.queries import run as find_run
from clew.detection.whatif import CHANGES, COMES, GOES, STAYS, Change, Comparison, Sight, Total
from clew.kernel.errors import InputError
from clew.kernel.money import yuan, yuan_text

_KINDS = {COMES: "＋ 新来", GOES: "－ 消失", CHANGES: "≠ 变化", STAYS: "＝ 不变"}
_STATUSES = {"open": "待核", "confirmed": "已核实", "rebutted": "已排除"}


def whatif(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID.param=value…",
            help="other parameters; a bare ID compares today's version with the run's",
        ),
    ] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="ID.param=value")] = None,
    run: Annotated[
        str, typer.Option(help="compare with this run instead of each detector's last")
    ] = "",
    limit: Annotated[int, typer.Option(help="at most so many clues a detector in the table")] = 50,
    json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
) -> None:
    """换参数试算, 与现有线索及其判定对比。Which clues come and go, and what their verdicts were."""
    by = begin()
    texts = [*(what or []), *(set_ or [])]
    if not texts:
        raise InputError(
            "须指明参数或模型 (name a parameter or a detector)",
            next_step="clew whatif MI-05.nights=2",
        )
    detectors = chosen([text.partition("=")[0].partition(".")[0] for text in texts])
    overrides = parse_set([text for text in texts if "=" in text or "." in text], detectors)
    for domain in domains_of(d.id for d in detectors):
        require_domain(by, "run", domain)
    earlier = find_run(run) if run else None
    with screen.progress("试算") as tell:
        found = compare.whatif(detectors, overrides, run=earlier, progress=tell)
    subjects = _subjects(found)
    if json:
        screen.show_json([_as_json(c, subjects) for c in found])
        return
    for comparison in found:
        _show(comparison, subjects, limit)
    screen.note("未保存任何结果 (nothing was stored)")
    screen.note("  → clew detect --set … (runs it)   clew clues show CLUE")


def _show(found: Comparison, subjects: Subjects, limit: int) -> None:
    detector = registry.detector(found.detector)
    before, after = found.versions
    version = f"第 {before} 版" if before == after else f"第 {before} → {after} 版"
    screen.out.print(
        f"{detector.id} {detector.title.zh}   {version}   对比运行 {found.run}", markup=False
    )
    for name, (old, new) in found.params.items():
        screen.out.print(f"  {name}: {old or '无'} → {new}", markup=False)
    if found.code_changed:
        screen.note("  代码自那次运行后有改动, 差别也可能来自代码 (the code has changed since)")
    if found.reason:
        screen.note(f"  未运行: {found.reason}")
    moved = [c for c in found.changes if c.kind != STAYS]
    screen.table(
        ["", "线索 clue", "对象 subject", "级", ">金额 元", "判定 verdict"],
        [
            (_KINDS[c.kind], c.clue, subjects.subject(c.subject_kind, c.subject_key),
             _pair(c, "severity"), _amounts(c), f"{_STATUSES[c.status]} {c.code}".strip())
            for c in moved[:limit]
        ],
    )  # fmt: skip
    if len(moved) > limit:
        screen.note(f"  另有 {len(moved) - limit} 条, --json 可见全部 (more, see --json)")
    _totals(found)


def _totals(found: Comparison) -> None:
    lines = [("原有 before", found.before), ("试算 after", found.after)]
    lines += [(title, found.total(kind)) for kind, title in _KINDS.items()]
    screen.table(
        ["", ">线索", ">金额 元", "精度 precision", "排除原因 causes"],
        [
            (title, t.clues, yuan_text(t.amount), str(t.precision),
             " ".join(f"{code} {n}" for code, n in sorted(t.causes.items())))
            for title, t in lines
        ],
    )  # fmt: skip


def _pair(change: Change, name: str) -> str:
    old, new = (getattr(s, name) if s else "" for s in (change.before, change.after))
    return str(new or old) if old == new or not old or not new else f"{old} → {new}"


def _amounts(change: Change) -> str:
    old, new = (yuan_text(s.amount) if s else "" for s in (change.before, change.after))
    return new or old if old == new or not old or not new else f"{old} → {new}"


def _subjects(found: Sequence[Comparison]) -> Subjects:
    changes = [c for comparison in found for c in comparison.changes]
    keys = [int(c.subject_key) for c in changes if c.subject_kind == "person"]
    keys += [int(part) for c in changes for part in c.fact if may_be_person(part)]
    return Subjects(keys)


def _as_json(found: Comparison, subjects: Subjects) -> dict[str, Any]:
    return {
        "detector": found.detector,
        "run": found.run,
        "version_before": found.versions[0],
        "version_after": found.versions[1],
        "params": {k: {"before": old, "after": new} for k, (old, new) in found.params.items()},
        "code_changed": found.code_changed,
        "reason": found.reason,
        "before": _total(found.before),
        "after": _total(found.after),
        **{kind: _total(found.total(kind)) for kind in _KINDS},
        "clues": [
            {
                "clue": c.clue,
                "kind": c.kind,
                "rule": c.rule,
                "subject": subjects.subject(c.subject_kind, c.subject_key),
                "fact": subjects.fact(c.fact),
                "before": _sight(c.before),
                "after": _sight(c.after),
                "status": c.status,
                "code": c.code,
            }
            for c in found.changes
            if c.kind != STAYS
        ],
    }


def _total(total: Total) -> dict[str, Any]:
    return {
        "clues": total.clues,
        "amount": yuan(total.amount),
        "precision": total.precision.as_json(),
        "causes": dict(sorted(total.causes.items())),
    }


def _sight(sight: Sight | None) -> dict[str, str] | None:
    if sight is None:
        return None
    return {"severity": sight.severity, "fund_amount": yuan(sight.fund),
            "account_amount": yuan(sight.account)}  # fmt: skip
