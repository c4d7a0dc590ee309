"""What a sender says of a file, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clew.datasets.ingest.mapping import Mapping_

Progress = Callable[[str, float], None]
"""Told the stage and how much of the whole delivery is done."""

SPANS = {
    "read": (0.0, 0.08),
    "type": (0.08, 0.62),
    "judge": (0.62, 0.67),
    "write": (0.67, 0.98),
    "publish": (0.98, 1.0),
}
"""Where each stage begins and ends, as measured with 2.4 million rows."""


@dataclass(frozen=True, slots=True)
class Request:
    """A file to take in. Empty texts are found out from the file.

    With a mapping, `dataset` takes only its target of that name. `confirmed` names what a person
    has confirmed: "mapping", "unit", "truncated", "control". A returned quarantine names the batch
    that it `corrects`, and for each of its rows the row of that batch's file. `supersedes`
    names the batch of the same dataset and department that goes when the first table of this file
    is published; further tables of that dataset stand beside the first.

    A sheet of a workbook or a file of an archive has a `name` of its own: "f.xlsx[Sheet]",
    "a.zip/b.csv". `container` says what was done to get at it; where a batch is superseded, its
    `delivery` is the SHA-256 of the whole file.
    """

    path: Path
    dataset: str = ""
    department: str = ""
    mapping: Mapping_ | None = None
    confirmed: frozenset[str] = frozenset()
    dry_run: bool = False
    corrects: str = ""
    supersedes: str = ""
    corrected_rows: tuple[int, ...] = ()
    name: str = ""
    sheet: str = ""
    container: Mapping[str, Any] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        return self.name or self.path.name


@dataclass
class Receipt:
    """What became of one dataset in a file. `notes` say how its table was found and read."""

    file: str
    dataset: str
    status: str
    batch: str = ""
    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    repaired: dict[str, int] = field(default_factory=dict)
    flagged: dict[str, int] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)
    cause: str = ""
    next_step: str = ""
    notes: list[str] = field(default_factory=list)
