"""GLOSSARY.md holds every word of the house, and what people read uses no other for it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clew import declare

if TYPE_CHECKING:
    from conftest import Source

WORDS = {
    "Pack": "领域包", "Dataset": "数据集", "Batch": "批次", "Quarantine": "隔离区",
    "Party": "主体", "Mention": "提及", "Link": "关联", "Derived table": "中间表",
    "Detector": "监督模型", "Run": "运行", "Hit": "命中", "Clue": "线索", "Matter": "事项",
    "Lifecycle": "流程", "Transition": "流转", "Deadline": "期限", "Campaign": "专项行动",
    "Referral": "移送", "Conference": "会商", "Look-back": "回头看", "Assessment": "评定",
    "Match": "匹配", "Draw": "抽取", "Indicator": "指标", "Document": "文书", "Brief": "简报",
}  # fmt: skip
DECLARED = {"Pack", "Dataset", "Detector", "Indicator"}


def table(text: str, heading: str) -> list[list[str]]:
    """Cells of the table under a heading, without its two head lines."""
    section = text.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.fixture(scope="module")
def glossary(root: Path) -> str:
    return (root / "GLOSSARY.md").read_text(encoding="utf-8")


def spoken(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts that may reach a person: every text in the code that is not a docstring."""
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.lineno, node.value


def uses(text: str, twin: str) -> bool:
    """Whether a text has the word, by itself or in the plural; Chinese has no word ends."""
    if twin.isascii():
        return bool(re.search(rf"\b{re.escape(twin)}(s|es)?\b", text, re.IGNORECASE))
    return twin in text


def test_every_word_is_explained_in_both_languages(glossary: str) -> None:
    rows = {row[0]: row for row in table(glossary, "Words · 词")}
    assert set(WORDS) <= set(rows), sorted(set(WORDS) - set(rows))
    for word, chinese in WORDS.items():
        assert rows[word][1] == chinese
        assert len(rows[word][2]) > 20, f"{word} is not explained in English"
        assert len(rows[word][3]) > 8, f"{word} is not explained in Chinese"


def test_no_word_stands_twice(glossary: str) -> None:
    words = [row[0] for row in table(glossary, "Words · 词")]
    assert len(words) == len(set(words))


def test_declarations_bear_the_words_of_the_glossary() -> None:
    assert set(declare.__all__) >= DECLARED
    assert set(WORDS) >= DECLARED


def test_nothing_people_read_uses_a_twin(glossary: str, sources: Sequence[Source]) -> None:
    twins = [twin for row in table(glossary, "Not said · 不用") for twin in row[0].split(", ")]
    assert "finding" in twins
    found = [
        f"{source.name}:{line} {twin!r} in {text[:60]!r}"
        for source in sources
        if "sample" not in source.path.parts
        for line, text in spoken(source.tree)
        for twin in twins
        if uses(text, twin)
    ]
    assert not found, "GLOSSARY.md says which word to use\n" + "\n".join(found)


def test_the_scan_sees() -> None:
    tree = ast.parse('"""A finding."""\nraise InputError("two findings")\n')
    assert [text for _, text in spoken(tree)] == ["two findings"]
    assert uses("two findings", "finding")
    assert not uses("fundings", "finding")
    assert uses("一条疑点数据", "疑点")
