"""Short national code lists: nationality, education, industry, document type, country, currency.

None of them is closed: a value that a list does not know is kept, with a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from clew.kernel.checked import Checked
from clew.kernel.text import UNKNOWN_CODE, compact, nothing, without_float

ListName = Literal["nationality", "education", "industry", "document_type", "country", "currency"]


@dataclass(frozen=True)
class CodeList:
    """A printed list: names by code, and codes by any other form a cell may have."""

    names: Mapping[str, str]
    forms: Mapping[str, str]

    def name(self, code: str) -> str | None:
        """The Chinese name of a code; None when the list does not hold it."""
        return self.names.get(code)

    def check(self, text: str | None) -> Checked:
        """Normal is the code of a code, name or other form; a lost leading zero is put back.

        ok with reason UNKNOWN_CODE keeps a value that is not in the list. Not ok with EMPTY or
        D03_PLACEHOLDER.
        """
        cleaned = without_float(compact(text))
        if refusal := nothing(cleaned):
            return refusal
        for form in (cleaned, cleaned.zfill(2), cleaned.zfill(3)):
            if code := self.forms.get(form):
                return Checked(ok=True, normal=code)
        return Checked(ok=True, normal=cleaned, reason=UNKNOWN_CODE)


@cache
def code_list(name: ListName) -> CodeList:
    """The list of that name in the package; the header of its table names standard and source."""
    table = files("clew.kernel") / "tables" / "lists" / f"{name}.tsv"
    names: dict[str, str] = {}
    forms: dict[str, str] = {}
    for line in table.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, title, other = line.split("\t")
        names[code] = title
        for form in (code, title, *other.split("/")):
            forms.setdefault(compact(form), code)
    forms.pop("", None)
    return CodeList(names, forms)


def nationality(text: str | None) -> Checked:
    """GB/T 3304: normal is the two-digit code (01 汉族)."""
    return code_list("nationality").check(text)


def education(text: str | None) -> Checked:
    """GB/T 4658: normal is the two-digit code (20 大学本科教育)."""
    return code_list("education").check(text)


def industry(text: str | None) -> Checked:
    """GB/T 4754: normal is the letter of the section (C 制造业); class codes are kept unknown."""
    return code_list("industry").check(text)


def document_type(text: str | None) -> Checked:
    """Type of a person's document in medical insurance: normal is the two-digit code (01)."""
    return code_list("document_type").check(text)


def country(text: str | None) -> Checked:
    """GB/T 2659: normal is the three-letter code (CHN) for letters, digits or a Chinese name."""
    return code_list("country").check(text)


def currency(text: str | None) -> Checked:
    """GB/T 12406: normal is the three-letter code (CNY) for letters, digits or a Chinese name."""
    return code_list("currency").check(text)
