"""MI-11: employers on paper, and people insured there shortly before a claim."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items, payroll
from clew.packs.medical_insurance.sample.city import FIRST_DAY, City
from clew.packs.medical_insurance.sample.payroll import FIRST_MONTH, LAST_MONTH, later
from clew.packs.medical_insurance.sample.people import Person, mobile
from clew.packs.medical_insurance.sample.records import Visit
from clew.packs.medical_insurance.sample.truth import BASE

BASE_FEN = 450_000
ILL = items.Illness("C34.900", "支气管或肺恶性肿瘤", (40, 99), items.EVEN)
WAYS = (
    "浙江省温州市鹿城区新桥头路18号", "温州市鹿城区新桥头路18号", "鹿城区新桥头路18号",
    "浙江省温州市鹿城区新桥头路１８号", "浙江温州鹿城新桥头路 18号",
)  # fmt: skip


def plant(city: City) -> None:
    _one_address(city)
    _one_agent(city)
    for make in (_reversed, _start_ups, _licensed, _taxed, _with_staff, _alone, _late):
        make(city)


def _firm(city: City, n: int, **cells: str) -> str:
    """A firm at the one address, written in another way each time, that declares nothing."""
    usual = {"div": "330302", "addr": WAYS[n % len(WAYS)], "est_date": "2019-05-06"}
    firm = city.employer(**(usual | cells)).uscc
    payroll.declare(city, firm, date(2022, 9, 1), date(2022, 12, 1))
    return firm


def _joined(city: City) -> date:
    return later(date(2022, 12, 1), city.rng.randrange(6))


def _insured(city: City, firm: str, joined: date) -> Person:
    """A sick person in the firm's books for half a year; nobody paid a wage."""
    person = city.cast(45, 58)
    payroll.insure(city, person, firm, joined, later(joined, 5), BASE_FEN)
    return person


def _ward(city: City, person: Person, joined: date, after: int = 0) -> Visit:
    """The first stay of the person, some weeks after joining, or `after` days."""
    admitted = joined + timedelta(after or city.rng.randint(9, 55))
    return city.records.stay(person, city.ward(), admitted, admitted + timedelta(8), ill=ILL)


def _planted(city: City, firm: str, joined: date, code: str = "") -> None:
    city.plant("MI-11", firm, joined.isoformat(), excluded_by=code, severity="H")


def _sick(city: City, firm: str, code: str = "", *, after: int = 0) -> date:
    joined = _joined(city)
    _ward(city, _insured(city, firm, joined), joined, after)
    _planted(city, firm, joined, code)
    return joined


def _one_address(city: City) -> None:
    """Five firms at one address: three insure the sick, two the nearly due."""
    for n in range(3):
        _sick(city, _firm(city, n))
    for n in range(3, 5):
        firm, joined = _firm(city, n), later(date(2022, 12, 1), city.rng.randrange(3))
        _expecting(city, firm, joined)
        _planted(city, firm, joined)


def _expecting(city: City, firm: str, joined: date) -> None:
    """Insured for some months around the delivery: the whole allowance is at stake. Nobody knows
    of any wage, so that other reasons for the base remain to be asked.
    """
    mother, born = payroll.mother(city), joined + timedelta(city.rng.randint(12, 50))
    paid = later(born.replace(day=1), 2) + timedelta(9)
    payroll.insure(city, mother, firm, joined, paid.replace(day=1), 3 * BASE_FEN)
    payroll.claim(city, mother, firm, born, paid, 3 * BASE_FEN)
    city.plant("MI-10", firm, f"person:{mother.number}", born.isoformat(), severity="M")


def _one_agent(city: City) -> None:
    """Three firms far apart, registered by one agent."""
    phone = mobile(city.births.rng)
    for _ in range(3):
        _sick(city, city.employer(agent_tel=phone, est_date="2020-03-02").uscc)


def _reversed(city: City) -> None:
    for n in range(3):
        firm, joined = _firm(city, n), _joined(city)
        visit = _ward(city, _insured(city, firm, joined), joined)
        city.records.reverse(visit, visit.settled + timedelta(3))
        _planted(city, firm, joined, "REVERSED")


def _start_ups(city: City) -> None:
    """Founded some months before, and soon in business."""
    for n in range(3):
        joined = _joined(city)
        founded = later(joined, -2 - n)
        firm = city.employer(div="330302", addr=WAYS[n], est_date=founded.isoformat()).uscc
        payroll.declare(city, firm, later(joined, 1), LAST_MONTH, invoices=3)
        _ward(city, _insured(city, firm, joined), joined)
        _planted(city, firm, joined, "STARTUP_WITH_INVOICES")


def _licensed(city: City) -> None:
    for n in range(3):
        firm = _firm(
            city, n, dispatch_licence=f"3303{city.rng.randrange(10**8):08d}",
            dispatch_from="2021-01-01", dispatch_to="2023-12-31",
        )  # fmt: skip
        _sick(city, firm, "DISPATCH_LICENCE")


def _taxed(city: City) -> None:
    """In business at that address; taxes or invoices."""
    for n in range(3):
        firm = city.employer(div="330302", addr=WAYS[n]).uscc
        payroll.declare(
            city, firm, FIRST_MONTH, LAST_MONTH, tax=0 if n == 1 else 55_000,
            invoices=0 if n == 2 else 7,
        )  # fmt: skip
        _sick(city, firm, "EMPTY")


def _with_staff(city: City) -> None:
    """No tax and no invoices, as a small workshop may have, but people who earn wages."""
    for n in range(3):
        firm = _firm(city, n)
        worker = city.cast(30, 50)
        payroll.insure(city, worker, firm, FIRST_MONTH, LAST_MONTH, BASE_FEN)
        payroll.pay(city, worker, firm, FIRST_MONTH, LAST_MONTH, BASE_FEN)
        _sick(city, firm, "NO_OTHER_WAGES")


def _alone(city: City) -> None:
    """At an address and with an agent of its own."""
    for _ in range(3):
        firm = city.employer(est_date="2019-05-06").uscc
        _sick(city, firm, "SHARED")


def _late(city: City) -> None:
    """The first stay came later than sixty days after joining, or before it."""
    for n in range(2):
        _sick(city, _firm(city, n), BASE, after=61 + n)
    firm, joined = _firm(city, 2), later(FIRST_DAY, 4)
    person = _insured(city, firm, joined)
    _ward(city, person, later(joined, -2))
    _ward(city, person, joined)
    _planted(city, firm, joined, BASE)
