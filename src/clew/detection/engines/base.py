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
        """Makes each dataset's live rows, up to the run's day, readable under its name, and the
        frozen links as `links`; what document numbers say of their holders as `holders`.
        """

    def sql(self, expression: ir.Table) -> str:
        """The query of an expression; compiled once, since it costs more than a small scan."""

    def materialise(self, name: str, sql: str, order: tuple[str, ...]) -> bool:
        """Computes a derived table once. True if its stored order is proved."""

    def view(self, name: str, sql: str) -> None:
        """Makes a query readable under a name, without computing it."""

    def rows(self, sql: str) -> pa.Table:
        """The result, in no particular order."""
