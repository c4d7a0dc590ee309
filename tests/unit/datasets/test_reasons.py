"""Every code that kernel and ingestion can emit has words in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import clew
from clew.datasets import reasons
from clew.declare import registry

SOURCE = Path(clew.__file__).parent
SPEAKERS = [
    *sorted((SOURCE / "kernel").glob("*.py")),
    *sorted((SOURCE / "datasets" / "ingest").glob("*.py")),
    SOURCE / "declare" / "types.py",
]
DIRT = re.compile(r"\bD\d\d(?:_[A-Z_]+)?\b")
PLAIN = re.compile(r"[A-Z]+(_[A-Z]+)*")


def spoken(path: Path) -> Iterator[str]:
    """Codes of the dirt catalogue in any text that is no docstring, and what is handed over as a
    reason: arguments of `unusable`, `reason=`, the third of `Checked`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    names = dict(constants(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in docstrings:
                yield from DIRT.findall(node.value)
        elif isinstance(node, ast.Call):
            for argument in reason_arguments(node):
                for part in ast.walk(argument):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield from PLAIN.findall(part.value) and [part.value]
                    elif isinstance(part, ast.Name) and part.id in names:
                        yield names[part.id]
    if path.name == "careful.py":
        yield from (names[n] for n in ("TRUNCATED", "QUOTES", "COLUMN_COUNT", "TOO_LONG"))


def constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name) and isinstance(node.value.value, str):
                    yield target.id, node.value.value
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            (target,) = node.targets
            if isinstance(target, ast.Tuple):
                for name, value in zip(target.elts, node.value.elts, strict=True):
                    if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                        yield name.id, str(value.value)


def reason_arguments(call: ast.Call) -> Iterator[ast.expr]:
    called = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if called == "unusable":
        yield from call.args
    elif called == "Checked":
        yield from call.args[2:3]
    yield from (k.value for k in call.keywords if k.arg in ("reason", "repaired"))


CODES = sorted({code for path in SPEAKERS for code in spoken(path)} - {"GBK"})


def test_the_scan_finds_the_known_ones() -> None:
    wanted = {"D08_IMPOSSIBLE", "D01_PRECISION_LOST", "CHECK_DIGIT", "EMPTY", "COLUMN_COUNT",
              "D03_EMPTY", "UNKNOWN_CODE", "D01", "D09", "RANGE"}  # fmt: skip
    assert wanted <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_words(code: str) -> None:
    assert code in reasons.FAULTS or code in reasons.REPAIRS


@pytest.mark.parametrize("code", sorted(reasons.FAULTS))
def test_a_fault_comes_with_its_cure_in_both_languages(code: str) -> None:
    words = reasons.FAULTS[code]
    for text in (words.what.zh, words.cure.zh):
        assert re.search("[\u4e00-\u9fff]", text)
    for text in (words.what.en, words.cure.en):
        assert re.search("[a-z]{3}", text)


def test_the_whole_dirt_catalogue_has_names() -> None:
    assert [f"D{n:02d}" for n in range(1, 18)] == sorted(reasons.REPAIRS)


def test_a_sentence_names_the_column_by_its_title() -> None:
    contract = registry.dataset("mi_settlement")
    said = reasons.sentence("begntime:D08_IMPOSSIBLE", contract)
    assert said.zh.startswith("开始时间: 日期不存在")
    assert said.en.startswith("Begin: no such date")
    assert reasons.sentence(":COLUMN_COUNT", contract).zh.startswith("列数")


def test_a_code_without_words_is_not_hidden() -> None:
    assert "NEW_CODE" in reasons.fault("NEW_CODE").of("zh")
    assert reasons.title("D08").zh.startswith("日期")
