"""Rows about employers and their people, as the offices of tax, labour and market send them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from clew.packs.medical_insurance.sample.crowd.cells import (
    Ints,
    chosen,
    dates,
    money,
    same,
    whole,
)
from clew.packs.medical_insurance.sample.crowd.numbers import EMPLOYERS_OF_A_CHUNK, mobiles
from clew.packs.medical_insurance.sample.crowd.papers import Sent, papers_numbers
from clew.packs.medical_insurance.sample.crowd.population import Population
from clew.packs.medical_insurance.sample.crowd.work import Work
from clew.packs.medical_insurance.sample.crowd.year import MONTH_NAMES, MONTH_NUMBER, MONTHS
from clew.packs.medical_insurance.sample.people import DIVISIONS
from clew.packs.medical_insurance.sample.registers import STREETS, TRADES, WORDS

_CLAIM = 3302


def present_employer(p: Population, w: Work) -> pa.Array:
    """The employer's code of each person on the last day, or nothing."""
    employer = np.full(len(p), -1)
    employer[w.person] = w.employer[:, -1]
    return chosen(w.codes, employer)


def contributions(p: Population, w: Work) -> Sent:
    who, month = _delivered(w)
    table = pa.table(
        _of_month(p, w, who, month)
        | {"base": money(w.base[who, month]), "supp_flag": same("0", len(who))}
    )
    return table, _sent(month)


def wages(p: Population, w: Work) -> Sent:
    who, month = _delivered(w)
    table = pa.table(_of_month(p, w, who, month) | {"wage_income": money(w.wage[who, month])})
    return table, _sent(month)


def _delivered(w: Work) -> tuple[Ints, Ints]:
    at = np.argwhere((w.employer >= 0) & w.studied[np.maximum(w.employer, 0)])
    return at[:, 0], at[:, 1]


def _of_month(p: Population, w: Work, who: Ints, month: Ints) -> dict[str, pa.Array]:
    return {
        "certno": chosen(p.numbers, w.person[who]),
        "psn_name": chosen(p.names, w.person[who]),
        "emp_uscc": chosen(w.codes, w.employer[who, month]),
        "month": chosen(MONTH_NAMES, month),
    }


def _sent(month: Ints) -> Ints:
    """The day on which the rows of a month are sent: its first within the city's year."""
    day = np.searchsorted(MONTH_NUMBER, np.arange(MONTHS), side="left")
    sent: Ints = day[month]
    return sent


def maternity(p: Population, w: Work) -> Sent:
    c = w.claims
    held = w.studied[c.employer]
    count = int(held.sum())
    base, days = c.base[held], c.days[held]
    mother = w.person[c.who[held]]
    table = pa.table(
        {
            "claim_no": papers_numbers(p, _CLAIM, count),
            "certno": chosen(p.numbers, mother),
            "psn_name": chosen(p.names, mother),
            "emp_uscc": chosen(w.codes, c.employer[held]),
            "dlvy_date": dates(c.birth[held]),
            "leave_days": whole(days),
            "allow_base": money(base),
            "allow_paid": money((base * days * 2 + 30) // 60),
            "pay_date": dates(c.paid_on[held]),
            "dlvy_type": chosen(["1", "2"], c.caesarean[held].astype(np.int64)),
        }
    )
    return table, c.paid_on[held]


def organisations(p: Population, w: Work, rng: np.random.Generator) -> Sent:
    """Each at an address of its own; some let one bookkeeper register them."""
    count = len(w.codes)
    place = DIVISIONS[p.chunk.div]
    words, trade = rng.integers(0, len(WORDS), (2, count)), rng.integers(0, len(TRADES), count)
    numbers = p.chunk.town * EMPLOYERS_OF_A_CHUNK + np.arange(count)
    agent = np.where(rng.random(count) < 0.2, 0, np.arange(count))
    phones = mobiles(900_000_000 + p.chunk.number * 1000 + np.arange(count))
    table = pa.table(
        {
            "emp_uscc": w.codes,
            "name": [
                f"{place}{WORDS[a]}{WORDS[b]}{TRADES[t]}有限公司"
                for a, b, t in zip(*words.tolist(), trade.tolist(), strict=True)
            ],
            "addr": [
                f"浙江省温州市{place}{STREETS[n % len(STREETS)]}{n // len(STREETS) + 1000}号"
                for n in numbers.tolist()
            ],
            "legal_name": p.names.take(pa.array(rng.integers(0, len(p), count))),
            "est_date": dates(rng.integers(-7000, -1200, count)),
            "agent_name": p.names.take(pa.array(agent % len(p))),
            "agent_tel": pa.array(phones).take(pa.array(agent)),
            "status": same("存续", count),
        }
    )
    return table, np.zeros(count, dtype=np.int64)


def taxes(w: Work, rng: np.random.Generator) -> Sent:
    """Tax and invoices of every studied employer in every month."""
    count = len(w.codes)
    at = np.where(w.employer >= 0, w.employer * MONTHS + np.arange(MONTHS), -1)
    staff = np.bincount(at[at >= 0], minlength=count * MONTHS)
    invoices = rng.poisson(staff * 2 + 4) + 1
    employer, month = np.divmod(np.arange(count * MONTHS), MONTHS)
    held = np.flatnonzero(w.studied[employer])
    table = pa.table(
        {
            "emp_uscc": chosen(w.codes, employer[held]),
            "month": chosen(MONTH_NAMES, month[held]),
            "tax_paid": money((staff[held] + 1) * rng.integers(20_000, 60_000, len(held))),
            "invo_cnt": whole(invoices[held]),
            "invo_amt": money(invoices[held] * rng.integers(100_000, 900_000, len(held))),
            "wage_headcount": whole(staff[held]),
        }
    )
    return table, _sent(month[held])
