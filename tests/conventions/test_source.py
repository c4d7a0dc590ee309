"""Habits that hold in every file of src: one clock, no prints, no traces of a machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Source

CLOCK = "kernel/clock.py"
ASKS_FOR_THE_TIME = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time",
    "time.localtime", "time.gmtime", "timezone.now", "timezone.localdate", "ibis.now",
    "ibis.today",
}  # fmt: skip
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|tmp|home|root|Users|opt)/\w|\.\./shared")
NAMELESS = {"utils", "util", "misc", "helpers", "helper", "manager", "managers", "nextgen"}
LONGEST = 400


def names_called(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every call by its last two names, `datetime.now`, with the line."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno
        elif isinstance(node.func, ast.Attribute):
            before = node.func.value
            owner = getattr(before, "id", getattr(before, "attr", ""))
            yield f"{owner}.{node.func.attr}", node.lineno


def time_asked(tree: ast.AST) -> list[int]:
    return [line for name, line in names_called(tree) if name in ASKS_FOR_THE_TIME]


def printed(tree: ast.AST) -> list[int]:
    return [line for name, line in names_called(tree) if name == "print"]


def explained(tree: ast.Module) -> bool:
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    single = classes[0] if len(classes) == 1 else None
    return bool(ast.get_docstring(tree) or (single and ast.get_docstring(single)))


def test_only_the_clock_asks_the_machine_for_the_time(sources: Sequence[Source]) -> None:
    found = [f"{s.name}:{n}" for s in sources if s.name != CLOCK for n in time_asked(s.tree)]
    assert not found, "ask clew.kernel.clock instead"


def test_nothing_prints(sources: Sequence[Source]) -> None:
    found = [f"{s.name}:{n}" for s in sources for n in printed(s.tree)]
    assert not found, "the command line writes through its console; the rest returns values"


def test_no_machine_path_is_written_down(sources: Sequence[Source]) -> None:
    found = [
        f"{s.name}:{number}"
        for s in sources
        for number, line in enumerate(s.text.splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert not found


def test_files_are_named_after_what_they_hold(sources: Sequence[Source]) -> None:
    found = [s.name for s in sources if set(s.path.parts) & NAMELESS or s.path.stem in NAMELESS]
    assert not found


def test_files_stay_short(sources: Sequence[Source]) -> None:
    found = {s.name: n for s in sources if (n := len(s.text.splitlines())) > LONGEST}
    assert not found, "look for the seam"


def test_every_module_says_what_it_is(sources: Sequence[Source]) -> None:
    """In its own text, or where it holds one class, in that class's."""
    dull = {"apps.py", "__init__.py"}
    found = [s.name for s in sources if s.path.name not in dull and not explained(s.tree)]
    assert not found


@pytest.mark.parametrize(
    ("code", "hits"),
    [
        ("from datetime import datetime\ndatetime.now()", 1),
        ("import datetime\ndatetime.date.today()", 1),
        ("import time\ntime.time()", 1),
        ("from clew.kernel import clock\nclock.now()", 0),
        ("import time\ntime.perf_counter()", 0),
    ],
)
def test_the_scan_for_time_sees(code: str, hits: int) -> None:
    assert len(time_asked(ast.parse(code))) == hits


def test_the_scan_for_paths_sees() -> None:
    assert MACHINE_PATH.search('open("/tmp/x")')
    assert MACHINE_PATH.search('Path("/home/someone")')
    assert not MACHINE_PATH.search("days/home/bed")
