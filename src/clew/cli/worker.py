"""The background worker: what pages asked for, one after the other, until it is told to stop."""

from __future__ import annotations

from typing import Annotated

import typer
from django.core.management import call_command
from django.utils.module_loading import import_string

from clew.cli import screen
from clew.cli.session import begin

# By its path, because neither door imports the other.
_RECOVER = "clew.web.work.actions.recover"


def worker(
    once: Annotated[bool, typer.Option("--once", help="end when nothing waits any more")] = False,
    json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
) -> None:
    """后台办理: 导入与运行模型。Works off what pages asked for; Ctrl+C ends it."""
    begin()
    lost = import_string(_RECOVER)()
    if json:
        screen.show_json({"recovered": lost})
    call_command(
        "db_worker", verbosity=0, interval=1, startup_delay=False, reload=False, batch=once
    )
