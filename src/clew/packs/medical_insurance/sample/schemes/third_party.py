"""MI-24: injuries that others owe, and invoices paid twice."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import LAST_DAY, City
from clew.packs.medical_insurance.sample.items import EVEN, Illness
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.records import Pay, Visit, at, delivery_of, stamp
from clew.packs.medical_insurance.sample.truth import BASE

HURT = (
    Illness("S72.000", "股骨颈骨折", (1, 99), EVEN, "04"),
    Illness("S06.000", "脑震荡", (1, 99), EVEN, "04"),
    Illness("T14.900", "损伤", (1, 99), EVEN, "04"),
)
FUND = Pay(fund=31_200, account=4_800, cash=9_900)
OWN = Pay(account=12_000, cash=25_000)


def plant(city: City) -> None:
    for rule in ("a", "b"):
        for make in (_hurt, _reversed, _not_hurt, _not_paid, _other_day):
            make(city, rule)
    _own_fault(city)
    _invoices(city)


def _happened(city: City, rule: str, person: Person, day: date, liability: str = "") -> None:
    """The accident in the files of the police, or of the labour office months later."""
    hour = city.rng.randrange(6, 22)
    liability = liability or city.rng.choice(("main", "equal", "minor", "none"))
    if rule == "a":
        city.records.add(
            "traffic_accident",
            delivery_of(day),
            accd_no=f"SG{city.records.number()}",
            certno=person.number,
            psn_name=person.name,
            accd_time=stamp(at(day, hour, city.rng.randrange(60))),
            liability=liability,
        )
        return
    recognised = min(day + timedelta(city.rng.randint(30, 120)), LAST_DAY)
    city.records.add(
        "work_injury",
        delivery_of(recognised),
        rec_no=f"GS{city.records.number()}",
        certno=person.number,
        psn_name=person.name,
        inj_date=day.isoformat(),
        rec_date=recognised.isoformat(),
    )


def _seen(
    city: City,
    rule: str,
    code: str = "",
    *,
    after: int = 0,
    ill: Illness | None = None,
    pay: Pay = FUND,
    ward: bool = False,
    liability: str = "",
) -> Visit:
    """A visit `after` days from an accident, to a hospital's door or into its ward."""
    day, person = city.day(), city.cast(25, 58)
    _happened(city, rule, person, day, liability)
    ill = ill or city.rng.choice(HURT)
    begun = day + timedelta(after)
    if ward:
        visit = city.records.stay(person, city.ward(), begun, begun + timedelta(9), ill=ill)
    else:
        when = at(begun, 22, city.rng.randrange(60))
        visit = city.records.visit(person, city.ward(), when, pay, ill=ill)
    city.plant("MI-24", person.number, visit.mdtrt_id, rule=rule, excluded_by=code)
    return visit


def _hurt(city: City, rule: str) -> None:
    for after in (0, 1, 3):
        _seen(city, rule, after=after)
    _seen(city, rule, ward=True)


def _reversed(city: City, rule: str) -> None:
    for pointer in (True, True, False):
        visit = _seen(city, rule, "REVERSED")
        city.records.reverse(visit, visit.settled + timedelta(5), pointer=pointer)


def _not_hurt(city: City, rule: str) -> None:
    for ill in items.VISITS[5:8]:
        _seen(city, rule, "INJURY", ill=ill)


def _not_paid(city: City, rule: str) -> None:
    for _ in range(3):
        _seen(city, rule, "FUND_PAID", pay=OWN)


def _other_day(city: City, rule: str) -> None:
    for after in (4, 6, -1):
        _seen(city, rule, BASE, after=after)


def _own_fault(city: City) -> None:
    for _ in range(3):
        _seen(city, "a", "LIABILITY", liability="full")


def _invoices(city: City) -> None:
    """Paid at the counter and again on paper: the smaller sum is asked back."""
    for code in ("", "", "", "REVERSED", "REVERSED", "REVERSED", BASE, BASE, BASE):
        day, person = city.day(), city.cast()
        number = f"{city.rng.randrange(10**7, 10**8)}"
        place = city.ward()
        city.records.visit(person, place, at(day, 10), FUND, cells={"invo_no": f"00{number}"})
        other = str(int(number) + 1) if code == BASE else number
        again = city.records.visit(
            person, place, at(day, 10), Pay(fund=20_100, cash=25_800),
            settled=at(day + timedelta(40), 15),
            cells={"invo_no": f"{other[:4]} {other[4:]}", "setl_way": "2"},
        )  # fmt: skip
        if code == "REVERSED":
            city.records.reverse(again, again.settled + timedelta(2))
        city.plant("MI-24", person.number, number, rule="c", excluded_by=code)
