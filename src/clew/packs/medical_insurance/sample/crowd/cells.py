"""Columns of numbers written as departments write them: text, a whole column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from clew.packs.medical_insurance.sample.city import FIRST_DAY

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

DAY = 86_400
START = (FIRST_DAY - FIRST_DAY.replace(year=1970, month=1, day=1)).days
"""Days of this package count from the first day of the city."""

_FIRST, _LAST = -800, 500
_COMMON_FEN = 1 << 18


def dates(days: Ints) -> pa.Array:
    """Days from the city's first day as 2023-01-31; any day."""
    return pa.array((days + START).astype("datetime64[D]")).cast(pa.string())


def moments(seconds: Ints) -> pa.Array:
    """Seconds from the city's first midnight as 2023-01-31 09:15:00."""
    day, second = np.divmod(seconds, DAY)
    days, clock = _tables()
    text = np.empty((len(seconds), 19), dtype=np.uint8)
    text[:, :10] = days[day - _FIRST]
    text[:, 10:] = clock[second]
    return fixed(text)


def fixed(text: npt.NDArray[np.uint8]) -> pa.Array:
    """Strings of one width from their characters, an ASCII row each."""
    count, width = text.shape
    offsets = np.arange(count + 1, dtype=np.int32) * width
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(text))]
    return pa.Array.from_buffers(pa.string(), count, buffers)


@cache
def _tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """The characters of each day and of each second of a day."""
    days = dates(np.arange(_FIRST, _LAST)).to_pylist()
    clock = [f" {s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(DAY)]
    return tuple(
        np.frombuffer("".join(texts).encode(), np.uint8).reshape(len(texts), -1)
        for texts in (days, clock)
    )  # type: ignore[return-value]


def money(fen: Ints) -> pa.Array:
    """Fen as yuan with two decimals."""
    rare = (fen < 0) | (fen >= _COMMON_FEN)
    text = _common().take(pa.array(np.where(rare, 0, fen)))
    if rare.any():
        text = pc.replace_with_mask(text, pa.array(rare), _yuan(fen[rare]))
    return text


@cache
def _common() -> pa.Array:
    return _yuan(np.arange(_COMMON_FEN))


def _yuan(fen: Ints) -> pa.Array:
    halves = np.empty((len(fen), 2), dtype="<i8")
    halves[:, 0], halves[:, 1] = fen, fen >> 63
    kind = pa.decimal128(18, 2)
    return pa.Array.from_buffers(kind, len(fen), [None, pa.py_buffer(halves)]).cast(pa.string())


def whole(numbers: Ints) -> pa.Array:
    return pa.array(numbers).cast(pa.string())


def serial(prefix: int, numbers: Ints) -> pa.Array:
    """Four digits of `prefix` and eleven of the number."""
    return whole(prefix * 10**11 + numbers)


def chosen(values: Sequence[str] | pa.Array, index: npt.NDArray[Any]) -> pa.Array:
    """`values[index]` without writing a value twice; nothing where the index is negative.

    A dictionary with a value twice is not written to the same bytes every time.
    """
    known = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    encoded = known.dictionary_encode()
    if len(encoded.dictionary) < len(known):
        place = encoded.indices.to_numpy()
        index = np.where(index < 0, -1, place[index])
        known = encoded.dictionary
    places = pa.array(index.astype(np.int32), mask=index < 0)
    return pa.DictionaryArray.from_arrays(places, known)


def same(value: str, count: int) -> pa.Array:
    return chosen([value], np.zeros(count, dtype=np.int32))


def flags(condition: Bools) -> pa.Array:
    return chosen(["0", "1"], condition.astype(np.int32))


def compact(index: Ints) -> tuple[Ints, Ints]:
    """The different values, and for each entry its position among them."""
    values, position = np.unique(index, return_inverse=True)
    return values, position
