"""A crowd of any size as Parquet: a few files a dataset and delivery, a row group a town."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from clew.packs.medical_insurance.datasets import DATASETS
from clew.packs.medical_insurance.sample.crowd import Part
from clew.packs.medical_insurance.sample.crowd.soil import soil
from clew.packs.medical_insurance.sample.truth import Expected

MOST_ROWS = 1_800_000
"""Rows after which a file is full, so that each is imported in bounded memory."""

Name = Callable[[str, int, int], str]


class Parts:
    """Writes parts as they come. `name` gives the path of a dataset's n-th file of a delivery,
    relative to the folder; `expected` what the import of each must count.
    """

    def __init__(self, folder: Path, seed: int, name: Name) -> None:
        self._folder, self._seed, self._name = folder, seed, name
        self._open: dict[tuple[str, int], tuple[pq.ParquetWriter, str]] = {}
        self._files: dict[tuple[str, int], int] = defaultdict(int)
        self._contracts = {d.name: d for d in DATASETS}
        self.expected: dict[str, Expected] = {}
        self.visits = 0

    def write(self, part: Part, number: int) -> None:
        """The rows of the `number`-th town."""
        contract = self._contracts.get(part.dataset)
        if contract is None:
            return
        seed = f"{self._seed}/{number}/{part.dataset}/{part.delivery}"
        table, counts = soil(seed, contract, part.table)
        writer, path = self._writer(part, counts.rows, table.schema)
        writer.write_table(table)
        held = self.expected.get(path, Expected(0, 0, 0))
        self.expected[path] = Expected(
            held.rows + counts.rows,
            held.quarantined + counts.quarantined,
            held.duplicates + counts.duplicates,
        )
        if part.dataset == "mi_settlement":
            self.visits += part.table.num_rows

    def close(self) -> None:
        for writer, _ in self._open.values():
            writer.close()
        self._open.clear()

    def _writer(self, part: Part, rows: int, schema: pa.Schema) -> tuple[pq.ParquetWriter, str]:
        key = (part.dataset, part.delivery)
        if key in self._open:
            writer, path = self._open[key]
            if self.expected[path].rows + rows <= MOST_ROWS:
                return writer, path
            writer.close()
        self._files[key] += 1
        path = self._name(part.dataset, part.delivery, self._files[key])
        writer = pq.ParquetWriter(self._folder / path, schema)
        self._open[key] = (writer, path)
        return writer, path
