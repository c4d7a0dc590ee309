"""The city's divisions as tiles of one size, placed as neighbours: a scheme, no real boundaries."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tile:
    code: str
    column: int
    row: int


TILES = (
    Tile("330324", 2, 1), Tile("330382", 3, 1),
    Tile("330302", 2, 2), Tile("330303", 3, 2), Tile("330305", 4, 2),
    Tile("330328", 1, 3), Tile("330304", 2, 3), Tile("330381", 3, 3),
    Tile("330329", 1, 4), Tile("330326", 3, 4),
    Tile("330327", 2, 5), Tile("330383", 3, 5),
)  # fmt: skip
