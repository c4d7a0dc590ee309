"""Net settlements with their net fee lines, the parts of them, and the diagnoses of a visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.journeys.oracle.rows import Row, Rows, day, grouped

INPATIENT = {"21", "22", "23", "24", "52"}
PHARMACY = "41"


@dataclass
class Visit:
    """One settlement after its reversals; `lines` are empty where none are held."""

    row: Row
    total: int
    fund: int
    account: int
    touched: bool = False
    lines: list[Row] = field(default_factory=list)

    @property
    def reversed(self) -> bool:
        return self.touched and (self.total, self.fund, self.account) == (0, 0, 0)

    @property
    def began(self) -> date:
        return day(self.row["begntime"])

    @property
    def inpatient(self) -> bool:
        return self.row["med_type"] in INPATIENT

    def part(self, flagged: Callable[[Row], bool]) -> Fraction:
        """Share of the flagged lines in the money of the settlement."""
        for column in ("fund_scope_amt", "det_item_fee_sumamt"):
            amounts = [line[column] for line in self.lines]
            if None in amounts or sum(amounts) == 0:
                continue
            chosen = sum(line[column] for line in self.lines if flagged(line))
            return Fraction(chosen, sum(amounts))
        return Fraction(0)


def net(city: Rows) -> list[Visit]:
    """D15: each original less what reverses it; a reversal without an original is left out."""
    lines = grouped(city["mi_fee"], "setl_id")
    visits = {}
    for row in city["mi_settlement"]:
        if not row["refd_setl_flag"]:
            money = (row["medfee_sumamt"], row["fund_pay_sumamt"], row["acct_pay"])
            visits[row["setl_id"]] = Visit(row, *money, lines=_copies(lines, row))
    backs = [r for r in city["mi_settlement"] if r["refd_setl_flag"]]
    for back in sorted(backs, key=lambda r: (r["setl_time"], r["setl_id"])):
        visit = _original(back, visits)
        if visit is None:
            continue
        visit.touched = True
        visit.total += back["medfee_sumamt"]
        visit.fund += back["fund_pay_sumamt"]
        visit.account += back["acct_pay"]
        visit.lines += _copies(lines, back)
    for visit in visits.values():
        visit.lines = [] if visit.reversed else _net_lines(visit.lines)
    return list(visits.values())


def _copies(lines: dict[str, list[Row]], row: Row) -> list[Row]:
    return [dict(line) for line in lines.get(row["setl_id"], ())]


def _original(back: Row, visits: dict[str, Visit]) -> Visit | None:
    if back["init_setl_id"] is not None:
        return visits.get(back["init_setl_id"])
    earlier = [
        v for v in visits.values()
        if v.row["mdtrt_id"] == back["mdtrt_id"] and not v.touched
        and v.total == -back["medfee_sumamt"] and v.row["setl_time"] < back["setl_time"]
    ]  # fmt: skip
    return max(earlier, key=lambda v: v.row["setl_time"], default=None)


def _net_lines(lines: list[Row]) -> list[Row]:
    kept = [line for line in lines if line["det_item_fee_sumamt"] >= 0 and line["cnt"] >= 0]
    for back in (line for line in lines if line["det_item_fee_sumamt"] < 0 or line["cnt"] < 0):
        same = [k for k in kept if k["med_list_codg"] == back["med_list_codg"] and k["cnt"] > 0]
        same.sort(key=lambda k: k["fee_ocur_time"] != back["fee_ocur_time"])
        if same:
            for column in ("cnt", "det_item_fee_sumamt", "fund_scope_amt"):
                if same[0][column] is not None and back[column] is not None:
                    same[0][column] += back[column]
    return [line for line in kept if (line["cnt"], line["det_item_fee_sumamt"]) != (0, 0)]


def fee_day(line: Row) -> date:
    return day(line["fee_ocur_time"])


def fen(amount: Fraction) -> int:
    """Rounded half up, once."""
    return int((amount + Fraction(1, 2)) // 1)


class Diagnoses:
    """Three-character categories of a visit."""

    def __init__(self, city: Rows, visits: list[Visit]) -> None:
        self._rows = grouped(city["mi_diagnosis"], "mdtrt_id")
        self._settled = grouped((v.row for v in visits), "mdtrt_id")

    def main(self, mdtrt_id: str) -> str:
        """The row of type 1 with the smallest number, else the settlement's own; "" if none."""
        first = [r for r in self._rows.get(mdtrt_id, ()) if r["diag_type"] == "1"]
        if first:
            return _category(min(first, key=lambda r: int(r["diag_srt_no"]))["diag_code"])
        own = [r["dise_codg"] for r in self._settled.get(mdtrt_id, ()) if r["dise_codg"]]
        return _category(own[0]) if own else ""

    def any(self, mdtrt_id: str) -> set[str]:
        """Categories of all diagnoses, the settlement's own among them."""
        codes = [r["diag_code"] for r in self._rows.get(mdtrt_id, ())]
        codes += [r["dise_codg"] for r in self._settled.get(mdtrt_id, ())]
        return {_category(code) for code in codes if code}


def _category(code: str) -> str:
    return code.partition("+")[0][:3]
