"""Employment as the offices see it: contributions, wages, taxes and maternity claims."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from clew.kernel.money import yuan
from clew.packs.medical_insurance.sample.city import FIRST_DAY, LAST_DAY, City
from clew.packs.medical_insurance.sample.people import Person, credit_code
from clew.packs.medical_insurance.sample.records import delivery_of

FIRST_MONTH, LAST_MONTH = date(2021, 11, 1), LAST_DAY.replace(day=1)
LEAVE_DAYS = 158


def later(month: date, n: int) -> date:
    """The first day of the month `n` months after, or before where `n` is negative."""
    number = month.year * 12 + month.month - 1 + n
    return date(number // 12, number % 12 + 1, 1)


def months(first: date, last: date) -> Iterator[date]:
    """First days of the months from `first` to `last`, as far as the city's files go."""
    month = max(first, FIRST_MONTH)
    while month <= min(last, LAST_MONTH):
        yield month
        month = later(month, 1)


def insure(
    city: City, person: Person, employer: str, first: date, last: date, fen: int, court: str = ""
) -> None:
    """Contributions on a base of `fen` a month; paid afterwards where a court ordered it."""
    for month in months(first, last):
        city.records.add(
            "si_contribution",
            _sent(month),
            certno=person.number,
            psn_name=person.name,
            emp_uscc=employer,
            month=f"{month:%Y-%m}",
            base=yuan(fen),
            supp_flag="1" if court else "0",
            court_doc_no=court,
        )


def pay(city: City, person: Person, employer: str, first: date, last: date, fen: int) -> None:
    """Wages of `fen` a month, as taxed."""
    for month in months(first, last):
        city.records.add(
            "tax_wage",
            _sent(month),
            certno=person.number,
            emp_uscc=employer,
            month=f"{month:%Y-%m}",
            wage_income=yuan(fen),
            psn_name=person.name,
        )


def declare(
    city: City, employer: str, first: date, last: date, *, tax: int = 0, invoices: int = 0
) -> None:
    """What the employer declares to the tax bureau each month; usually nothing."""
    for month in months(first, last):
        city.records.add(
            "org_tax",
            _sent(month),
            emp_uscc=employer,
            month=f"{month:%Y-%m}",
            tax_paid=yuan(tax),
            invo_cnt=str(invoices),
        )


def claim(city: City, mother: Person, employer: str, born: date, paid: date, base: int) -> None:
    """A maternity claim paid on `paid` upon a base of `base` fen a month."""
    city.records.add(
        "mi_maternity",
        _sent(paid),
        claim_no=f"SY{city.records.number()}",
        certno=mother.number,
        psn_name=mother.name,
        emp_uscc=employer,
        dlvy_date=born.isoformat(),
        leave_days=str(LEAVE_DAYS),
        allow_base=yuan(base),
        allow_paid=yuan(base * LEAVE_DAYS // 30),
        pay_date=paid.isoformat(),
        dlvy_type="1",
    )


def code(city: City) -> str:
    """The credit code of a company that is in no register."""
    return credit_code(city.births.rng)


def mother(city: City) -> Person:
    """A woman of the years in which women bear children."""
    return city.cast(24, 36, sex=2)


def _sent(day: date) -> int:
    return delivery_of(min(max(day, FIRST_DAY), LAST_DAY))
