"""Rolling windows over the purchases of one person: the earliest first, none twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from clew.declare.detector import Cells


def windows(
    rows: Sequence[Cells], length: int, qualifies: Callable[[Sequence[Cells]], bool]
) -> Iterator[tuple[date, list[Cells]]]:
    """First day and rows of each window of `length` dates whose rows qualify.

    `rows` have a `day` and are sorted by it. A window begins with a row; the next one begins after
    the end of the last.
    """
    after = date.min
    for row in rows:
        start = row["day"]
        last = start + timedelta(days=length - 1)
        if start <= after:
            continue
        inside = [other for other in rows if start <= other["day"] <= last]
        if qualifies(inside):
            after = last
            yield start, inside


def shared_out(
    rows: Sequence[Cells], counted: Callable[[Cells], bool]
) -> list[tuple[int, int]]:
    """Fund and account at stake on each row, in fen.

    Of each settlement the part is its value × the weights of the counted rows / its whole, rounded
    half up once; it stands on the first of these rows.
    """
    weights: dict[str, int] = {}
    for row in rows:
        if counted(row):
            weights[row["setl_id"]] = weights.get(row["setl_id"], 0) + row["weight"]
    shares = []
    for row in rows:
        part = weights.pop(row["setl_id"], None) if counted(row) else None
        shares.append(
            (0, 0)
            if part is None
            else (_part(row["fund_whole"], part, row), _part(row["account_whole"], part, row))
        )
    return shares


def _part(value: int, part: int, row: Cells) -> int:
    whole: int = row["whole"]
    if whole <= 0:
        return value
    return divmod(2 * value * part + whole, 2 * whole)[0]
