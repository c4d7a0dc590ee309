"""Participation: since when, through whom and until when each person is insured."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from clew.packs.medical_insurance.sample.crowd.cells import Ints, chosen, dates
from clew.packs.medical_insurance.sample.crowd.papers import Sent
from clew.packs.medical_insurance.sample.crowd.population import Population
from clew.packs.medical_insurance.sample.crowd.work import Work
from clew.packs.medical_insurance.sample.crowd.year import LAST, MONTH_NAMES, MONTHS, NEVER

_LONG_AGO = -9_000
_MONTH_STARTS = np.array(
    [(np.datetime64(m, "D") - np.datetime64(MONTH_NAMES[0], "D")).astype(np.int64)
     for m in MONTH_NAMES]
)  # fmt: skip
ACTIVE, PAUSED, ENDED = 0, 1, 2


def participation(p: Population, w: Work, died: Ints, rng: np.random.Generator) -> Sent:
    """The present spell of everybody, and that of residents before they were employed."""
    start = np.maximum(rng.integers(_LONG_AGO, -400, len(p)), p.born)
    end, status = np.full(len(p), NEVER), np.full(len(p), ACTIVE)
    employer = np.full(len(p), -1)
    months = _MONTH_STARTS + _first_month_day()
    works = w.employer >= 0
    first = np.argmax(works, axis=1)
    last = MONTHS - 1 - np.argmax(works[:, ::-1], axis=1)
    employer[w.person] = np.where(works.any(axis=1), w.employer[np.arange(len(last)), last], -1)
    newly = works.any(axis=1) & (first > 0)
    start[w.person[newly]] = months[first[newly]]
    gone = works.any(axis=1) & (last < MONTHS - 1)
    end[w.person[gone]] = months[last[gone] + 1] - 1
    status[w.person[gone]] = PAUSED
    dead = died < NEVER
    end[dead], status[dead] = np.minimum(died[dead] + 15, LAST), ENDED
    before = w.person[newly]
    person = np.concatenate([np.arange(len(p)), before])
    old = np.arange(len(person)) >= len(p)
    begins = np.where(
        old, np.minimum(_LONG_AGO + p.age[person], start[person] - 400), start[person]
    )
    ends = np.where(old, start[person] - 1, end[person])
    state = np.where(old, ENDED, status[person])
    kind = np.where(old, 0, p.employed[person])
    table = pa.table(
        {
            "psn_no": chosen(p.insured, person),
            "insutype": chosen(["390", "310"], kind),
            "start_date": dates(begins),
            "status": chosen(["1", "2", "4"], state),
            "certno": chosen(p.numbers, person),
            "end_date": _open(ends),
            "emp_uscc": chosen(w.codes, np.where(old, -1, employer[person])),
            "reason": chosen(["停保", "死亡", "转为职工参保"], np.where(old, 2, state - 1)),
        }
    )
    seen = np.maximum(begins, np.where(ends < NEVER, ends, 0))
    return table, np.clip(seen, 0, LAST)


def _first_month_day() -> int:
    """The first day of the first month, counted from the city's first day."""
    return -int(_MONTH_STARTS[MONTHS - 12])


def _open(ends: Ints) -> pa.Array:
    """An end that nobody has seen is left empty."""
    known = np.flatnonzero(ends < NEVER)
    place = np.full(len(ends), -1)
    place[known] = np.arange(len(known))
    return chosen(dates(ends[known]), place)
