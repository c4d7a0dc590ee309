"""The words in which the dirt catalogue is stated as cases."""

from __future__ import annotations

from dataclasses import dataclass

from clew.declare import T
from clew.kernel.identifiers import check_character

REPAIRED = T("修复并保留原文", "mended, the original kept")
READ = T("另一种允许的写法", "another admitted form, read and not counted")
FLAGGED = T("标记", "flagged")
QUARANTINED = T("隔离", "the row is quarantined")
LEFT = T("不动", "left alone")


@dataclass(frozen=True, slots=True)
class Cell:
    """One delivered cell. `place` is its column, `seen` the lake column that is looked at (by
    default the same), `becomes` its value as text (None: empty), `reason` the code told of it.
    """

    code: str
    title: T
    place: str
    text: str
    becomes: str | None
    kind: T
    reason: str = ""
    seen: str = ""

    @property
    def dataset(self) -> str:
        return self.place.partition(".")[0]

    @property
    def column(self) -> str:
        return self.place.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Table:
    """Cases of one code in one column."""

    code: str
    place: str
    seen: str = ""

    def repaired(self, zh: str, en: str, text: str, becomes: str, reason: str = "") -> Cell:
        return self._cell(zh, en, text, becomes, REPAIRED, reason or self.code)

    def read(self, zh: str, en: str, text: str, becomes: str) -> Cell:
        return self._cell(zh, en, text, becomes, READ)

    def flagged(self, zh: str, en: str, text: str, reason: str, becomes: str | None = None) -> Cell:
        return self._cell(zh, en, text, becomes, FLAGGED, reason)

    def quarantined(self, zh: str, en: str, text: str, reason: str) -> Cell:
        return self._cell(zh, en, text, None, QUARANTINED, reason)

    def left(self, zh: str, en: str, text: str, becomes: str | None = None) -> Cell:
        return self._cell(zh, en, text, text if becomes is None else becomes, LEFT)

    def _cell(
        self, zh: str, en: str, text: str, becomes: str | None, kind: T, reason: str = ""
    ) -> Cell:
        return Cell(self.code, T(zh, en), self.place, text, becomes, kind, reason, self.seen)


@dataclass(frozen=True, slots=True)
class Scene:
    """Whole files, sent one after the other into an empty workspace.

    `told`      of each file: "status rows=accepted+quarantined+duplicates", then codes flagged
    `rows`      what readers then see of the columns `look` ("dataset: column, …"), in row order
    `links`     documents that `clew link` finds behind mistyped ones, by sheet row
    `conflicts` kinds of conflict that a person must settle; None where they are not looked at
    `spared`    whether the scene shows what must not be touched
    """

    code: str
    title: T
    files: tuple[tuple[str, str | bytes], ...]
    told: tuple[str, ...]
    look: str = ""
    rows: tuple[tuple[str | None, ...], ...] = ()
    links: tuple[tuple[int, str], ...] | None = None
    conflicts: tuple[str, ...] | None = None
    spared: bool = False


def number(sequence: int, born: str = "19680312", area: str = "330324") -> str:
    """A made-up document number: sequence numbers from 800 on belong to nobody."""
    return (body := f"{area}{born}{sequence}") + check_character(body)


def lines(*rows: str) -> str:
    """A CSV file."""
    return "".join(f"{row}\n" for row in rows)
