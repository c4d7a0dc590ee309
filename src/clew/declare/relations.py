"""What a detector or derived table may read: unbound Ibis tables, named as in the engine.

A dataset that no published batch covers is an empty table of the right shape, so a detector needs
no branch for it; whether something could be tested is the declaration's business (`sources`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from clew.declare.dataset import Dataset
from clew.declare.text import T
from clew.kernel.errors import DeclarationError

# What the core itself knows. For indicators: one row a clue as last seen, with the matter that
# holds it, or held it last; one row a batch; one row a matter, `closed` and `overdue` 0 or 1; one
# row an entry of money, `fen` as it counts: of a liability that several owe, once. For detectors:
# `links`, one row a cell without a usable number whose person is known all the same, with tier T2
# (a repaired number), or T1 where a person has confirmed it; `holders`, one row a person whose
# document number tells sex (GB/T 2261.1) and birth date.
CORE: Mapping[str, Mapping[str, str]] = {
    "clues": {
        "clue": "string",
        "detector": "string",
        "severity": "string",
        "status": "string",
        "subject": "string",
        "fund": "int64",
        "account": "int64",
        "matter": "string",
    },
    "matters": {
        "matter": "string",
        "number": "string",
        "state": "string",
        "department": "string",
        "division": "string",
        "opened": "date",
        "level": "int64",
        "closed": "int64",
        "overdue": "int64",
    },
    "money": {
        "entry": "string",
        "matter": "string",
        "kind": "string",
        "fen": "int64",
        "booked": "date",
        "fund_type": "string",
        "credit_to": "string",
    },
    "batches": {
        "batch": "string",
        "dataset": "string",
        "department": "string",
        "status": "string",
        "rows": "int64",
        "accepted": "int64",
        "quarantined": "int64",
        "duplicates": "int64",
    },
    "links": {
        "row_id": "int64",
        "column": "string",
        "person": "int64",
        "tier": "string",
    },
    "holders": {
        "person": "int64",
        "sex": "string",
        "born": "date",
    },
}


@dataclass(frozen=True)
class Derived:
    """A relation several detectors share.

    `materialise` computes it once a run, sorted by `order`; otherwise it is a view, which becomes
    part of each query.
    """

    name: str
    title: T
    inputs: tuple[str, ...]
    build: Callable[[Relations], ir.Table]
    order: tuple[str, ...] = ()
    materialise: bool = True


def derived(
    *,
    title: T,
    inputs: tuple[str, ...],
    order: tuple[str, ...] = (),
    materialise: bool = True,
) -> Callable[[Callable[[Relations], ir.Table]], Derived]:
    """Declares the function below it, whose name is the relation's. `inputs` may name datasets and
    other derived tables.
    """

    def declare(build: Callable[[Relations], ir.Table]) -> Derived:
        name = getattr(build, "__name__", "")
        return Derived(name, title, inputs, build, order, materialise)

    return declare


Answers = dict[tuple[str, ...], bool]
"""What was asked of `held`, and what it said."""


class Relations:
    """Tables by name: `r["mi_settlement"]`, `r["stays"]`.

    Args:
        datasets: contracts by name.
        derived: derived tables by name.
        held: names of datasets ("mi_fee") and columns ("mi_inpatient.dscg_way") that a published
            batch holds with at least one value.
        as_of: the run's day.

    `touched` collects the names that were asked for.
    """

    def __init__(
        self,
        datasets: Mapping[str, type[Dataset]],
        derived: Mapping[str, Derived],
        *,
        held: frozenset[str],
        as_of: date,
    ) -> None:
        self._datasets = datasets
        self._derived = derived
        self._built: dict[str, tuple[ir.Table, Answers]] = {}
        self._answers: Answers = {}
        self.touched: set[str] = set()
        self.held_names = held
        self._as_of = as_of

    @property
    def today(self) -> ir.DateScalar:
        """The run's day: intervals without end end here, later facts are not read."""
        return ibis.literal(self._as_of)

    def held(self, *names: str) -> bool:
        """Whether at least one of the named datasets or columns is held."""
        self._answers[names] = answer = any(name in self.held_names for name in names)
        return answer

    @contextmanager
    def answers(self) -> Iterator[Answers]:
        """Collects what is asked of `held` inside the block: by it, and by the derived tables that
        it reads.
        """
        before, self._answers = self._answers, {}
        try:
            yield self._answers
        finally:
            before.update(self._answers)
            self._answers = before

    def __getitem__(self, name: str) -> ir.Table:
        self.touched.add(name)
        if name in self._datasets:
            return ibis.table(self._datasets[name].schema(), name=name)
        if name in CORE:
            return ibis.table(CORE[name], name=name)
        if name not in self._derived:
            raise DeclarationError(f"no dataset and no derived table is called {name!r}")
        return ibis.table(self.definition(name).schema(), name=name)

    def definition(self, name: str) -> ir.Table:
        """The expression behind a derived table."""
        if name not in self._built:
            with self.answers() as answers:
                built = self._derived[name].build(self)
            self._built[name] = built, answers
        expression, answers = self._built[name]
        self._answers.update(answers)
        return expression
