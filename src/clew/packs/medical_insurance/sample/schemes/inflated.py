"""MI-10: bases raised for a maternity allowance."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import payroll
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.payroll import FIRST_MONTH, LAST_MONTH, later
from clew.packs.medical_insurance.sample.people import Person

LOW, HIGH, WAGE = 446_200, 1_500_000, 450_000
COUNTED, PAID_AFTER = 6, 2
STAFF = 6


def plant(city: City) -> None:
    firm = _firm(city)
    for make in (_raised, _first_month, _left, _promoted, _ordered, _single):
        make(city, firm)
    for make_own in (_small, _unit_wide, _merged, _ten_thousand):
        make_own(city)


def _firm(city: City, **cells: str) -> str:
    """An ordinary employer with six people who earn what their base says."""
    firm = city.employer(**cells).uscc
    for _ in range(STAFF):
        _employ(city, city.cast(28, 50), firm, FIRST_MONTH, LAST_MONTH, LOW)
    payroll.declare(city, firm, FIRST_MONTH, LAST_MONTH, tax=830_000, invoices=12)
    return firm


def _employ(city: City, person: Person, firm: str, first: date, last: date, fen: int) -> None:
    payroll.insure(city, person, firm, first, last, fen)
    payroll.pay(city, person, firm, first, last, fen)


def _born(city: City) -> date:
    """A day of delivery after which the months of a payment have passed."""
    return city.day(date(2022, 12, 3), date(2023, 4, 20))


def _claimed(
    city: City, person: Person, firm: str, born: date, code: str = "", severity: str = "H"
) -> None:
    paid = later(born.replace(day=1), PAID_AFTER) + timedelta(city.rng.randint(2, 20))
    payroll.claim(city, person, firm, born, paid, HIGH)
    fact = (f"person:{person.number}", born.isoformat())
    city.plant("MI-10", firm, *fact, excluded_by=code, severity=severity)


def _rise(city: City, person: Person, firm: str, born: date, *, joined: int = 99) -> date:
    """Low until the months that count, high from then on; answers the month of the payment."""
    month = born.replace(day=1)
    up, paid = later(month, -COUNTED), later(month, PAID_AFTER)
    payroll.insure(city, person, firm, later(month, -joined), later(up, -1), LOW)
    payroll.insure(city, person, firm, up, paid, HIGH)
    return paid


def _raised(city: City, firm: str) -> None:
    """Wages stay where they were; after the payment the base is what it was, or nothing."""
    for back in (True, True, False):
        person, born = payroll.mother(city), _born(city)
        paid = _rise(city, person, firm, born)
        payroll.pay(city, person, firm, FIRST_MONTH, LAST_MONTH, WAGE)
        if back:
            payroll.insure(city, person, firm, later(paid, 1), LAST_MONTH, LOW)
        _claimed(city, person, firm, born)


def _first_month(city: City, firm: str) -> None:
    """From the first month on more than twice what colleagues have, some months before."""
    for before in (10, 8, 7):
        person, born = payroll.mother(city), _born(city)
        _employ(city, person, firm, later(born.replace(day=1), -before), LAST_MONTH, HIGH)
        _claimed(city, person, firm, born)


def _left(city: City, firm: str) -> None:
    """Joined shortly before and gone after the payment."""
    for before in (9, 6, 4):
        person, born = payroll.mother(city), _born(city)
        month = born.replace(day=1)
        _employ(city, person, firm, later(month, -before), later(month, PAID_AFTER), LOW + 50_000)
        _claimed(city, person, firm, born)


def _small(city: City) -> None:
    """Four insured, three of them mothers within a year, none there for long."""
    firm = city.employer().uscc
    _employ(city, city.cast(30, 50), firm, FIRST_MONTH, LAST_MONTH, LOW)
    payroll.declare(city, firm, FIRST_MONTH, LAST_MONTH, tax=40_000, invoices=2)
    for born in (date(2022, 12, 9), date(2023, 2, 14), date(2023, 4, 20)):
        person = payroll.mother(city)
        _employ(city, person, firm, later(born.replace(day=1), -7), LAST_MONTH, LOW)
        _claimed(city, person, firm, born)


def _promoted(city: City, firm: str) -> None:
    """Joined late and soon promoted: the wage rose with the base."""
    for _ in range(3):
        person, born = payroll.mother(city), _born(city)
        month = born.replace(day=1)
        up = later(month, -COUNTED)
        _employ(city, person, firm, later(month, -10), later(up, -1), LOW)
        _employ(city, person, firm, up, LAST_MONTH, HIGH)
        _claimed(city, person, firm, born, "PROMOTION_TAXED")


def _ordered(city: City, firm: str) -> None:
    """A court had the employer pay up for the very months that count."""
    for n in range(3):
        person, born = payroll.mother(city), _born(city)
        month = born.replace(day=1)
        _employ(city, person, firm, FIRST_MONTH, LAST_MONTH, LOW)
        payroll.insure(
            city, person, firm, later(month, -COUNTED), later(month, -1), HIGH - LOW,
            court=f"(2022)浙0302民初{city.rng.randint(1000, 9999) + n}号",
        )  # fmt: skip
        _claimed(city, person, firm, born, "COURT_BACK_PAY")


def _ten_thousand(city: City) -> None:
    """Somebody multiplied by ten thousand what was in yuan already."""
    firm = _firm(city)
    for _ in range(3):
        person, born = payroll.mother(city), _born(city)
        month = born.replace(day=1)
        up, paid = later(month, -COUNTED), later(month, PAID_AFTER)
        payroll.insure(city, person, firm, FIRST_MONTH, later(up, -1), LOW)
        payroll.insure(city, person, firm, up, paid, LOW * 10_000)
        payroll.insure(city, person, firm, later(paid, 1), LAST_MONTH, LOW)
        payroll.pay(city, person, firm, FIRST_MONTH, LAST_MONTH, LOW)
        _claimed(city, person, firm, born, "UNIT_10K")


def _single(city: City, firm: str) -> None:
    """One signal is not enough: a base above the wage, a late joiner, one who leaves."""
    for n in range(3):
        person, born = payroll.mother(city), _born(city)
        month = born.replace(day=1)
        first = later(month, -8) if n == 1 else FIRST_MONTH
        last = later(month, PAID_AFTER) if n == 2 else LAST_MONTH
        payroll.insure(city, person, firm, first, last, LOW)
        payroll.pay(city, person, firm, first, last, LOW // 2 if n == 0 else LOW)
        _claimed(city, person, firm, born, "TWO_SIGNALS")


def _unit_wide(city: City) -> None:
    """The whole unit moved up in one month, and the wages did not follow."""
    for _ in range(3):
        firm, born = city.employer().uscc, _born(city)
        month = born.replace(day=1)
        up = later(month, -COUNTED)
        mother = payroll.mother(city)
        for person in (mother, *(city.cast(28, 50) for _ in range(5))):
            much = HIGH + city.rng.randint(0, 8) * 1_000
            payroll.insure(city, person, firm, later(up, -4), later(up, -1), LOW)
            payroll.insure(city, person, firm, up, LAST_MONTH, much)
            payroll.pay(city, person, firm, later(up, -4), LAST_MONTH, LOW)
        # She was there before the others are counted.
        payroll.insure(city, mother, firm, later(up, -9), later(up, -5), LOW)
        payroll.declare(city, firm, FIRST_MONTH, LAST_MONTH, tax=200_000, invoices=4)
        _claimed(city, mother, firm, born, "UNIT_WIDE_ADJUSTMENT")


def _merged(city: City) -> None:
    """Came from an employer that is now the same, and left after the payment."""
    for kind in ("into", "from", "group"):
        group = payroll.code(city)
        now = _firm(city, group_uscc=group if kind == "group" else "")
        cells = {"into": {"merged_into": now}, "group": {"group_uscc": group}}.get(kind, {})
        before = city.employer(**cells).uscc
        if kind == "from":
            city.register("org_registry", emp_uscc=now, merged_into=before)
        payroll.declare(city, before, FIRST_MONTH, LAST_MONTH, tax=300_000, invoices=4)
        person, born = payroll.mother(city), _born(city)
        month = born.replace(day=1)
        moved = later(month, -8)
        _employ(city, person, before, FIRST_MONTH, later(moved, -1), LOW)
        _employ(city, person, now, moved, later(month, PAID_AFTER), LOW)
        _claimed(city, person, now, born, "EMPLOYER_MERGED")
