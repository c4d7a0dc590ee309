"""The command line, as Typer tells it."""

from __future__ import annotations

import os

import django
import typer
from typer.cli import get_docs_for_click
from typer.main import get_command


def command_page() -> str:
    """Typer's own page of the command line; its rooms need Django's settings, not a workspace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clew.settings")
    django.setup()
    from clew.cli.app import app

    command = get_command(app)
    return str(get_docs_for_click(obj=command, ctx=typer.Context(command), name="clew"))
