"""MI-21 and MI-22: pharmacies whose shelf and bills do not agree. Each case has its own house."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import Item
from clew.packs.medical_insurance.sample.people import DIVISIONS
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Visit, at, delivery_of
from clew.packs.medical_insurance.sample.schemes.shelf import buy

AMOXICILLIN, POWDER = items.DRUGS[3], items.DRUGS[7]
PERIOD = (date(2023, 1, 1), date(2023, 3, 31))
BACK = at(date(2023, 9, 18))
GOODS = ("洗衣液", "大米", "护肤霜")


def plant(city: City) -> None:
    for name in GOODS:
        city.register("mi_code_list", list="daily_goods", code=name, start_date="2020-01-01")
    for n in range(3):
        _mismatches(city)
        _unbought(city)
        _one_price(city)
        _daily_goods(city, GOODS[n])


def _house(city: City) -> Institution:
    return city.open("pharmacy", city.rng.choice(list(DIVISIONS)))


def _book(city: City, place: Institution, code: str, name: str, **cells: str) -> None:
    """A line of the stock book for a quarter."""
    usual = {
        "start_date": PERIOD[0].isoformat(),
        "end_date": PERIOD[1].isoformat(),
        "open_cnt": "10",
        "purc_cnt": "10",
        "close_cnt": "0",
        "line_no": "1",
        "stock_unit": "盒",
        "purc_pric": "9.60",
        "reimb_flag": "1",
    }
    city.records.add(
        "mi_stock", delivery_of(PERIOD[1]), fixmedins_code=place.code, med_list_codg=code,
        item_name=name, **(usual | cells),
    )  # fmt: skip


def _mismatches(city: City) -> None:
    def case(
        code: str = "",
        *,
        sold: int = 30,
        day: date = date(2023, 2, 14),
        back: bool = False,
        unit: str = "",
        **cells: str,
    ) -> None:
        place = _house(city)
        _book(city, place, AMOXICILLIN.code, AMOXICILLIN.name, **cells)
        visit = buy(city, city.cast(), place, day, (AMOXICILLIN, sold))
        if unit:
            visit.fees[0]["unit"] = unit
        if back:
            city.records.reverse(visit, BACK)
        city.plant(
            "MI-21", place.code, AMOXICILLIN.code, PERIOD[0].isoformat(), excluded_by=code,
            severity="H",
        )  # fmt: skip

    last = PERIOD[1]
    case()
    case("REVERSED", back=True)
    case("NO_PACK_FACTOR", unit="粒")
    case("CAMPUS_TRANSFER", transfer_cnt="10", transfer_doc="调2023-017")
    case("STOCKTAKE_OFFSET", day=last, stocktake_date=(last - timedelta(2)).isoformat())
    case("DONATED", donated_cnt="10")
    case("EXCESS", sold=25)


def _unbought(city: City) -> None:
    def case(
        code: str = "", *, price: str = "15.30", bought: bool = False, back: bool = False
    ) -> None:
        place = _house(city)
        _book(city, place, f"RY{city.rng.randrange(10**8):08d}", "日用百货", reimb_flag="0",
              purc_pric=price)  # fmt: skip
        if bought:
            _book(city, place, POWDER.code, POWDER.name)
        visit = buy(city, city.cast(), place, date(2023, 3, 6), (POWDER, 2))
        if back:
            city.records.reverse(visit, BACK)
        city.plant("MI-22", place.code, POWDER.code, "2023Q1", rule="a", excluded_by=code)

    case()
    case("REVERSED", back=True)
    case("NOT_BOUGHT", bought=True)
    case("SIMILAR_GOODS", price="18.80")


def _one_price(city: City) -> None:
    def case(code: str = "", *, last: int = 1330, back: bool = False) -> None:
        place = _house(city)
        goods = [_at(item, 1330) for item in items.DRUGS[4:6]] + [_at(items.DRUGS[6], last)]
        sales: list[Visit] = []
        for n in range(3):
            day = date(2023, 5, 4 + 7 * n)
            sales.append(buy(city, city.cast(), place, day, *((item, 1) for item in goods)))
        if back:
            city.records.reverse(sales[1], BACK)
        city.plant("MI-22", place.code, "13.3000", "2023-05", rule="b", excluded_by=code)

    case()
    case("REVERSED", back=True)
    case("SAME_PRICE", last=1331)


def _at(item: Item, price: int) -> Item:
    return item._replace(price=price)


def _daily_goods(city: City, name: str) -> None:
    def case(code: str = "", *, cash: bool = False, back: bool = False) -> None:
        place = _house(city)
        sold = items.DRUGS[5]._replace(name=f"{name}家庭装", price=3990)
        visit = buy(city, city.cast(), place, date(2023, 6, 9), (sold, 1), cash=cash)
        if back:
            city.records.reverse(visit, BACK)
        city.plant("MI-22", place.code, "2023-06", rule="c", excluded_by=code)

    case()
    case("REVERSED", back=True)
    case("PAID", cash=True)
