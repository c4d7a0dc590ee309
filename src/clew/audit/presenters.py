"""What a ledger entry says to a person. The ledger keeps facts; sentences live here.

A room states its sentences in `wording.py` and registers them in its `apps.py`; a placeholder
names a fact, or `by` or `subject` of the entry.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from clew.audit.models import Entry
from clew.declare.text import T
from clew.kernel.errors import DeclarationError

_wording: dict[str, T] = {}


def register(wording: Mapping[str, T]) -> None:
    """DeclarationError if a verb already has another sentence."""
    for verb, text in wording.items():
        if _wording.setdefault(verb, text) != text:
            raise DeclarationError(
                f"The verb {verb} has two sentences", next_step="keep one in one wording.py"
            )


def verbs() -> frozenset[str]:
    """All verbs that have a sentence."""
    return frozenset(_wording)


def sentence(entry: Entry) -> T:
    """The entry in both languages. A fact that an older entry lacks shows as a dash."""
    text = _wording.get(entry.verb, T(zh="{by} {verb} {subject}", en="{by} {verb} {subject}"))
    facts = {**entry.facts, "by": entry.actor, "subject": entry.subject, "verb": entry.verb}
    formatter = _Formatter()
    return T(zh=formatter.vformat(text.zh, (), facts), en=formatter.vformat(text.en, (), facts))


class _Formatter(string.Formatter):
    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key), "—")
