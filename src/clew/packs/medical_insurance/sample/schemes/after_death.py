"""MI-02: benefits that nobody stopped."""

from __future__ import annotations

from datetime import date, timedelta

from clew.kernel.money import yuan
from clew.packs.medical_insurance.sample import papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.records import at, delivery_of, stamp
from clew.packs.medical_insurance.sample.truth import BASE

MONTHLY = {"acct_credit": 12450, "chronic": 8600, "ltc": 145000, "maf": 36000, "premium": 38000}
"""Kind of benefit and the usual amount in fen."""
DIED = (date(2023, 1, 5), date(2023, 4, 25))


def plant(city: City) -> None:
    for make in (
        _went_on, _repaid, _inherited, _arrears, _refunded, _informant, _alive, _revoked,
        _pending, _upper_bound, _within_grace, _living,
    ):  # fmt: skip
        make(city)


def _month(day: date, after: int) -> date:
    """The first of the month so many months later."""
    months = day.year * 12 + day.month - 1 + after
    return date(months // 12, months % 12 + 1, 1)


def _pay(
    city: City, person: Person, kind: str, start: date, *, amount: int = 0, **cells: str
) -> None:
    """A month's benefit, paid on the tenth; `cells` replace what is usual."""
    usual = {
        "bnft_id": f"DY{city.records.number()}",
        "certno": person.number,
        "psn_name": person.name,
        "kind": kind,
        "period_start": start.isoformat(),
        "period_end": (_month(start, 1) - timedelta(1)).isoformat(),
        "amount": yuan(amount or MONTHLY.get(kind, 20000)),
        "pay_date": start.replace(day=10).isoformat(),
        "inherit_flag": "0",
        "payee_name": person.name,
        "refund_amt": "",
    }
    row = usual | cells
    city.records.add("mi_benefit", delivery_of(date.fromisoformat(row["pay_date"])), **row)


def _dead(city: City) -> tuple[Person, date]:
    person, day = city.cast(66, 90), city.day(*DIED)
    papers.die(city, person, day)
    return person, day


def _case(city: City, person: Person, day: date, kind: str, code: str = "") -> None:
    city.plant("MI-02", person.number, day.isoformat(), kind, excluded_by=code)


def _went_on(city: City) -> None:
    for kind in MONTHLY:
        person, day = _dead(city)
        for after in range(-2, 4):
            _pay(city, person, kind, _month(day, after))
        _case(city, person, day, kind)


def _repaid(city: City) -> None:
    """A bill for care that the dead cannot have had, and one for care that they had."""
    for served, code in ((75, ""), (90, ""), (82, ""), (-20, BASE), (-9, BASE), (-31, BASE)):
        person, day = _dead(city)
        _pay(
            city, person, "reimburse", _month(day, 3), amount=61500,
            service_date=(day + timedelta(served)).isoformat(),
        )  # fmt: skip
        _case(city, person, day, "reimburse", code)


def _inherited(city: City) -> None:
    for kind, flag in (("lump", "0"), ("acct_credit", "1"), ("acct_credit", "1")):
        person, day = _dead(city)
        _pay(city, person, kind, _month(day, 2), amount=214000, inherit_flag=flag)
        _case(city, person, day, kind, "INHERITANCE")


def _arrears(city: City) -> None:
    for kind in ("chronic", "ltc", "maf"):
        person, day = _dead(city)
        _pay(
            city, person, kind, _month(day, -1), period_end=day.isoformat(),
            pay_date=_month(day, 3).replace(day=12).isoformat(),
        )  # fmt: skip
        _case(city, person, day, kind, "ARREARS_BEFORE_DEATH")


def _refunded(city: City) -> None:
    for kind in ("chronic", "acct_credit", "ltc"):
        person, day = _dead(city)
        _pay(
            city, person, kind, _month(day, 2), refund_amt=yuan(MONTHLY[kind]),
            refund_date=_month(day, 4).isoformat(),
        )  # fmt: skip
        _case(city, person, day, kind, "REFUNDED")


def _informant(city: City) -> None:
    """The death certificate bears the number of the relative who came with it."""
    for _ in range(3):
        dead, informant, day = city.cast(70, 90), city.cast(40, 60), city.day(*DIED)
        papers.health_death(city, dead, stamp(at(day, 5)), day, number=informant.number)
        papers.police_death(city, dead, day, day + timedelta(6))
        _pay(city, informant, "chronic", _month(day, 3))
        _case(city, informant, day, "chronic", "LINK_BELOW_T1")


def _alive(city: City) -> None:
    """The border has seen the person since."""
    for _ in range(3):
        person, day = _dead(city)
        papers.travel(city, person, day + timedelta(40), day + timedelta(52))
        _pay(city, person, "chronic", _month(day, 2))
        _case(city, person, day, "chronic", "ALIVE_EVIDENCE")


def _revoked(city: City) -> None:
    for _ in range(3):
        person, day = city.cast(40, 70), city.day(*DIED)
        papers.judge(city, person, "declared", day)
        papers.judge(city, person, "revoked", day + timedelta(120))
        _pay(city, person, "maf", _month(day, 2))
        _case(city, person, day, "maf", "DECLARED_REVOKED")


def _pending(city: City) -> None:
    """Two departments are a month apart, and the benefit lies between what either allows."""
    for _ in range(3):
        person, day = city.cast(66, 90), city.day(*DIED)
        later = _month(day, 1) + timedelta(20)
        papers.health_death(city, person, stamp(at(day, 3)), day)
        papers.police_death(city, person, later, later)
        _pay(city, person, "ltc", _month(day, 2))
        _case(city, person, later, "ltc", "PENDING_DEATH_DATE")


def _upper_bound(city: City) -> None:
    for _ in range(3):
        person, day = city.cast(66, 90), city.day(*DIED)
        papers.police_death(city, person, None, day)
        _pay(city, person, "chronic", _month(day, 2))
        _case(city, person, day, "chronic", "ONLY_UPPER_BOUND")


def _within_grace(city: City) -> None:
    """What was under way in the month after is given that month; it was paid late."""
    for kind in ("acct_credit", "chronic", "premium"):
        person, day = _dead(city)
        paid = _month(day, 2).replace(day=8).isoformat()
        _pay(city, person, kind, _month(day, 1), pay_date=paid)
        _case(city, person, day, kind, "AFTER_LIMIT")


def _living(city: City) -> None:
    for kind in MONTHLY:
        for _ in range(4):
            person, start = city.cast(45, 85), _month(city.day(), 0)
            for after in range(3):
                _pay(city, person, kind, _month(start, after))
