"""Every command explains itself, speaks JSON, and stands in the README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from clew.cli.app import app

# The demo tells a story, serve serves; the others write a file, or print one.
WITHOUT_JSON = {"demo", "serve", "clues export", "audit export", "datasets map"}


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, with its words."""
    inner = getattr(group, "commands", None)
    if inner is None:
        yield path, group
    else:
        for name, command in sorted(inner.items()):
            yield from commands(command, (*path, name))


ALL = list(commands(get_command(app)))
IDS = [" ".join(path) for path, _ in ALL]


def test_there_are_commands() -> None:
    wanted = {"init", "demo", "ingest", "detect", "reproduce", "trace", "why", "thread", "brief"}
    assert wanted <= {path[0] for path, _ in ALL}


@pytest.mark.parametrize(("path", "command"), ALL, ids=IDS)
def test_every_command_says_what_it_does(path: tuple[str, ...], command: Any) -> None:
    assert len((command.help or "").strip()) > 15


@pytest.mark.parametrize(("path", "command"), ALL, ids=IDS)
def test_every_option_says_what_it_does(path: tuple[str, ...], command: Any) -> None:
    silent = [
        parameter.name
        for parameter in command.params
        if not (getattr(parameter, "help", "") or "").strip() and parameter.name != "help"
    ]
    assert not silent


@pytest.mark.parametrize(("path", "command"), ALL, ids=IDS)
def test_every_command_speaks_json(path: tuple[str, ...], command: Any) -> None:
    options = {option for parameter in command.params for option in parameter.opts}
    assert "--json" in options or " ".join(path) in WITHOUT_JSON


def test_both_readmes_name_every_command(root: Path) -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (root / name).read_text(encoding="utf-8")
        missing = [words for words in IDS if f"clew {words}" not in text]
        assert not missing, f"{name} does not name: {missing}"
