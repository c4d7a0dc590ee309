"""Stays with lines of one's own choice: items that only planted cases know, and their charges."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from clew.kernel.money import yuan
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import EVEN, Illness, Item
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Cells, Visit, at, delivery_of, stamp

FRACTURE = Illness("S82.200", "胫骨骨折", (20, 80), EVEN, "04")
CORONARY = Illness("I25.100", "冠状动脉粥样硬化性心脏病", (40, 90), EVEN)
FIRST, LAST = date(2023, 1, 5), date(2023, 3, 10)
"""Within one quarter, stays included: the quarter after it is for outliers."""
NIGHTS = 7
FUND_PERCENT = 60


def consumable(city: City, number: int, name: str, kind: str, price: int, **cells: str) -> Item:
    """A consumable of the catalogue; `price` in fen."""
    code = f"C{number:02d}010{number:03d}00000{number:07d}"
    return _listed(city, Item(code, name, "consumable", kind, "个", price), cells)


def service(
    city: City, local: str, name: str, kind: str, price: int, *, unit: str = "次", **cells: str
) -> Item:
    """A service item of the catalogue; `price` in fen."""
    item = Item(f"00{local}0000-{local}", name, "item", kind, unit, price)
    return _listed(city, item, cells | {"local_code": local})


def _listed(city: City, item: Item, cells: Cells) -> Item:
    city.register(
        "mi_catalogue", med_list_codg=item.code, name=item.name, list_type=item.list_type,
        start_date="2020-01-01", kind=item.kind, unit=item.unit, **cells,
    )  # fmt: skip
    return item


def on_list(city: City, name: str, *codes: str) -> None:
    for code in codes:
        city.register("mi_code_list", list=name, code=code, start_date="2020-01-01")


def pair(city: City, one: Item, other: Item, relation: str, scope: str = "day") -> None:
    city.register(
        "mi_item_pair", code_a=one.code, code_b=other.code, relation=relation,
        start_date="2020-01-01", scope=scope,
    )  # fmt: skip


def lie(
    city: City,
    place: Institution,
    *,
    ill: Illness = FRACTURE,
    day: date | None = None,
    nights: int = NIGHTS,
    person: Person | None = None,
    others: tuple[str, ...] = (),
    inpatient: Cells | None = None,
) -> tuple[Person, Visit, date]:
    """A stay of a member of the cast, with the first day of it."""
    person, day = person or city.cast(), day or city.day(FIRST, LAST)
    visit = city.records.stay(
        person, place, day, day + timedelta(nights), ill=ill, others=others, inpatient=inpatient
    )
    return person, visit, day


def charge(
    city: City,
    visit: Visit,
    item: Item,
    when: date | datetime,
    count: int = 1,
    *,
    price: int = 0,
    **cells: str,
) -> Cells:
    """One more line of the visit, and the bill grows by it. `price` in fen replaces the usual."""
    moment = when if isinstance(when, datetime) else at(when, 11)
    price = price or item.price
    amount = price * count
    fee = {
        "setl_id": visit.settlement["setl_id"],
        "feedetl_sn": str(len(visit.fees) + 1),
        "fee_ocur_time": stamp(moment),
        "med_list_codg": item.code,
        "item_name": item.name,
        "list_type": item.list_type,
        "unit": item.unit,
        "cnt": str(count),
        "pric": yuan(price),
        "det_item_fee_sumamt": yuan(amount),
        "fund_scope_amt": yuan(amount * 9 // 10),
        "bear_type": "1",
        **cells,
    }
    visit.fees.append(city.records.add("mi_fee", _delivery(visit), **fee))
    fund = amount * FUND_PERCENT // 100
    _raise(visit.settlement, ("medfee_sumamt",), amount)
    _raise(visit.settlement, ("fund_pay_sumamt", "hifp_pay"), fund)
    _raise(visit.settlement, ("psn_cash_pay", "psn_part_amt"), amount - fund)
    return fee


def _raise(settlement: Cells, columns: tuple[str, ...], fen: int) -> None:
    for column in columns:
        settlement[column] = yuan(int(settlement[column].replace(".", "")) + fen)


def operate(city: City, visit: Visit, day: date, *codes: str, **cells: str) -> None:
    """Operations of one day; a code may bear a side, as in 81.5100L."""
    for order, text in enumerate(codes, 1):
        code, side = (text[:-1], text[-1]) if text[-1] in "LRB" else (text, "")
        usual = {"main_flag": "1" if order == 1 else "0", "staged_flag": "0"}
        city.records.add(
            "mi_operation", _delivery(visit), mdtrt_id=visit.mdtrt_id, oprn_srt_no=str(order),
            oprn_code=code, oprn_date=day.isoformat(), side=side, **(usual | cells),
        )  # fmt: skip


def implanted(city: City, visit: Visit, item: Item, order: int = 1, **cells: str) -> None:
    """A row of the implant register."""
    city.records.add(
        "mi_implant", _delivery(visit), mdtrt_id=visit.mdtrt_id, impl_srt_no=str(order),
        med_list_codg=item.code, **({"cnt": "1"} | cells),
    )  # fmt: skip


def reverse(city: City, visit: Visit) -> None:
    city.records.reverse(visit, visit.settled + timedelta(2))


def who(person: Person) -> str:
    return f"person:{person.number}"


def _delivery(visit: Visit) -> int:
    return delivery_of(visit.settled.date())
