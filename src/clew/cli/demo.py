"""A seeded city from its deliveries to its clues, judged against what was planted."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from clew.accounts import roles
from clew.accounts.models import Account
from clew.audit.verify import verify_database
from clew.cli import screen, verdict
from clew.cli.clues import drawn
from clew.cli.demo_accounts import PASSWORD, PEOPLE, people
from clew.cli.demo_history import play
from clew.cli.ingest import show as show_receipts
from clew.cli.serve import serve
from clew.cli.setup import create
from clew.datasets.ingest.deliver import Receipt, Request, deliver
from clew.declare import Pack, Sample, registry
from clew.detection import actions, queries, reproduce
from clew.detection import thread as threads
from clew.detection.models import Run
from clew.kernel import clock
from clew.kernel.errors import InputError, Refused
from clew.kernel.identifiers import mask_id
from clew.kernel.money import yuan_text
from clew.kernel.workspace import HOME_VARIABLE, home_path
from clew.linkage.actions import repair

MARK = ".clew-demo"


def demo(
    into: Annotated[Path, typer.Option(help="folder of the sample workspace")] = Path("demo-city"),
    pack: Annotated[str, typer.Option(help="whose sample")] = "medical_insurance",
    seed: Annotated[int, typer.Option(help="another seed, another city")] = 2023,
    visits: Annotated[int, typer.Option(help="size of the city's everyday life")] = 20_000,
) -> None:
    """生成样本城市, 导入、检测, 并与真相核对。Builds a sample city and judges the result."""
    target = into.absolute()
    if home_path() != target:
        # Settings are bound to one workspace when a process starts, so the demo starts over there.
        os.environ[HOME_VARIABLE] = str(target)
        _clear(target)
        os.execv(sys.executable, [sys.executable, "-m", "clew.cli.main", *sys.argv[1:]])
    _clear(target)
    declared = registry.pack(pack)
    if declared.sample is None:
        raise InputError(f"{pack} 没有样本 (no sample)", next_step="clew demo")
    target.mkdir(parents=True)
    (target / MARK).touch()
    drafts = target / "deliveries"
    drafts.mkdir()
    with screen.progress("① 生成样本城市") as tell:
        sample = declared.sample(drafts, seed=seed, visits=visits, progress=tell)
    by = create(
        seed=seed, today=sample.today, scale=sample.scale, began=_began(sample)
    )
    people(by=by, pack=declared)
    receipts = _before(sample, by, declared, drafts)
    receipts |= _ingest(sample.deliveries[1:] if sample.history else sample.deliveries, by, drafts)
    _told(receipts)
    repair(by=by)
    with screen.progress("③ 运行监督模型") as tell:
        answer = actions.run(by=by, detectors=declared.detectors, overrides={}, progress=tell)
    _judge(sample, receipts, answer, declared, into)


def _clear(target: Path) -> None:
    """Removes an earlier demo; anything else there stays.

    Raises:
        Refused: the folder holds something that no demo made.
    """
    if not target.exists() or not any(target.iterdir()):
        shutil.rmtree(target, ignore_errors=True)
        return
    if not (target / MARK).exists():
        raise Refused(
            f"{target} 不是样本工作区, 不会覆盖 (not a demo workspace, left alone)",
            next_step="clew demo --into ANOTHER_FOLDER",
        )
    shutil.rmtree(target)


def _began(sample: Sample) -> date:
    """The day on which the city began to use Clew: before its first matter, else its today."""
    first = min((past.opened for past in sample.history), default=sample.today)
    return first - timedelta(days=1) if sample.history else sample.today


def _before(
    sample: Sample, by: Account, pack: Pack, drafts: Path
) -> dict[str, list[Receipt]]:
    """The first delivery, what was found in it, and what came of that up to today."""
    if not sample.history:
        return {}
    receipts = _ingest(sample.deliveries[:1], by, drafts)
    repair(by=by)
    with screen.progress("③ 首批运行监督模型") as tell:
        first = [d for d in pack.detectors if d.id in sample.first_run]
        actions.run(by=by, detectors=first, overrides={}, progress=tell)
    people_ = {a.code: a for a in Account.objects.select_related("department")}
    papers = drafts.parent / "papers"
    papers.mkdir()
    with screen.progress("④ 办理往期事项") as tell:
        play(sample.history, people_, papers, sample.today, tell)
    shutil.rmtree(papers)
    return receipts


def _ingest(
    folders: Sequence[Path], by: Account, drafts: Path
) -> dict[str, list[Receipt]]:
    """Every file of these deliveries in order; answers receipts by file."""
    files = [f for folder in folders for f in sorted(folder.iterdir())]
    total = sum(f.stat().st_size for f in files)
    receipts: dict[str, list[Receipt]] = {}
    done = 0
    with screen.progress("② 导入") as tell:
        for file in files:
            receipts[str(file.relative_to(drafts))] = deliver(Request(file), by=by)
            done += file.stat().st_size
            tell(file.parent.name, done / total)
    return receipts


def _told(receipts: dict[str, list[Receipt]]) -> None:
    every = [r for found in receipts.values() for r in found]
    largest = [r for r in every if r.rows >= 1_000 or r.status != "published"]
    screen.out.print(f"\n导入 {len(receipts)} 份文件, 其中较大或特殊的:", markup=False)
    show_receipts(largest, advice=False)


def _judge(
    sample: Sample,
    receipts: dict[str, list[Receipt]],
    answer: actions.RunAnswer,
    pack: Pack,
    into: Path,
) -> None:
    truth = json.loads(sample.truth.read_text(encoding="utf-8"))
    run = Run.objects.get(code=answer.run)
    scores = verdict.score(truth, run)
    _table(answer, scores)
    wrong = [f"{s.detector} {w}" for s in scores for w in s.wrong]
    wrong += verdict.deliveries(truth, receipts)
    ledger = verify_database()
    if not ledger.ok:
        wrong.append("台账核验未通过 (ledger broken)")
    story = _story(truth)
    if story:
        wrong += _reproduced(story)
    sound = "通过" if ledger.ok else "未通过"
    screen.out.print(f"台账 {ledger.entries} 条, 核验{sound}", markup=False)
    if wrong:
        for line in wrong[:40]:
            screen.note(f"✗ {line}")
        screen.note(f"与植入的真相有 {len(wrong)} 处不符 (the truth is not met)")
        raise typer.Exit(1)
    _next(pack, into)
    _served()


def _table(answer: actions.RunAnswer, scores: Sequence[verdict.Score]) -> None:
    """The result a detector a line; why candidates are no clues stands below, a line each."""
    judged = {s.detector: s for s in scores}
    rows = []
    for o in answer.outcomes:
        s = judged.get(o.id, verdict.Score(o.id))
        excluded = sum((o.excluded or {}).values())
        rows.append(
            (f"{o.id} {registry.detector(o.id).title.zh}", o.candidates, excluded, o.clues,
             yuan_text(o.fund + o.account), s.planted, s.found, s.missed, s.false, s.unjudged or "")
        )  # fmt: skip
    screen.table(
        ["模型\ndetector", ">候选\ncandidates", ">排除\nexcluded", ">线索\nclues",
         ">金额(元)\namount", ">植入\nplanted", ">找到\nfound", ">漏\nmissed", ">误\nfalse",
         ">未判\nunjudged"],
        rows,
    )  # fmt: skip
    screen.out.print("排除理由 (excluded by reason)", markup=False)
    for o in answer.outcomes:
        reasons = " · ".join(f"{code} {n}" for code, n in (o.excluded or {}).items())
        screen.out.print(f"  {o.id}  {reasons}", markup=False)


def _story(truth: dict[str, Any]) -> str:
    """Tells the planted story from its source rows to its clue; returns that clue's id."""
    case = next((c for c in truth["planted"] if c.get("story")), None)
    if case is None:
        return ""
    code = verdict.identity(case, clock.today())
    text = truth.get("stories", {}).get(case["story"], {})
    screen.out.print(f"一个故事\n  {text.get('zh', '')}\n  {text.get('en', '')}", markup=False)
    hits = [h for h in queries.current_hits(case["detector"]) if h.clue.code == code]
    if not hits:
        return ""
    rows = queries.evidence(hits)[hits[0].pk]
    screen.out.print(
        f"  对象 {mask_id(case['subject'])}   线索 {code}   级 {hits[0].severity}   "
        f"金额 {yuan_text(hits[0].fund + hits[0].account)} 元",
        markup=False,
    )
    for row in rows[:8]:
        screen.out.print(f"    {row.role:8} {row.file} 第 {row.row} 行", markup=False)
    screen.out.print(f"  {drawn(threads.thread(code))}", markup=False)
    return code


def _reproduced(code: str) -> list[str]:
    found = reproduce.reproduce(code)
    screen.out.print(
        f"  用冻结输入重算: {'一致' if found.agrees else '不一致'} (recomputed from frozen inputs)",
        markup=False,
    )
    return [] if found.agrees else [f"线索 {code} 重算不一致 (recomputed differently)"]


def _served() -> None:
    """The workbench, where somebody sits at a terminal and has not said SERVE=0."""
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    if not interactive or os.environ.get("SERVE", "") == "0":
        screen.out.print("  clew serve", markup=False)
        return
    screen.out.print(f"\n工作台账户, 密码均为 {PASSWORD} (accounts, one password):", markup=False)
    screen.table(
        ["账户 account", "姓名 name", "角色 role"],
        [(p.code, p.name, roles.role(p.role).name.zh) for p in PEOPLE],
    )
    serve()


def _next(pack: Pack, into: Path) -> None:
    screen.out.print("\n真相已核对: 全部找到, 无误报 (the truth is met)", markup=False)
    screen.out.print("接着试试 (try next):", markup=False)
    screen.out.print(f"  export {HOME_VARIABLE}={into.absolute()}", markup=False)
    first = queries.current_hits()[0].clue.code
    for command in (
        "clew clues list",
        f"clew clues show {first}",
        f"clew thread {first}",
        "clew detect MI-05 --set MI-05.nights=0",
        "clew quarantine list",
        "clew link --conflicts",
        f"clew brief {pack.name}",
        "clew accounts list",
        "LOGNAME=demo-operator-ruian clew clues list",
        "clew audit verify",
    ):
        screen.out.print(f"  {command}", markup=False)
