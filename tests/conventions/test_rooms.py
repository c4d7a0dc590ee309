"""Whoever knows one room knows all: the same file names, verbs that write, queries that read."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.apps import apps

if TYPE_CHECKING:
    from conftest import Source

NEEDED = {"models.py", "actions.py", "queries.py", "apps.py"}
STRANGERS = {
    "services.py", "service.py", "selectors.py", "views.py", "signals.py", "tasks.py", "enums.py",
    "verbs.py", "permissions.py", "constants.py", "exceptions.py", "common.py", "types.py",
}  # fmt: skip
ROOMS = ("audit", "accounts", "datasets", "linkage", "detection", "matching", "matters", "reports")
WRITES = {
    "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "update", "delete"
}  # fmt: skip


def rooms_with_tables(root: Path) -> list[Path]:
    return [
        root / "src" / "clew" / room
        for room in ROOMS
        if (root / "src" / "clew" / room / "models.py").exists()
    ]


def writes(tree: ast.AST) -> Iterator[int]:
    """Lines that write through Django: a manager's write, or `save` of an instance."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        through_manager = any(
            isinstance(part, ast.Attribute) and part.attr == "objects"
            for part in ast.walk(node.func.value)
        )
        if (node.func.attr in WRITES and through_manager) or (
            node.func.attr == "save" and not node.args
        ):
            yield node.lineno


def appends(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "append"
        for node in ast.walk(function)
    )


def is_atomic(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "atomic" for node in ast.walk(function)
    )


def test_rooms_with_tables_have_the_same_files(root: Path) -> None:
    found = rooms_with_tables(root)
    assert found
    missing = {room.name: sorted(NEEDED - {p.name for p in room.iterdir()}) for room in found}
    assert not {name: files for name, files in missing.items() if files}


def test_rooms_use_no_second_name_for_a_file(sources: Sequence[Source]) -> None:
    found = [s.name for s in sources if s.room in ROOMS and s.path.name in STRANGERS]
    assert not found, "models, actions, queries, access, apps; the rest after what it holds"


def test_models_live_in_models() -> None:
    for model in apps.get_models():
        if model.__module__.startswith("clew."):
            assert model.__module__.endswith(".models"), model


def test_only_verbs_write(sources: Sequence[Source]) -> None:
    allowed = {"actions.py", "models.py"}
    found = [
        f"{s.name}:{line}" for s in sources if s.path.name not in allowed for line in writes(s.tree)
    ]
    assert not found, "every write is a verb in actions.py"


def test_every_verb_is_keyword_only_atomic_and_has_an_actor(sources: Sequence[Source]) -> None:
    faults = []
    for source in sources:
        if source.path.name != "actions.py" or source.room == "audit":
            continue
        for node in source.tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if not appends(node):
                continue
            at = f"{source.name}:{node.lineno} {node.name}"
            if node.args.args or node.args.posonlyargs:
                faults.append(f"{at} takes positional arguments")
            if "by" not in {a.arg for a in node.args.kwonlyargs} and node.name != "bootstrap":
                faults.append(f"{at} has no by=")
            if not is_atomic(node):
                faults.append(f"{at} is not atomic")
    assert not faults


@pytest.mark.parametrize(
    ("code", "hits"),
    [
        ("Batch.objects.create(code=1)", 1),
        ("Batch.objects.filter(pk=1).delete()", 1),
        ("batch.save(update_fields=['x'])", 1),
        ("facts.update(more)", 0),
        ("Batch.objects.filter(pk=1).count()", 0),
    ],
)
def test_the_scan_for_writes_sees(code: str, hits: int) -> None:
    assert len(list(writes(ast.parse(code)))) == hits
