"""A text in both languages of the house."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class T:
    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh

    def of(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh
