"""Three deliveries as files: CSV in two encodings, Parquet, headers of every office's own."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from shutil import copyfile

import pyarrow as pa
import pyarrow.parquet as pq

from clew.declare import Column, Dataset
from clew.declare.types import Code, Flag, SemanticType, Sex
from clew.kernel.money import yuan
from clew.packs.medical_insurance.datasets import DATASETS
from clew.packs.medical_insurance.sample.dirt import soil
from clew.packs.medical_insurance.sample.records import Cells, Records, Row, stamp
from clew.packs.medical_insurance.sample.truth import Expected

FOLDERS = ("01_首批归集", "02_二批归集", "03_三批归集")
PERIODS = ("2022年11月至2023年4月", "2023年5月至8月", "2023年9月至10月")
BATCHES = ("2022年11月至2023年4月", "2023年5月至10月")
"""Periods of the two deliveries that a large crowd comes in."""

OFFICES = {
    "医保局": "市医保局", "卫健委": "市卫健委", "公安局": "市公安局", "民政局": "市民政局",
    "法院": "市法院", "税务局": "市税务局", "市场监管局": "市市场监管局", "人社局": "市人社局",
    "检察院": "市检察院", "审计局": "市审计局", "财政局": "市财政局",
}  # fmt: skip
PARQUET = ("mi_settlement", "mi_fee")
SENT_TWICE = "death_health"
WORDED = 1
"""The delivery that writes codes and flags in words."""

Header = Callable[[Column], str]
HEADERS: tuple[Header, ...] = (
    lambda column: column.headers[min(1, len(column.headers) - 1)],
    lambda column: column.headers[0],
    lambda column: column.headers[-1] if column.headers[-1] != "name" else column.headers[0],
)
ENCODINGS = ("utf-8-sig", "gb18030", "utf-8")


@dataclass(frozen=True, slots=True)
class Written:
    """`expected` by path relative to the sample's folder; `visits` are settlements held."""

    folders: tuple[Path, ...]
    expected: dict[str, Expected]
    visits: int


def write(
    rng: Random, records: Records, folder: Path, progress: Callable[[float], None]
) -> Written:
    """Soils the rows and writes them. The third delivery sends one file of the first again."""
    _correct(rng, records)
    expected: dict[str, Expected] = {}
    for number, name in enumerate(FOLDERS):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for contract in DATASETS:
            rows = _ordered(contract, records.rows[contract.name][number])
            if rows:
                soiled = soil(rng, contract, rows)
                path = folder / name / _file_name(contract, number)
                _write_file(path, contract, number, soiled.rows)
                counts = Expected(len(soiled.rows), soiled.quarantined, soiled.duplicates)
                expected[path.relative_to(folder).as_posix()] = counts
        progress((number + 1) / len(FOLDERS))
    _send_again(folder, expected)
    visits = {r.cells["setl_id"] for rows in records.rows["mi_settlement"] for r in rows}
    return Written(tuple(folder / name for name in FOLDERS), expected, len(visits))


def _correct(rng: Random, records: Records) -> None:
    """The third delivery holds earlier rows that came late, and rows sent again corrected."""
    first, second, third = records.rows["mi_settlement"]
    detailed = {r.cells["setl_id"] for rows in records.rows["mi_fee"] for r in rows}
    plain = [
        row
        for row in (*first, *second)
        if not row.planted
        and row.cells["setl_id"] not in detailed
        and row.cells["refd_setl_flag"] == "0"
    ]
    chosen = rng.sample(plain, min(60, len(plain) // 4))
    late, corrected = chosen[::3], [row for n, row in enumerate(chosen) if n % 3]
    gone = {id(row) for row in late}
    for rows in (first, second):
        rows[:] = [row for row in rows if id(row) not in gone]
    third += [Row(row.cells | {"upload_time": _upload(rng)}, False) for row in late]
    third += [Row(_recharged(rng, row.cells), False) for row in corrected]


def _recharged(rng: Random, cells: Cells) -> Cells:
    more = rng.randint(1, 40) * 100
    changed = {
        column: yuan(int(cells[column].replace(".", "")) + more)
        for column in ("medfee_sumamt", "psn_cash_pay", "psn_part_amt")
    }
    return cells | changed | {"upload_time": _upload(rng)}


def _upload(rng: Random) -> str:
    return stamp(datetime(2023, 9, 4, 8) + timedelta(minutes=rng.randrange(50_000)))


def _ordered(contract: type[Dataset], rows: Iterable[Row]) -> list[Row]:
    by = (contract.main_date, *contract.key)
    return sorted(rows, key=lambda row: [row.cells.get(column or "", "") for column in by])


def _file_name(contract: type[Dataset], number: int) -> str:
    kind = "parquet" if number == 2 and contract.name in PARQUET else "csv"
    office = OFFICES[contract.owners[0]]
    return f"{office}_{contract.title.zh}_{PERIODS[number]}.{kind}"


def part_name(dataset: str, number: int, n: int) -> str:
    """Path of the n-th Parquet file of a large crowd, relative to the sample's folder."""
    contract = next(d for d in DATASETS if d.name == dataset)
    office = OFFICES[contract.owners[0]]
    return f"{FOLDERS[number]}/{office}_{contract.title.zh}_{BATCHES[number]}_{n:03d}.parquet"


def _write_file(path: Path, contract: type[Dataset], number: int, rows: list[Cells]) -> None:
    present = {name for cells in rows for name, text in cells.items() if text}
    columns = [c for c in contract.columns.values() if c.required or c.name in present]
    if path.suffix == ".parquet":
        arrays = [pa.array([r.get(c.name) or None for r in rows], pa.string()) for c in columns]
        pq.write_table(pa.table(arrays, names=[c.name for c in columns]), path)
        return
    with path.open("w", encoding=ENCODINGS[number], newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADERS[number](column) for column in columns)
        writer.writerows(_texts(rows, columns, worded=number == WORDED))


def _texts(rows: list[Cells], columns: list[Column], *, worded: bool) -> Iterator[list[str]]:
    words = [(column.name, _words(column.type) if worded else {}) for column in columns]
    for cells in rows:
        yield [known.get(text := cells.get(name, ""), text) for name, known in words]


def _words(kind: SemanticType) -> dict[str, str]:
    """What an office writes instead of a code: the first of its Chinese meanings."""
    if isinstance(kind, Flag):
        return {"0": "否", "1": "是"}
    if isinstance(kind, Sex):
        return {"1": "男", "2": "女"}
    if isinstance(kind, Code):
        return {code: meaning.split("/")[0] for code, meaning in kind.meanings.items()}
    return {}


def _send_again(folder: Path, expected: dict[str, Expected]) -> None:
    contract = next(d for d in DATASETS if d.name == SENT_TWICE)
    name = _file_name(contract, 0)
    copyfile(folder / FOLDERS[0] / name, folder / FOLDERS[2] / name)
    rows = expected[f"{FOLDERS[0]}/{name}"].rows
    expected[f"{FOLDERS[2]}/{name}"] = Expected(rows, 0, rows)
