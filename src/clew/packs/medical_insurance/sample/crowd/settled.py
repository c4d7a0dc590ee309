"""Settlements and fee lines as the insurance office sends them, reversals among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from clew.packs.medical_insurance.sample.crowd.bills import ILLS, ITEMS, MED_TYPES, Bills, Lines
from clew.packs.medical_insurance.sample.crowd.cells import (
    DAY,
    Ints,
    chosen,
    compact,
    dates,
    flags,
    moments,
    money,
    same,
    serial,
    whole,
)
from clew.packs.medical_insurance.sample.crowd.houses import Houses
from clew.packs.medical_insurance.sample.crowd.population import TYPES, Population
from clew.packs.medical_insurance.sample.crowd.year import LAST

SETTLEMENT, VISIT = 3300, 3301
"""How the numbers of settlements and visits of the crowd begin."""

_ROWS_OF_A_CHUNK = 1_000_000
_REVERSED, _PARTLY = 0.004, 30
_WRONG_BOOK = 0.4


@dataclass(frozen=True)
class Rows:
    """The rows of mi_settlement in order: which bill, and how much of it in percent: 100, or
    negative where the row reverses. `original` is the row reversed, or -1 where nobody says.
    """

    bill: Ints
    percent: Ints
    settled: Ints
    uploaded: Ints
    original: Ints

    @property
    def day(self) -> Ints:
        return self.settled // DAY


def rows(b: Bills, outpatient: int, rng: np.random.Generator) -> Rows:
    """Every bill once, and a few visits a second time as their reversal, by time of begin."""
    count = len(b)
    wrong = np.flatnonzero(rng.random(outpatient) < _REVERSED)
    when = b.settled[wrong] + rng.integers(1, 46, len(wrong)) * DAY + 1800
    wrong, when = wrong[when < (LAST + 1) * DAY], when[when < (LAST + 1) * DAY]
    in_part = (rng.random(len(wrong)) < 0.3) & ~b.detail[wrong]
    told = in_part | (rng.random(len(wrong)) > _WRONG_BOOK)
    bill = np.concatenate([np.arange(count), wrong])
    settled = np.concatenate([b.settled, when])
    uploaded = np.concatenate([b.uploaded, np.maximum(when + 180, b.uploaded[wrong] + 60)])
    percent = np.concatenate([np.full(count, 100), np.where(in_part, -_PARTLY, -100)])
    order = np.lexsort((settled, b.begin[bill]))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    original = np.concatenate([np.full(count, -1), np.where(told, place[wrong], -1)])
    return Rows(bill[order], percent[order], settled[order], uploaded[order], original[order])


def settlements(
    p: Population, houses: Houses, b: Bills, r: Rows, rng: np.random.Generator
) -> pa.Table:
    count = len(r.bill)
    person, place = b.person[r.bill], b.place[r.bill]
    numbers = _numbers(p, r)
    at, local = compact(place)
    terminal = rng.integers(1, 1 << 20, len(b))[r.bill] % houses.terminals[place] + 1
    desks, desk = compact(place * 64 + terminal)
    codes = houses.codes.to_pylist()
    reversing = r.percent < 0
    original = pa.array(r.original, mask=r.original < 0)
    draw = rng.random(len(b))[r.bill]
    fund, account, cash, aid = (
        _part(x[r.bill], r.percent) for x in (b.fund, b.account, b.cash, b.aid)
    )
    amounts = {
        "medfee_sumamt": fund + account + cash + aid,
        "fund_pay_sumamt": fund,
        "hifp_pay": fund,
        "maf_pay": np.zeros_like(fund),
        "acct_pay": account,
        "acct_mulaid_pay": aid,
        "psn_cash_pay": cash,
        "psn_part_amt": account + cash + aid,
    }
    return pa.table(
        {
            "setl_id": numbers,
            "mdtrt_id": visit_numbers(p, r.bill),
            "certno": chosen(p.numbers, person),
            "psn_name": chosen(p.names, person),
            "psn_no": chosen(p.insured, person),
            "psn_cert_type": same("01", count),
            "gend": chosen(["1", "2"], p.sex[person] - 1),
            "brdy": chosen(dates(p.born), person),
            "insutype": chosen(["390", "310"], p.employed[person].astype(np.int64)),
            "psn_type": chosen(TYPES, p.kind[person]),
            "fixmedins_code": chosen([codes[n] for n in at], local),
            "fixmedins_name": chosen(houses.names.take(pa.array(at)), local),
            "med_type": chosen(MED_TYPES, b.med_type[r.bill]),
            "begntime": moments(b.begin[r.bill]),
            "endtime": moments(b.end[r.bill]),
            "setl_time": moments(r.settled),
            "dise_codg": chosen([i.code for i in ILLS], b.ill[r.bill]),
            "dise_name": chosen([i.name for i in ILLS], b.ill[r.bill]),
            **{column: money(fen) for column, fen in amounts.items()},
            "acct_owner_certno": chosen(p.numbers, b.owner[r.bill]),
            "mdtrt_cert_type": chosen(["01", "02", "03"], (draw * 3000).astype(np.int64) % 3),
            "verify_mode": chosen(
                ["face", "password", "none"], (draw > 0.3).astype(np.int64) + (draw > 0.8)
            ),
            "terminal_no": chosen([f"T{codes[d // 64][1:]}{d % 64}" for d in desks.tolist()], desk),
            "upload_time": moments(r.uploaded),
            "offline_flag": flags(b.offline[r.bill] & ~reversing),
            "emer_flag": flags(np.isin(b.med_type[r.bill], (1, 4))),
            "refd_setl_flag": flags(reversing),
            "init_setl_id": numbers.take(original),
            "setl_way": same("1", count),
        }
    )


def fees(p: Population, r: Rows, lines: Lines) -> tuple[pa.Table, Ints]:
    """Fee lines, and for each the row of mi_settlement that it belongs to."""
    row, line = _of_rows(r, lines)
    back = r.percent[row] < 0
    sign = np.where(back, -1, 1)
    item = lines.item[line]
    count, amount = lines.count[line] * sign, lines.amount[line]
    starts = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, dtype=bool)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(row)), 0))
    known = _numbers(p, r)
    table = pa.table(
        {
            "setl_id": known.take(pa.array(row)),
            "feedetl_sn": whole(np.arange(len(row)) - first + 1),
            "fee_ocur_time": moments(lines.when[line]),
            "med_list_codg": chosen([i.code for i in ITEMS], item),
            "item_name": chosen([i.name for i in ITEMS], item),
            "list_type": chosen([i.list_type for i in ITEMS], item),
            "unit": chosen([i.unit for i in ITEMS], item),
            "cnt": whole(count),
            "pric": chosen(money(np.array([i.price for i in ITEMS])), item),
            "det_item_fee_sumamt": money(amount * sign),
            "fund_scope_amt": money(amount * 9 // 10 * sign),
            "bear_type": same("1", len(row)),
            "prd_days": chosen(
                [str(d) for d in range(64)], np.where(lines.days[line] > 0, lines.days[line], -1)
            ),
        }
    )
    return table, row


def visit_numbers(p: Population, bill: Ints) -> pa.Array:
    return serial(VISIT, p.chunk.number * _ROWS_OF_A_CHUNK + bill)


def _numbers(p: Population, r: Rows) -> pa.Array:
    return serial(SETTLEMENT, p.chunk.number * _ROWS_OF_A_CHUNK + np.arange(len(r.bill)))


def _part(fen: Ints, percent: Ints) -> Ints:
    part: Ints = np.where(percent < 0, -(fen * -percent // 100), fen)
    return part


def _of_rows(r: Rows, lines: Lines) -> tuple[Ints, Ints]:
    """Row and line for every line of every row that is a whole bill; lines stand by their bill."""
    whole_rows = np.flatnonzero(np.abs(r.percent) == 100)
    start = np.searchsorted(lines.bill, r.bill[whole_rows], side="left")
    size = np.searchsorted(lines.bill, r.bill[whole_rows], side="right") - start
    row = np.repeat(whole_rows, size)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
    return row, np.repeat(start, size) + offset
