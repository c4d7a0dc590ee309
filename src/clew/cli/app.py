"""All commands in one place: learn the product by reading this list."""

from __future__ import annotations

import typer

from clew.cli import (
    audit,
    brief,
    clues,
    datasets,
    demo,
    detect,
    ingest,
    link,
    look,
    quarantine,
    setup,
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
app.command("new-pack")(setup.new_pack)
app.command("look")(look.look)
app.command("ingest")(ingest.ingest)
app.command("detect")(detect.detect)
app.command("thread")(clues.thread)
app.command("trace")(clues.trace)
app.command("why")(clues.why)
app.command("reproduce")(clues.reproduce)
app.command("brief")(brief.brief)
app.add_typer(datasets.app, name="datasets")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(link.app, name="link")
app.add_typer(clues.app, name="clues")
app.add_typer(audit.app, name="audit")
