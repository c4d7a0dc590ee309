"""A mapping file proposed for a delivery: one entry a table, for a person to correct."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clew.datasets.ingest import reading, recognise
from clew.datasets.ingest.mapping import UNITS
from clew.datasets.ingest.parts import parts, titles
from clew.datasets.ingest.recognise import Match
from clew.datasets.ingest.request import Request
from clew.declare import registry
from clew.kernel.errors import ClewError, InputError, NotFound

LONGEST_NAME = 60
_WORDS = {factor: word for word, factor in UNITS.items()}


@dataclass
class Proposal:
    """`tables` names each table with the dataset that its headers are most like; `left_out` each
    table for which there is nothing to propose, with the cause.
    """

    path: Path
    tables: list[tuple[str, Match]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def content(self) -> dict[str, Any]:
        """The mapping file, ready to be written and edited. Tables alike share an entry."""
        datasets = {matched.dataset.name for _, matched in self.tables}
        name = min(datasets) if len(datasets) == 1 else self.path.stem[:LONGEST_NAME]
        entries: list[dict[str, Any]] = []
        for _, matched in self.tables:
            entry = _entry(matched)
            if entry not in entries:
                entries.append(entry)
        return {"mapping": name, "files": entries}


def propose(path: Path, dataset: str = "") -> Proposal:
    """Lays the headers of a file, of its sheets or its members over the contracts.

    With `dataset`, over that one only. Needs no workspace; nothing of the file stays on disk.

    Raises:
        InputError: the file cannot be read at all.
        NotFound: no such dataset, or none looks like any table of the file.
    """
    proposal = Proposal(path)
    with tempfile.TemporaryDirectory(prefix="clew-map-") as folder:
        for request, source in _tables(Request(path, dataset), Path(folder), proposal.left_out):
            _lay(proposal, request, source)
    if not proposal.tables:
        raise NotFound(
            f"{path.name} 的表头与任何数据集都不相像 (no dataset looks like these headers)",
            next_step=f"clew datasets map {path.name} --dataset NAME",
        )
    return proposal


def _tables(
    request: Request, staging: Path, left_out: list[tuple[str, str]]
) -> Iterator[tuple[Request, reading.Source]]:
    folder = staging / "table"
    try:
        for part in parts(request, staging):
            shutil.rmtree(folder, ignore_errors=True)
            refusal: ClewError | None = part.refusal
            if refusal is None:
                try:
                    known = titles(part.request)
                    yield part.request, reading.read(part.request.path, folder, titles=known)
                    continue
                except InputError as error:
                    refusal = error
            if not part.request.name:
                raise refusal
            left_out.append((part.request.file_name, refusal.cause))
    except OSError as error:
        raise InputError(
            f"{request.file_name} 无法读取: {error.strerror} (it cannot be read)",
            next_step="检查磁盘空间和权限 (check disk space and permissions)",
        ) from error


def _lay(proposal: Proposal, request: Request, source: reading.Source) -> None:
    matched = _likeliest(request, source.headers)
    if not matched.columns:
        proposal.left_out.append((request.file_name, "与任何数据集都不相像 (like no dataset)"))
        return
    matched = recognise.in_stated_unit(matched, source.unit)
    if not _told_apart([*(m for _, m in proposal.tables), matched]):
        cause = "表头不足以与其他表区分, 请用 --dataset 单独导入 (same headers, another dataset)"
        proposal.left_out.append((request.file_name, cause))
        return
    proposal.tables.append((request.file_name, matched))


def _told_apart(tables: Sequence[Match]) -> bool:
    """Whether a mapping, which goes by headers alone, leads every table to its dataset."""
    for matched in tables:
        headers = {*matched.columns.values(), *matched.unknown}
        fitting = [m for m in tables if headers.issuperset(m.columns.values())]
        if max(fitting, key=lambda m: len(m.columns)).dataset is not matched.dataset:
            return False
    return True


def _likeliest(request: Request, headers: Sequence[str]) -> Match:
    """What a delivery would be recognised as, else the contract that lacks least."""
    if request.dataset:
        return recognise.match(registry.dataset(request.dataset), headers)
    contracts = list(registry.datasets().values())
    try:
        return recognise.recognise(contracts, headers, request.file_name, request.sheet)
    except InputError:
        every = [recognise.match(contract, headers) for contract in contracts]
        return min(every, key=lambda m: (len(m.missing), -len(m.columns)))


def _entry(matched: Match) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for column, header in matched.columns.items():
        columns[column] = {"from": header}
        if column in matched.factors:
            columns[column]["unit"] = _WORDS[matched.factors[column]]
    target = {"dataset": matched.dataset.name, "columns": columns}
    return {"match": sorted(matched.columns.values()), "targets": [target]}
