"""Dirt upon whole columns: the same forms, losses and extra rows as in the small deliveries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clew.declare import Dataset
from clew.packs.medical_insurance.sample.crowd.cells import Ints, chosen
from clew.packs.medical_insurance.sample.dirt import (
    FEW,
    LOSSY,
    LOST_PER_MILLE,
    TWICE_PER_MILLE,
    forms,
    lost,
    ruined,
    ruins,
)
from clew.packs.medical_insurance.sample.truth import Expected

Rewrite = Callable[[str], str]


def soil(seed: str, contract: type[Dataset], table: pa.Table) -> tuple[pa.Table, Expected]:
    """The rows as delivered, and what their import must count."""
    rng, text = np.random.default_rng([*seed.encode()]), Random(seed)
    rows = table.num_rows
    for name, per_mille, form in forms(contract):
        if name in table.column_names:
            some = _some(rng, rows, per_mille)
            table = _rewritten(table, name, some, partial(form, text))
    if rows <= FEW:
        return table, Expected(rows, 0, 0)
    if contract.name in LOSSY:
        some = _some(rng, rows, LOST_PER_MILLE)
        table = _rewritten(table, "certno", some, partial(lost, text))
    twice = _some(rng, rows, TWICE_PER_MILLE)
    bad = _unusable(contract, table, rng)
    table = table.take(pa.array(np.sort(np.concatenate([np.arange(rows), twice]))))
    if bad.num_rows:
        table = pa.concat_tables([table, bad]).unify_dictionaries()
    return table, Expected(table.num_rows, bad.num_rows, len(twice))


def _some(rng: np.random.Generator, rows: int, per_mille: int) -> Ints:
    return np.sort(rng.choice(rows, rows * per_mille // 1000, replace=False))


def _rewritten(table: pa.Table, name: str, rows: Ints, rewrite: Rewrite) -> pa.Table:
    """The table with the cells of one column in those rows written otherwise."""
    if not len(rows):
        return table
    at = table.column_names.index(name)
    column = table.column(name).combine_chunks()
    texts = [rewrite(old or "") for old in column.take(pa.array(rows)).to_pylist()]
    if not pa.types.is_dictionary(column.type):
        mask = np.zeros(len(column), dtype=bool)
        mask[rows] = True
        cells = pa.array([text or None for text in texts], pa.string())
        changed = pc.replace_with_mask(column, pa.array(mask), cells)
        return table.set_column(at, name, changed)
    index = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).copy()
    known, index[rows] = _with(column.dictionary, texts)
    return table.set_column(at, name, chosen(known, index))


def _with(known: pa.Array, texts: list[str]) -> tuple[pa.Array, Ints]:
    """The known values and those of `texts` that are new, and the place of each text among them;
    an empty text has none.
    """
    every = pa.concat_arrays([known, pa.array(sorted(set(texts) - {""}), pa.string())]).unique()
    place = pc.index_in(pa.array(texts, pa.string()), value_set=every).fill_null(-1)
    return every, place.to_numpy().astype(np.int64)


def _unusable(contract: type[Dataset], table: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Rows that no import can take, made of others."""
    count = len(ruins(contract))
    models = table.take(pa.array(rng.integers(0, table.num_rows, count))).to_pylist()
    bad = [ruined(contract, cells, n) for n, cells in enumerate(models)]
    columns = []
    for field in table.schema:
        texts = pa.array([cells[field.name] or None for cells in bad], pa.string())
        columns.append(texts.dictionary_encode() if field.type != pa.string() else texts)
    return pa.table(columns, schema=table.schema)
