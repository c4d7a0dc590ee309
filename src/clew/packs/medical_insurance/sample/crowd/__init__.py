"""The crowd: a population whose ordinary life fills the files, town by town in bounded memory.

Nothing here knows a detector. People live in families, fall ill with the seasons, work, bear
children, travel and die; institutions have habits; offices write down what they see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from clew.packs.medical_insurance.sample.crowd import (
    bills,
    insured,
    lives,
    papers,
    population,
    settled,
    visits,
    ward_papers,
    wards,
    work,
    work_papers,
)
from clew.packs.medical_insurance.sample.crowd.cells import Ints
from clew.packs.medical_insurance.sample.crowd.houses import Houses
from clew.packs.medical_insurance.sample.crowd.scope import Chunk, Scope


@dataclass(frozen=True)
class Part:
    """Rows of one dataset with one delivery: text cells, nothing where a cell is empty."""

    dataset: str
    delivery: int
    table: pa.Table


def live(scope: Scope, houses: Houses, seed: int) -> Iterator[list[Part]]:
    """The rows of every chunk, one after the other; each chunk has a seed of its own."""
    for chunk in scope.chunks:
        yield _parts(scope, _tables(scope, houses, chunk, seed))


def _tables(scope: Scope, houses: Houses, chunk: Chunk, seed: int) -> dict[str, papers.Sent]:
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, chunk.number])))
    p = population.populate(chunk, rng)
    born = lives.births(p, rng)
    died = lives.deaths(p, born, rng)
    planned = lives.trips(p, died, rng)
    bound = lives.bindings(p, died, rng)
    lain = wards.stays(p, houses, born, died, rng)
    abroad = planned.without(lain.person, lain.adm, lain.dis)
    seen = visits.visits(p, houses, lain, died, abroad, rng)
    billed, lines = bills.bills(p, houses, seen, lain, bound, rng)
    rows = settled.rows(billed, len(seen), rng)
    at_work = work.work(p, born, died, scope.employers, rng)
    fees, row = settled.fees(p, rows, lines)
    return {
        "mi_settlement": (settled.settlements(p, houses, billed, rows, rng), rows.day),
        "mi_fee": (fees, rows.day[row]),
        "mi_inpatient": ward_papers.inpatients(p, houses, lain, len(seen)),
        "mi_diagnosis": ward_papers.diagnoses(p, lain, len(seen)),
        "mi_operation": ward_papers.operations(p, lain, len(seen)),
        "mi_leave": ward_papers.leaves(p, lain, len(seen), rng),
        "mi_person": papers.persons(p, work_papers.present_employer(p, at_work)),
        "mi_participation": insured.participation(p, at_work, died, rng),
        "mi_binding": papers.bindings(p, bound),
        "mi_filing": papers.filings(p, died, rng),
        "mi_border": papers.journeys(p, abroad, rng),
        "mi_maternity": work_papers.maternity(p, at_work),
        "si_contribution": work_papers.contributions(p, at_work),
        "tax_wage": work_papers.wages(p, at_work),
        "org_registry": work_papers.organisations(p, at_work, rng),
        "org_tax": work_papers.taxes(at_work, rng),
        "police_person": papers.households(p, rng),
        "kin": papers.families(p),
        "civil_marriage": papers.marriages(p, died, rng),
        **papers.deaths(p, died, rng),
    }


def _parts(scope: Scope, tables: dict[str, papers.Sent]) -> list[Part]:
    found = []
    for dataset, (table, days) in tables.items():
        delivery: Ints = scope.delivery(days)
        for number in range(len(scope.ends)):
            rows = np.flatnonzero(delivery == number)
            if len(rows):
                found.append(Part(dataset, number, _lean(table.take(pa.array(rows)))))
    return found


def _lean(table: pa.Table) -> pa.Table:
    """Without the values of the whole town that few rows do not use."""
    for place, field in enumerate(table.schema):
        column = table.column(place)
        if pa.types.is_dictionary(field.type):
            known = column.chunk(0).dictionary
            if len(known) > table.num_rows:
                lean = column.cast(pa.string()).dictionary_encode()
                table = table.set_column(place, field.name, lean)
    return table
