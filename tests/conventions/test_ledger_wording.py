"""Every verb that the ledger may hold has a sentence in both languages, fed by its own facts."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from clew.audit import presenters

if TYPE_CHECKING:
    from conftest import Source


def verbs_appended(tree: ast.AST) -> Iterator[tuple[int, str | None]]:
    """Line and verb of every `append(… verb=…)`; None where the verb is not written out."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "append" and keyword.arg == "verb":
                value = keyword.value
                yield node.lineno, value.value if isinstance(value, ast.Constant) else None


def test_every_verb_has_a_sentence(sources: Sequence[Source]) -> None:
    found = [(s, line, verb) for s in sources for line, verb in verbs_appended(s.tree)]
    assert found
    for source, line, verb in found:
        assert verb, f"{source.name}:{line}: write the verb out, so that it can be searched for"
        assert verb in presenters.verbs(), f"{source.name}:{line}: {verb} has no sentence"
        assert verb.split(".")[0] == source.room, f"{source.name}:{line}: {verb} is another room's"


def test_every_sentence_has_a_verb(sources: Sequence[Source]) -> None:
    appended = {verb for s in sources for _, verb in verbs_appended(s.tree)}
    unused = {v for v in presenters.verbs() if not v.startswith("audit.test")} - appended
    assert not unused


def test_sentences_name_the_same_facts_in_both_languages() -> None:
    for verb in presenters.verbs():
        text = presenters._wording[verb]
        zh, en = (
            {name for _, name, _, _ in string.Formatter().parse(half) if name}
            for half in (text.zh, text.en)
        )
        assert zh == en, verb
