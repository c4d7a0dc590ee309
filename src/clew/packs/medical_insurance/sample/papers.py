"""Papers of other departments: deaths, judgments, bindings, filings, and what goes with them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from clew.packs.medical_insurance.sample.city import FIRST_DAY, LAST_DAY, City
from clew.packs.medical_insurance.sample.people import Births, Person, credit_code
from clew.packs.medical_insurance.sample.records import Visit, at, delivery_of, stamp


def health_death(city: City, person: Person, text: str, day: date, *, number: str = "") -> None:
    """A death certificate. `text` is the time of death as written, of any precision; `number` is
    what the typist entered instead of the person's own.
    """
    city.records.add(
        "death_health",
        _sent(day + timedelta(1)),
        cert_no=f"3303{city.records.number()[4:]}",
        certno=number or person.number,
        psn_name=person.name,
        death_time=text,
        gend=str(person.sex),
        brdy=person.born.isoformat(),
        place=city.rng.choice(("医院", "家中", "养老机构")),
        cause_icd=city.rng.choice(("I63.900", "I21.900", "J44.900", "C34.900")),
    )


def police_death(city: City, person: Person, day: date | None, cancelled: date) -> None:
    """A cancellation in the household register, with or without the date of death."""
    city.records.add(
        "death_police",
        _sent(cancelled),
        certno=person.number,
        psn_name=person.name,
        cancel_date=cancelled.isoformat(),
        death_date=day.isoformat() if day else "",
        reason="死亡",
    )


def cremation(city: City, person: Person, day: date) -> None:
    city.records.add(
        "death_civil",
        _sent(day),
        certno=person.number,
        psn_name=person.name,
        cremation_date=day.isoformat(),
    )


def die(city: City, person: Person, day: date, *, police: date | None = None) -> None:
    """A death on which three departments agree; `police` is the date the police hold."""
    hour = city.rng.randrange(24)
    health_death(city, person, stamp(at(day, hour, city.rng.randrange(60))), day)
    known = police or day
    police_death(city, person, known, min(known + timedelta(city.rng.randint(4, 25)), LAST_DAY))
    cremation(city, person, min(known + timedelta(city.rng.randint(1, 3)), LAST_DAY))


def judge(city: City, person: Person, kind: str, day: date) -> None:
    """`kind`: declared or revoked."""
    city.records.add(
        "court_death",
        _sent(day),
        case_no=f"({day.year})浙{person.div[2:]}民特{city.rng.randint(1, 9999)}号",
        certno=person.number,
        psn_name=person.name,
        kind=kind,
        judg_date=day.isoformat(),
    )


def bind(city: City, owner: Person, member: Person, day: date, relation: str = "parent") -> None:
    city.records.add(
        "mi_binding",
        0,
        owner_certno=owner.number,
        member_certno=member.number,
        start_date=day.isoformat(),
        end_date="",
        relation=relation,
    )


def marry(city: City, one: Person, other: Person, day: date) -> None:
    city.records.add(
        "civil_marriage",
        _sent(day),
        certno=one.number,
        spouse_certno=other.number,
        reg_date=day.isoformat(),
        kind="marriage",
    )


def travel(city: City, person: Person, out: date, back: date) -> None:
    city.records.add(
        "mi_border",
        _sent(back),
        certno=person.number,
        psn_name=person.name,
        exit_date=out.isoformat(),
        entry_date=back.isoformat(),
        place=city.rng.choice(("泰国", "日本", "意大利", "韩国")),
    )


def wage(city: City, person: Person, month: date, employer: str, fen: int = 620000) -> None:
    city.records.add(
        "tax_wage",
        _sent(month),
        certno=person.number,
        emp_uscc=employer,
        month=f"{month:%Y-%m}",
        wage_income=f"{fen // 100}.{fen % 100:02d}",
        psn_name=person.name,
    )


def file(city: City, person: Person, kind: str, first: date, last: date, **cells: str) -> None:
    """A filing of the insurance office, valid from `first` to `last`."""
    city.records.add(
        "mi_filing",
        _sent(first),
        filing_id=f"BA{city.records.number()}",
        kind=kind,
        certno=person.number,
        start_date=first.isoformat(),
        end_date=last.isoformat(),
        post_flag=cells.pop("post_flag", "0"),
        **cells,
    )


def register(city: City, kind: str, place: str, **cells: str) -> None:
    """A programme of an institution, valid all the time."""
    city.records.add(
        "mi_programme",
        0,
        prog_id=f"XM{city.records.number()}",
        kind=kind,
        fixmedins_code=place,
        start_date="2022-01-01",
        **cells,
    )


def leave(city: City, stay: Visit, out: datetime, back: datetime) -> None:
    city.records.add(
        "mi_leave",
        delivery_of(stay.settled.date()),
        mdtrt_id=stay.mdtrt_id,
        leave_begntime=stamp(out),
        leave_endtime=stamp(back),
        approved_flag="1",
        reason="家中有事",
    )


def operate(city: City, stay: Visit, day: date, code: str, *, staged: bool = False) -> None:
    city.records.add(
        "mi_operation",
        delivery_of(stay.settled.date()),
        mdtrt_id=stay.mdtrt_id,
        oprn_srt_no="1",
        oprn_code=code,
        oprn_date=day.isoformat(),
        main_flag="1",
        staged_flag="1" if staged else "0",
    )


def employer(births: Births) -> str:
    """A valid unified social credit code that nobody holds."""
    return credit_code(births.rng)


def _sent(day: date) -> int:
    return delivery_of(min(max(day, FIRST_DAY), LAST_DAY))
