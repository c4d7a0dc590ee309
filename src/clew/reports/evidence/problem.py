"""One thing in an evidence package that is not as it was written."""

from __future__ import annotations

from dataclasses import dataclass

from clew.declare.text import T


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` is a cell, a line or a part of the file; never a value, which may name a person."""

    file: str
    where: str
    what: T

    def __str__(self) -> str:
        place = f"{self.file} {self.where}".rstrip()
        return f"{place}: {self.what.zh} ({self.what.en})"
