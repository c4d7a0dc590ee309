"""Catalogues of medical codes: full ones loaded from a file, subsets in the package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Literal

from clew.kernel.errors import InputError
from clew.kernel.text import UNKNOWN_CODE

# Leading characters that make a group: category of a diagnosis, three-digit group of an operation.
_GROUP_LENGTHS = {"diagnoses": 3, "operations": 4}


@dataclass(frozen=True)
class Catalogue:
    """Names by code.

    group_length  of a subset: a code whose leading characters it holds is not called unknown;
                  0 for a full catalogue, where a code that is not listed is unknown
    """

    names: Mapping[str, str]
    group_length: int = 0

    @staticmethod
    def load(path: Path) -> Catalogue:
        """Reads a full catalogue: UTF-8, a line each `code<tab or blank>name`, "#" for comments.

        Raises InputError when the file cannot be read, holds no code, a line without a name, or
        one code with two names.
        """
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"{path.name} cannot be read: {error}.", next_step="Give a text file in UTF-8."
            ) from error
        return Catalogue(_names(lines, path.name))

    @staticmethod
    @cache
    def shipped(name: Literal["diagnoses", "operations"]) -> Catalogue:
        """The subset in the package; its header says what was taken and from where."""
        table = files("clew.kernel") / "tables" / f"{name}.tsv"
        names = _names(table.read_text(encoding="utf-8").splitlines(), table.name)
        return Catalogue(names, _GROUP_LENGTHS[name])

    @cached_property
    def _groups(self) -> frozenset[str]:
        length = self.group_length
        return frozenset(code[:length] for code in self.names) if length else frozenset()

    def name(self, code: str) -> str | None:
        """None when the catalogue does not list the code."""
        return self.names.get(code)

    def knows(self, code: str) -> bool:
        """True for a listed code, and for a group that has a listed code (I10)."""
        return code in self.names or code in self._groups

    def warning(self, code: str) -> str:
        """UNKNOWN_CODE when the catalogue can tell that there is no such code, else ""."""
        known = self.knows(code) or code[: self.group_length] in self._groups
        return "" if known else UNKNOWN_CODE


def _names(lines: Iterable[str], source: str) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        code, _, name = line.strip().replace("\t", " ", 1).partition(" ")
        if not name.strip():
            raise _unusable(source, f"line {number} has no name beside its code")
        if names.setdefault(code, name.strip()) != name.strip():
            raise _unusable(source, f"line {number} names {code} a second time, differently")
    if not names:
        raise _unusable(source, "it holds no code")
    return names


def _unusable(source: str, cause: str) -> InputError:
    return InputError(
        f"{source} is no catalogue: {cause}.",
        next_step="Give one line a code: the code, a tab, its name.",
    )
