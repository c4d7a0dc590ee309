"""Rows as departments would write them: visits, stays, reversals and the papers around them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from clew.kernel.money import yuan
from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.items import Illness, Item
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution

ENDS = (date(2023, 4, 30), date(2023, 8, 31), date(2023, 10, 31))
"""Last day of each delivery; a row is delivered with the first that its own day allows."""

Cells = dict[str, str]


@dataclass(slots=True)
class Row:
    """`planted` rows carry truth: no dirt may destroy them."""

    cells: Cells
    planted: bool


@dataclass(frozen=True, slots=True)
class Pay:
    """Who pays a visit, in fen. `aid` comes from the account of `owner`."""

    fund: int = 0
    account: int = 0
    cash: int = 0
    aid: int = 0
    owner: str = ""

    @property
    def total(self) -> int:
        return self.fund + self.account + self.cash + self.aid


@dataclass(frozen=True, slots=True)
class Line:
    """`days` are those that a drug is dispensed for; 0 where nobody wrote it down."""

    item: Item
    when: datetime
    count: int = 1
    days: int = 0

    @property
    def amount(self) -> int:
        return self.item.price * self.count


@dataclass(slots=True)
class Visit:
    """What was written for one visit; enough to reverse it."""

    settlement: Cells
    settled: datetime
    fees: list[Cells] = field(default_factory=list)

    @property
    def mdtrt_id(self) -> str:
        return self.settlement["mdtrt_id"]


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


def stamp(moment: datetime) -> str:
    return moment.isoformat(sep=" ")


def delivery_of(day: date) -> int:
    return next(n for n, end in enumerate(ENDS) if day <= end)


class Records:
    """All rows by dataset and delivery. `planted` marks the rows written while it is true."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.planted = False
        self.rows: dict[str, list[list[Row]]] = defaultdict(lambda: [[], [], []])
        self._numbers: set[int] = set()

    def add(self, dataset: str, delivery: int, **cells: str) -> Cells:
        self.rows[dataset][delivery].append(Row(cells, self.planted))
        return cells

    def number(self) -> str:
        """A serial number that no other row has."""
        while (drawn := self.rng.randrange(10**11)) in self._numbers:
            pass
        self._numbers.add(drawn)
        return f"3303{drawn:011d}"

    def visit(
        self,
        person: Person,
        place: Institution,
        begin: datetime,
        pay: Pay,
        *,
        med_type: str = "11",
        ill: Illness = items.VISITS[0],
        lines: list[Line] | None = None,
        settled: datetime | None = None,
        end: datetime | None = None,
        mdtrt_id: str = "",
        delivery: int | None = None,
        cells: Cells | None = None,
    ) -> Visit:
        """One settlement, with its fee lines where given. `cells` replace what is usual."""
        settled = settled or begin + timedelta(minutes=self.rng.randint(5, 50))
        number = delivery_of(settled.date()) if delivery is None else delivery
        row = {
            "setl_id": self.number(),
            "mdtrt_id": mdtrt_id or self.number(),
            "certno": person.number,
            "psn_name": person.name,
            "psn_no": person.psn_no,
            "psn_cert_type": "01",
            "gend": str(person.sex),
            "brdy": person.born.isoformat(),
            "insutype": person.insurance,
            "psn_type": person.psn_type,
            "fixmedins_code": place.code,
            "fixmedins_name": place.name,
            "med_type": med_type,
            "begntime": stamp(begin),
            "endtime": stamp(end or settled),
            "setl_time": stamp(settled),
            "dise_codg": ill.code,
            "dise_name": ill.name,
            **_amounts(pay),
            "acct_owner_certno": pay.owner,
            "mdtrt_cert_type": self.rng.choice(("01", "02", "03")),
            "verify_mode": "password",
            "terminal_no": f"T{place.code[1:]}{self.rng.randint(1, 3)}",
            "upload_time": stamp(settled + timedelta(minutes=self.rng.randint(1, 240))),
            "offline_flag": "0",
            "emer_flag": "0",
            "refd_setl_flag": "0",
            "init_setl_id": "",
            "setl_way": "1",
            **(cells or {}),
        }
        written = Visit(self.add("mi_settlement", number, **row), settled)
        for n, line in enumerate(lines or (), 1):
            fee = _fee(row["setl_id"], n, line)
            written.fees.append(self.add("mi_fee", number, **fee))
        return written

    def stay(
        self,
        person: Person,
        place: Institution,
        admitted: date,
        discharged: date,
        *,
        ill: Illness = items.STAYS[0],
        med_type: str = "21",
        way: str = "1",
        last_fee: date | None = None,
        settled: datetime | None = None,
        others: tuple[str, ...] = (),
        cells: Cells | None = None,
        inpatient: Cells | None = None,
    ) -> Visit:
        """An inpatient stay: settlement, fee lines a day, stay and diagnoses.

        A day is charged on the way in; `last_fee` ends the charges on another day. `others` are
        further diagnosis codes, `cells` replace cells of the settlement, `inpatient` of the stay.
        """
        settled = settled or at(discharged, 15, self.rng.randrange(60))
        lines = self._ward_lines(admitted, last_fee or max(admitted, discharged - timedelta(1)))
        total = sum(line.amount for line in lines)
        fund = total * self.rng.randint(55, 75) // 100
        pay = Pay(fund, (total - fund) // 2, total - fund - (total - fund) // 2)
        begin, end = at(admitted, 9, self.rng.randrange(60)), at(discharged, 14)
        visit = self.visit(
            person, place, begin, pay, med_type=med_type, ill=ill, lines=lines, settled=settled,
            end=end, cells=cells,
        )  # fmt: skip
        number = delivery_of(settled.date())
        usual = {
            "mdtrt_id": visit.mdtrt_id,
            "adm_time": stamp(begin),
            "certno": person.number,
            "fixmedins_code": place.code,
            "dscg_time": stamp(end),
            "adm_dept": ill.dept,
            "bed_no": f"{ill.dept}{self.rng.randint(1, 60):02d}",
            "dscg_way": way,
            "emer_flag": "0",
            "planned_flag": "1",
            "icu_hours": "0",
            "newborn_flag": "0",
            "home_bed_flag": "0",
            "day_case_flag": "0",
        }
        self.add("mi_inpatient", number, **(usual | (inpatient or {})))
        for order, code in enumerate((ill.code, *others), 1):
            self.add(
                "mi_diagnosis",
                number,
                mdtrt_id=visit.mdtrt_id,
                diag_srt_no=str(order),
                diag_type="1" if order == 1 else "2",
                diag_code=code,
                diag_date=discharged.isoformat(),
            )
        return visit

    def _ward_lines(self, first: date, last: date) -> list[Line]:
        lines = []
        for n in range((last - first).days + 1):
            when = at(first + timedelta(n), 10, self.rng.randrange(60))
            lines += [Line(items.BED, when), Line(items.NURSING, when)]
            lines.append(Line(self.rng.choice(items.DRUGS), when, self.rng.randint(1, 4), days=1))
            if n % 3 == 0:
                lines.append(Line(self.rng.choice((items.CT, items.BLOOD, items.INFUSION)), when))
        return lines

    def reverse(
        self, visit: Visit, when: datetime, *, percent: int = 100, pointer: bool = True
    ) -> None:
        """Writes the negative row; lines are reversed with the whole only."""
        original = visit.settlement
        row = original | {
            "setl_id": self.number(),
            "setl_time": stamp(when),
            "upload_time": stamp(when + timedelta(minutes=3)),
            "refd_setl_flag": "1",
            "init_setl_id": original["setl_id"] if pointer else "",
        }
        for column in AMOUNTS:
            row[column] = _negative(original[column], percent)
        number = delivery_of(when.date())
        self.add("mi_settlement", number, **row)
        for fee in visit.fees if percent == 100 else ():
            back = fee | {"setl_id": row["setl_id"]}
            for column in ("cnt", "det_item_fee_sumamt", "fund_scope_amt"):
                back[column] = _negative(fee[column], 100)
            self.add("mi_fee", number, **back)


AMOUNTS = (
    "medfee_sumamt", "fund_pay_sumamt", "hifp_pay", "maf_pay", "acct_pay", "acct_mulaid_pay",
    "psn_cash_pay", "psn_part_amt",
)  # fmt: skip


def _amounts(pay: Pay) -> Cells:
    values = (
        pay.total, pay.fund, pay.fund, 0, pay.account, pay.aid, pay.cash, pay.total - pay.fund,
    )  # fmt: skip
    return {column: yuan(value) for column, value in zip(AMOUNTS, values, strict=True)}


def _negative(text: str, percent: int) -> str:
    if "." not in text:
        return f"-{text}"
    fen = int(text.replace(".", "")) * percent // 100
    return yuan(-fen)


def _fee(setl_id: str, number: int, line: Line) -> Cells:
    return {
        "setl_id": setl_id,
        "feedetl_sn": str(number),
        "fee_ocur_time": stamp(line.when),
        "med_list_codg": line.item.code,
        "item_name": line.item.name,
        "list_type": line.item.list_type,
        "unit": line.item.unit,
        "cnt": str(line.count),
        "pric": yuan(line.item.price),
        "det_item_fee_sumamt": yuan(line.amount),
        "fund_scope_amt": yuan(line.amount * 9 // 10),
        "bear_type": "1",
        "prd_days": str(line.days or ""),
    }
