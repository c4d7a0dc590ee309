"""All commands in one place: learn the product by reading this list."""

from __future__ import annotations

import typer

from clew.cli import (
    accounts,
    audit,
    brief,
    clues,
    datasets,
    decisions,
    demo,
    detect,
    evidence,
    handling,
    ingest,
    link,
    look,
    matters,
    quarantine,
    releases,
    scorecard,
    serve,
    setup,
    tickets,
    triage,
    whatif,
    worker,
)

app = typer.Typer(
    name="clew",
    help="线索: 汇集部门数据, 发现线索, 追到结果。Pool records, find clues, follow them through.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("init")(setup.init)
app.command("demo")(demo.demo)
app.command("doctor")(setup.doctor)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("new-pack")(setup.new_pack)
app.command("look")(look.look)
app.command("ingest")(ingest.ingest)
app.command("detect")(detect.detect)
app.command("thread")(clues.thread)
app.command("trace")(clues.trace)
app.command("why")(clues.why)
app.command("reproduce")(clues.reproduce)
app.command("whatif")(whatif.whatif)
app.command("scorecard")(scorecard.scorecard)
app.command("overlap")(scorecard.overlap)
app.command("triage")(triage.triage)
app.command("evidence")(evidence.evidence)
app.command("verify-evidence")(evidence.verify_evidence)
app.command("brief")(brief.brief)
clues.app.command("confirm")(decisions.confirm)
clues.app.command("rebut")(decisions.rebut)
clues.app.command("reopen")(decisions.reopen)
matters.app.command("open")(handling.open_)
matters.app.command("advance")(handling.advance)
matters.app.command("assign")(handling.assign)
matters.app.command("return")(handling.return_)
matters.app.command("suspend")(handling.suspend)
matters.app.command("resume")(handling.resume)
matters.app.command("reopen")(handling.reopen)
matters.app.command("merge")(handling.merge)
matters.app.command("attach")(handling.attach)
matters.app.command("paper")(handling.paper)
matters.app.command("answer")(handling.answer)
matters.app.command("identify")(handling.identify)
matters.app.command("settle")(handling.settle)
matters.app.command("extend")(handling.extend)
matters.app.command("write-off")(handling.write_off)
matters.app.command("approve")(handling.approve)
matters.app.command("book")(handling.book)
matters.app.command("reverse")(handling.reverse)
matters.app.command("lookback")(handling.lookback)
app.add_typer(datasets.app, name="datasets")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(link.app, name="link")
app.add_typer(clues.app, name="clues")
app.add_typer(triage.app, name="groups")
app.add_typer(tickets.app, name="tickets")
app.add_typer(releases.app, name="releases")
app.add_typer(matters.app, name="matters")
app.add_typer(accounts.app, name="accounts")
app.add_typer(audit.app, name="audit")
