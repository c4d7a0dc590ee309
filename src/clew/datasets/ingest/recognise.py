"""Which dataset a file is, whose it is, and which header is which column."""

from __future__ import annotations

import difflib
import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from clew.declare import Dataset
from clew.declare.types import Money
from clew.kernel.errors import InputError


@dataclass
class Match:
    """How a file's headers meet one contract.

    `columns` maps contract columns to delivered headers; `guessed` are those of them that rest on
    likeness only and need a person's word; `unknown` headers are left out; `factors` multiply
    money delivered in another unit than yuan.
    """

    dataset: type[Dataset]
    columns: dict[str, str]
    guessed: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    factors: dict[str, int] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """Required columns that no header stands for."""
        lacking = []
        for column in self.dataset.columns.values():
            stand_in = self.dataset.may_lack.get(column.name)
            present = column.name in self.columns or (stand_in and stand_in in self.columns)
            if column.required and not present and column.default is None:
                lacking.append(column.name)
        return lacking


def match(dataset: type[Dataset], headers: Sequence[str]) -> Match:
    """Lays headers over a contract: printed titles first, then likeness for what is required."""
    titles = _titles(dataset)
    result = Match(dataset, {})
    left: list[str] = []
    for header in headers:
        plain, factor = plain_header(header)
        column = titles.get(plain)
        if column is None or column in result.columns:
            left.append(header)
            continue
        result.columns[column] = header
        if _note_factor(result, column, factor):
            result.guessed[column] = header
    for column in result.missing:
        likely = _likeness(dataset, column, left)
        if likely is not None:
            result.columns[column] = result.guessed[column] = likely
            left.remove(likely)
            _note_factor(result, column, plain_header(likely)[1])
    result.unknown = left
    return result


def _note_factor(result: Match, column: str, factor: int) -> bool:
    """Keeps the unit that a money column's header names; whether it is another than yuan."""
    if factor == 1 or not isinstance(result.dataset.columns[column].type, Money):
        return False
    result.factors[column] = factor
    return True


def recognise(
    datasets: Iterable[type[Dataset]], headers: Sequence[str], file_name: str, sheet: str = ""
) -> Match:
    """The contract a file, or a sheet of it, meets.

    The one whose required columns are all there; of several, the one whose name stands in the
    sheet's name, then in the file's, then the one with most columns recognised. A contract that
    lacks a title only by likeness takes part: where it stands before one that is whole, a person
    is asked rather than the rows published where they may not belong. A file that names a dataset
    whose required columns it lacks is not taken for another one.

    Raises:
        InputError: none, or a tie. Names the candidates.
    """
    matches = [match(d, headers) for d in datasets]
    whole = [m for m in matches if not m.missing]
    said = [m for m in matches if _named(m.dataset, sheet) or _named(m.dataset, file_name)]
    if not whole:
        raise _unrecognised(matches, file_name)
    if said and all(m.missing for m in said):
        raise _unrecognised(said, file_name)
    by_sheet = [m for m in whole if sheet and _named(m.dataset, sheet)]
    named = by_sheet or [m for m in whole if _named(m.dataset, file_name)] or whole
    best = max(_rank(m) for m in named)
    tied = [m for m in named if _rank(m) == best]
    if len(tied) > 1:
        names = ", ".join(f"{m.dataset.name} ({m.dataset.title.zh})" for m in tied)
        raise InputError(
            f"{file_name} 同样符合多个数据集: {names} (fits several datasets equally)",
            next_step=f"clew ingest {file_name} --dataset {tied[0].dataset.name}",
        )
    return tied[0]


def _rank(matched: Match) -> tuple[int, int]:
    return len(matched.columns), -len(matched.guessed)


def in_stated_unit(matched: Match, factor: int) -> Match:
    """Money whose own header names no unit, in the unit that a line above the table states.

    As with a unit in a header, a person is asked.
    """
    for column, header in matched.columns.items():
        named = column in matched.factors or _names_unit(header)
        if not named and _note_factor(matched, column, factor):
            matched.guessed[column] = f"{header} [×{factor}元]"
    return matched


def _names_unit(header: str) -> bool:
    return unicodedata.normalize("NFKC", header).strip().endswith("元)")


def titles(datasets: Iterable[type[Dataset]]) -> frozenset[str]:
    """Comparison forms of all headers by which a table is known."""
    return frozenset(
        plain_header(title)[0]
        for dataset in datasets
        for column in dataset.columns.values()
        for title in (column.name, *column.headers, column.title.en)
    )


def department(dataset: type[Dataset], file_name: str, known: Iterable[str]) -> str:
    """The department named in the file name, else the dataset's first owner."""
    for name in sorted(known, key=len, reverse=True):
        if name in file_name:
            return name
    return dataset.owners[0]


def plain_header(header: str) -> tuple[str, int]:
    """Comparison form of a header, and the factor of a money unit written into it."""
    text = unicodedata.normalize("NFKC", header).strip().lower()
    factor = 1
    for unit, value in (("(万元)", 10_000), ("(元)", 1), ("(亿元)", 100_000_000)):
        if text.endswith(unit):
            text, factor = text.removesuffix(unit), value
    return "".join(text.split()).strip("*:"), factor


def headers_hash(headers: Iterable[str]) -> str:
    """Names a set of headers and their units, whatever their order."""
    plain = (plain_header(header) for header in headers)
    joined = "\n".join(sorted(h if factor == 1 else f"{h}×{factor}" for h, factor in plain))
    return hashlib.sha256(joined.encode()).hexdigest()


def _titles(dataset: type[Dataset]) -> dict[str, str]:
    """Comparison form of every title → column. A title that two columns share tells nothing."""
    titles: dict[str, str] = {}
    shared: set[str] = set()
    for column in dataset.columns.values():
        for plain in {plain_header(t)[0] for t in (column.name, *column.headers, column.title.en)}:
            if titles.setdefault(plain, column.name) != column.name:
                shared.add(plain)
    return {plain: column for plain, column in titles.items() if plain not in shared}


def _likeness(dataset: type[Dataset], column: str, headers: Sequence[str]) -> str | None:
    """The unused header most like a column's titles, if it is like enough to be asked about."""
    titles = [plain_header(t)[0] for t in (column, *dataset.columns[column].headers)]
    scored = [
        (max(difflib.SequenceMatcher(None, plain_header(h)[0], t).ratio() for t in titles), h)
        for h in headers
    ]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= 0.6 else None


def _named(dataset: type[Dataset], file_name: str) -> bool:
    text = unicodedata.normalize("NFKC", file_name).lower()
    return any(n.lower() in text for n in (dataset.name, dataset.title.zh, *dataset.synonyms))


def _unrecognised(matches: Sequence[Match], file_name: str) -> InputError:
    near = sorted(matches, key=lambda m: (len(m.missing), -len(m.columns)))[:3]
    near = [m for m in near if m.columns]
    if not near:
        return InputError(
            f"{file_name} 的表头不属于任何数据集 (no dataset has these headers)",
            next_step="clew datasets list; 或用 --mapping 给出对应关系 (or give --mapping)",
        )
    hints = "; ".join(
        f"{m.dataset.name} ({m.dataset.title.zh}) 缺 {', '.join(m.missing)}" for m in near
    )
    return InputError(
        f"{file_name} 缺少必需的列: {hints} (required columns are missing)",
        next_step=f"clew datasets show {near[0].dataset.name}; clew datasets map {file_name}",
    )
