"""What a run asks of an engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import ibis.expr.types as ir
import pyarrow as pa

from clew.declare import Dataset
from clew.detection.inputs import Inputs


class Engine(Protocol):
    """One session over frozen inputs."""

    name: str

    def open(self, datasets: Mapping[str, type[Dataset]], inputs: Inputs) -> None:
        """Makes each dataset's live rows, up to the run's day, readable under its name."""

    def materialise(self, name: str, expression: ir.Table, order: tuple[str, ...]) -> bool:
        """Computes a derived table once. True if its stored order is proved."""

    def sql(self, expression: ir.Table) -> str:
        """The query that `rows` would run."""

    def rows(self, expression: ir.Table) -> pa.Table:
        """The result, in no particular order."""
