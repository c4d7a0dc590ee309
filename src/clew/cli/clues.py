"""Clues, and the four questions about them: what, why, where from, does it hold again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from clew.accounts.models import Account
from clew.cli import screen
from clew.cli.detect import chosen
from clew.cli.session import begin
from clew.cli.triage import percent, trust_as_json
from clew.datasets import places
from clew.declare import Detector, registry
from clew.detection import access, queries
from clew.detection import reproduce as recompute
from clew.detection import thread as threads
from clew.detection import why as reasons
from clew.detection.models import Evidence, Hit, Verdict
from clew.detection.triage.confidence import Confidence, confidences
from clew.detection.triage.order import ordered
from clew.detection.triage.params import values
from clew.detection.verdicts.queries import history
from clew.kernel.errors import NotFound
from clew.kernel.money import yuan, yuan_text
from clew.matters import thread as matter_threads
from clew.reports.releases import access as releases
from clew.reports.releases.actions import take_release

app = typer.Typer(help="线索。Clues.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="machine-readable")]
Unmask = Annotated[bool, typer.Option("--unmask", help="show persons in clear; needs --reason")]
Because = Annotated[str, typer.Option("--reason", help="why, for the ledger")]
ClueId = Annotated[str, typer.Argument(metavar="CLUE", help="a clue's id, or its beginning")]
Key = Annotated[
    str, typer.Argument(metavar="KEY", help="a part of the row's business key, or BATCH:ROW")
]
_MARKS = {True: "✓ 是", False: "· 否", None: "? 未测"}
_KNOTS = {
    threads.REACHED: "●", threads.PRESENT: "◉", threads.AHEAD: "○", threads.CLOSED: "⊗"
}  # fmt: skip
SAID = {
    Verdict.CONFIRMED: "已核实 (confirmed)",
    Verdict.REBUTTED: "已排除 (rebutted)",
    Verdict.REOPENED: "重新打开 (open again)",
}
_GONE = {places.SUPERSEDED: "已被更正", places.WITHDRAWN: "所在批次已撤回"}


@app.command("list")
def list_(
    detector: Annotated[str, typer.Option(help="only this detector")] = "",
    sort: Annotated[str, typer.Option(help="amount, fund, severity or confidence")] = "",
    unmask: Unmask = False,
    reason: Because = "",
    json: Json = False,
) -> None:
    """列出当前线索。Clues that the last runs saw; persons masked."""
    by = begin()
    current = queries.current_hits(registry.detector(detector).id if detector else "")
    hits = access.seen_hits(by, current)
    clear = _clear(by, "clues", hits, unmask, reason)
    rows = queries.evidence(hits)
    trust = confidences(hits, rows, values())
    hits = ordered(hits, trust, sort)
    if json:
        _show_json(hits, rows, trust, clear=clear)
        return
    seen = [e for found in rows.values() for e in found]
    subjects, stale = queries.Subjects.of(hits, seen, clear=clear), queries.stale(seen)
    screen.table(
        ["线索 clue", "模型 detector", "级", ">金额 元", ">可信 %", "对象 subject", ">证据行"],
        [
            (h.clue.code, _title(h), h.severity, yuan_text(h.fund + h.account),
             percent(trust[h.pk].value),
             subjects.subject(h.clue.subject_kind, h.clue.subject_key), _counted(rows[h.pk], stale))
            for h in hits
        ],
    )  # fmt: skip
    screen.note(f"{len(hits)} 条疑似线索 (suspicions until an officer decides)")
    if hits:
        screen.note(f"  → clew clues show {hits[0].clue.code}")


def _show_json(
    hits: Sequence[Hit], rows: Mapping[int, list[Evidence]], trust: Mapping[int, Confidence],
    *, clear: bool,
) -> None:  # fmt: skip
    seen = [e for found in rows.values() for e in found]
    subjects, stale = queries.Subjects.of(hits, seen, clear=clear), queries.stale(seen)
    screen.show_json(
        [_as_json(h, rows[h.pk], subjects, stale) | {"confidence": trust_as_json(trust[h.pk])}
         for h in hits]
    )  # fmt: skip


@app.command("show")
def show(clue: ClueId, unmask: Unmask = False, reason: Because = "", json: Json = False) -> None:
    """查看一条线索: 依据、证据行。One clue with its rows."""
    by = begin()
    hit = queries.latest_hit(access.seen(by, clue))
    clear = _clear(by, hit.clue.code, [hit], unmask, reason)
    rows = queries.evidence([hit])[hit.pk]
    subjects = queries.Subjects.of([hit], rows, clear=clear)
    stale = queries.stale(rows)
    if json:
        words = {"verdicts": [verdict_json(word) for word in history(hit.clue)]}
        screen.show_json(_as_json(hit, rows, subjects, stale) | words)
        return
    _show_hit(hit, rows, subjects)
    for word in history(hit.clue):
        screen.out.print(
            f"判定 {SAID[word.kind]} {word.code} {word.at:%Y-%m-%d} {word.by.code}: {word.reason}",
            markup=False,
        )
    for row in rows:
        if row.row_id in stale:
            screen.note(
                f"证据行 {row.batch}:{row.row} {_GONE[stale[row.row_id]]}, 请重新运行模型 "
                f"(this row was {stale[row.row_id]})   → clew detect {hit.clue.detector}"
            )
    _draw(matter_threads.of_hit(by, hit))


def _show_hit(hit: Hit, rows: list[Evidence], subjects: queries.Subjects) -> None:
    screen.out.print(f"疑似 {_title(hit)}   线索 {hit.clue.code}   级 {hit.severity}", markup=False)
    screen.out.print(
        f"对象 {subjects.subject(hit.clue.subject_kind, hit.clue.subject_key)}   "
        f"事实 {' / '.join(subjects.fact(hit.clue.fact_key))}   "
        f"基金 {yuan_text(hit.fund)} 元   个账 {yuan_text(hit.account)} 元",
        markup=False,
    )
    if hit.untested:
        screen.out.print(f"未测 {', '.join(hit.untested)} (级别已降一档)", markup=False)
    if queries.confirm_identity(rows):
        screen.out.print(
            "须先核实身份: 有证据行的证件是修复的 (confirm identity first: a number was repaired)"
            "   → clew link --repaired",
            markup=False,
        )
    screen.table(
        ["角色", "数据集", "主键 key", "批次", "文件", ">行", "所见"],
        [
            (e.role, e.dataset, "/".join(map(str, subjects.key(e.dataset, e.key))), e.batch,
             e.file, e.row, _told(e.values))
            for e in rows
        ],
    )  # fmt: skip


@app.command("export")
def export(
    detector: Annotated[str, typer.Option(help="only this detector")] = "",
    release: Annotated[
        str, typer.Option(help="those of this release, in clear: see clew releases")
    ] = "",
) -> None:
    """导出线索 (JSON)。All clues with their evidence, for another program."""
    by, current = begin(), queries.current_hits(registry.detector(detector).id if detector else "")
    hits = access.seen_hits(by, current, "export")
    if release:
        held = set(releases.seen(by, release).clues)
        hits = [h for h in hits if h.clue.code in held]
        take_release(by=by, release=release, hits=hits, kind="json")
    rows = queries.evidence(hits)
    _show_json(hits, rows, confidences(hits, rows, values()), clear=bool(release))


def thread(
    text: Annotated[str, typer.Argument(metavar="ID", help="clue, matter, row's key, BATCH:ROW")],
    json: Json = False,
) -> None:
    """一条线: 数据行 ─ 关联 ─ 命中 ─ 线索 ─ … ─ 追回。The thread of a clue, matter or row."""
    knots = matter_threads.thread(begin(), text)
    if json:
        screen.show_json(
            [{"knot": k.name, "title": k.title.zh, "state": k.state, "note": str(k.note or ""),
              "way_in": k.way_in} for k in knots]
        )  # fmt: skip
    else:
        _draw(knots)


def drawn(knots: list[threads.Knot]) -> str:
    """The thread as one line."""
    return " ─ ".join(f"{_KNOTS[k.state]} {k.title.zh}" for k in knots)


def _draw(knots: list[threads.Knot]) -> None:
    screen.out.print(drawn(knots), markup=False)
    for knot in knots:
        if knot.note:
            screen.out.print(f"  {knot.title.zh}: {knot.note}   → {knot.way_in}", markup=False)


def trace(key: Key, json: Json = False) -> None:
    """一行数据去了哪里。Where a row went: batch, state, clues that use it. KEY or BATCH:ROW."""
    by = begin()
    rows = access.seen_rows(by, places.rows_by_key(key))
    if not rows:
        raise NotFound(
            f"没有主键含 {key} 的行 (no row has this key)", next_step="clew datasets batches"
        )
    uses = _seen_only(by, queries.clues_using([r.row_id for r in rows]))
    stale = _seen_only(by, queries.stale_clues([r.row_id for r in rows]))
    found = [
        {"dataset": r.dataset, "batch": r.batch, "file": r.file, "row": r.row, "state": r.state,
         "clues": uses.get(r.row_id, []), "stale_clues": stale.get(r.row_id, [])}
        for r in rows
    ]  # fmt: skip
    if json:
        screen.show_json(found)
    else:
        screen.table(["数据集", "批次", "文件", ">行", "状态", "线索"],
                     [(*list(f.values())[:5], ", ".join(uses.get(r.row_id, [])))
                      for f, r in zip(found, rows, strict=True)])  # fmt: skip
        for place in rows:
            for code in stale.get(place.row_id, []):
                screen.note(
                    f"线索 {code} 依据的行 {place.batch}:{place.row} {_GONE[place.state]} "
                    f"(clue {code} rests on it: {place.state})   → clew clues show {code}"
                )


def why(
    key: Key,
    detector: Annotated[list[str] | None, typer.Argument(help="detectors; none: all")] = None,
    json: Json = False,
) -> None:
    """为何命中, 或第一个不满足的条件。Why a row fired, or the first condition that failed."""
    by = begin()
    answers = reasons.why(key, chosen(detector or []))
    seen = {row.row_id for row in access.seen_rows(by, [a.row for a in answers])}
    answers = [a for a in answers if a.row.row_id in seen]
    if not answers:
        raise NotFound(
            f"没有业务主键含 {key} 的行 (no row has this key)", next_step=f"clew trace {key}"
        )
    if json:
        screen.show_json(
            [{"detector": a.detector, "rule": a.rule,
              "dataset": a.row.dataset, "batch": a.row.batch,
              "row": a.row.row, "outcome": a.outcome, "decided_by": a.decided_by,
              "tested": dict(a.tested), "clue": a.clue} for a in answers]
        )  # fmt: skip
        return
    for answer in answers:
        declared = registry.detector(answer.detector)
        screen.out.print(
            f"{answer.detector}{answer.rule} {_titled(declared, answer.rule)}   "
            f"{answer.row.dataset} {answer.row.batch}:{answer.row.row}   "
            f"{answer.outcome}   {answer.decided_by} {answer.clue}",
            markup=False,
        )
        titles = {item.code: item.title.zh for item in declared.rule(answer.rule).asked}
        for code, met in answer.tested.items():
            screen.out.print(f"    {_MARKS[met]}  {code} {titles[code]}", markup=False)


def reproduce(clue: ClueId, json: Json = False) -> None:
    """用冻结的输入重算一条线索。Recomputes a clue from its frozen inputs; exit 9 if it differs."""
    found = recompute.reproduce(access.seen(begin(), clue).code)
    answer: dict[str, Any] = {
        "clue": found.clue, "agrees": found.agrees, "found": found.found,
        "code_changed": found.code_changed, "recorded": found.recorded,
        "recomputed": found.recomputed,
    }  # fmt: skip
    if json:
        screen.show_json(answer)
    else:
        verdict = "一致 (agrees)" if found.agrees else "不一致 (differs)"
        screen.note(f"线索 {found.clue}: {verdict}")
        if found.code_changed:
            screen.note("  代码自那次运行后有改动 (the code has changed since that run)")
    if not found.agrees:
        raise typer.Exit(9)


def _clear(by: Account, subject: str, hits: list[Hit], unmask: bool, reason: str) -> bool:
    if unmask:
        access.unmask(by=by, subject=subject, hits=hits, reason=reason)
    return unmask


def _seen_only(by: Account, uses: Mapping[int, list[str]]) -> dict[int, list[str]]:
    """Row id → its clues, without those out of sight."""
    seen = access.seen_codes(by, [code for codes in uses.values() for code in codes])
    return {row: [code for code in codes if code in seen] for row, codes in uses.items()}


def _titled(declared: Detector, rule: str) -> str:
    """The detector's title, with that of its rule where it asks several questions."""
    return f"{declared.title.zh} · {declared.rule(rule).title.zh}" if rule else declared.title.zh


def _title(hit: Hit) -> str:
    declared = registry.detector(hit.clue.detector)
    return f"{declared.id}{hit.clue.rule} {_titled(declared, hit.clue.rule)}"


def _told(values: dict[str, Any]) -> str:
    return " ".join(f"{k}={v}" for k, v in values.items() if v not in (None, "", 0, False, []))


def _counted(rows: list[Evidence], stale: Mapping[int, str]) -> str:
    """How many rows, and how many of them were corrected since."""
    gone = sum(row.row_id in stale for row in rows)
    return f"{len(rows)} (更正 {gone})" if gone else str(len(rows))


def _as_json(
    hit: Hit, rows: list[Evidence], subjects: queries.Subjects, stale: Mapping[int, str]
) -> dict[str, Any]:
    return {
        "clue": hit.clue.code,
        "detector": hit.clue.detector,
        "rule": hit.clue.rule,
        "severity": hit.severity,
        "amount": yuan(hit.fund + hit.account),
        "fund_amount": yuan(hit.fund),
        "account_amount": yuan(hit.account),
        "subject": subjects.subject(hit.clue.subject_kind, hit.clue.subject_key),
        "fact": subjects.fact(hit.clue.fact_key),
        "status": hit.clue.status,
        "untested": hit.untested,
        "confirm_identity": queries.confirm_identity(rows),
        "evidence": [
            {"role": e.role, "dataset": e.dataset, "batch": e.batch, "file": e.file, "row": e.row,
             "key": "/".join(str(part) for part in subjects.key(e.dataset, e.key))}
            for e in rows
        ],
        "stale_evidence": [
            {"dataset": e.dataset, "batch": e.batch, "row": e.row, "state": stale[e.row_id]}
            for e in rows if e.row_id in stale
        ],
    }  # fmt: skip


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """One word on a clue, as every command tells it."""
    return {
        "clue": verdict.clue.code,
        "verdict": verdict.kind,
        "code": verdict.code,
        "reason": verdict.reason,
        "version": verdict.version,
        "evidence": verdict.evidence,
        "by": verdict.by.code,
        "at": verdict.at.isoformat(timespec="seconds"),
    }
