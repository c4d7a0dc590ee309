"""MI-09: the card of one, the body of another."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items, papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import EVEN, Illness, Item
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.records import Cells, Line, Pay, Visit, at
from clew.packs.medical_insurance.sample.schemes.shelf import buy, drug

PROSTATE = Illness("N40.x00", "前列腺增生", (50, 99), EVEN, "04")
PHIMOSIS = Illness("N47.x00", "包茎", (0, 90), EVEN, "04")
MYOMA = Illness("D25.900", "子宫平滑肌瘤", (25, 70), EVEN, "05")
APPENDIX = Illness("K35.800", "急性阑尾炎", (1, 90), EVEN, "04")
STONES = next(i for i in items.STAYS if i.code.startswith("K80"))
CERVIX = Item("003121002010000-312100201", "宫颈扩张术", "item", "treat", "次", 9600)
LISTS = (
    ("female_only", "D25", ""), ("female_only", "68.", ""), ("male_only", "N40", ""),
    ("male_only", "N47", ""), ("organ_total", "47.0", "阑尾"), ("organ_total", "47.1", "阑尾"),
    ("organ_total", "51.22", "胆囊"), ("organ_total", "51.23", "胆囊"),
    ("organ_partial", "51.21", "胆囊"), ("organ_partial", "51.24", "胆囊"),
)  # fmt: skip
BACK = at(date(2023, 10, 12))


def plant(city: City) -> None:
    for name, code, note in LISTS:
        city.register("mi_code_list", list=name, code=code, start_date="2020-01-01", note=note)
    city.register(
        "mi_catalogue", med_list_codg=CERVIX.code, name=CERVIX.name, list_type="item",
        kind="treat", unit="次", start_date="2020-01-01", sex_limit="2", local_code="312100201",
    )  # fmt: skip
    syrup = drug(city, 60, "小儿氨酚黄那敏颗粒", 2380, child_only="1")
    for n in range(3):
        _sex(city)
        _sex_excused(city, n)
        _organ(city)
        _child_drug(city, syrup)


def _sex_case(city: City, person: Person, visit: Visit, code: str = "") -> None:
    city.plant("MI-09", person.number, visit.mdtrt_id, rule="a", excluded_by=code)


def _stay(city: City, person: Person, ill: Illness, **inpatient: str) -> Visit:
    day = city.day()
    return city.records.stay(
        person, city.ward(), day, day + timedelta(4), ill=ill, inpatient=inpatient
    )


def _outpatient(
    city: City, person: Person, ill: Illness, *lines: Item, cells: Cells | None = None
) -> Visit:
    when = at(city.day(), 10, 20)
    made = [Line(item, when) for item in (items.CONSULT, *lines)]
    total = sum(line.amount for line in made)
    pay = Pay(total * 6 // 10, total - total * 6 // 10)
    return city.records.visit(person, city.ward(), when, pay, ill=ill, lines=made, cells=cells)


def _sex(city: City) -> None:
    """A man with a myoma in a ward, a woman with a prostate there, a man with a cervix item."""
    man, woman, other = city.cast(sex=1), city.cast(sex=2), city.cast(sex=1)
    _sex_case(city, man, _stay(city, man, MYOMA))
    _sex_case(city, woman, _stay(city, woman, PROSTATE))
    _sex_case(city, other, _outpatient(city, other, MYOMA, CERVIX))


def _sex_excused(city: City, n: int) -> None:
    man = city.cast(sex=1)
    visit = _outpatient(city, man, MYOMA, CERVIX)
    city.records.reverse(visit, BACK)
    _sex_case(city, man, visit, "REVERSED")

    mother = city.cast(24, 38, sex=2)
    _sex_case(
        city, mother, _stay(city, mother, PHIMOSIS, newborn_flag="1", infant_days="6"),
        "NEWBORN_UNDER_MOTHER",
    )  # fmt: skip

    man = city.cast(sex=1)
    _sex_case(city, man, _outpatient(city, man, MYOMA), "CODING_ERROR_ONLY")

    changed = city.cast(30, 50, sex=1)
    city.records.rows["police_person"][0][-1].cells["sex_change_date"] = f"2022-0{n + 3}-08"
    _sex_case(city, changed, _outpatient(city, changed, MYOMA, CERVIX), "SEX_CHANGED")

    man = city.cast(sex=1)
    visit = _outpatient(city, man, MYOMA, CERVIX, cells={"gend": "2"})
    _sex_case(city, man, visit, "SEX_CONFLICT")

    woman = city.cast(sex=2)
    _sex_case(city, woman, _outpatient(city, woman, MYOMA, CERVIX), "OTHER_SEX")


def _organ(city: City) -> None:
    def case(
        code: str = "",
        *,
        organ: str = "胆囊",
        first: str = "51.2200",
        second: str = "51.2300",
        ill: Illness = STONES,
        back: bool = False,
        **inpatient: str,
    ) -> None:
        person, day = city.cast(), city.day(high=date(2023, 5, 20))
        later = day + timedelta(70 + city.rng.randrange(20))
        stays = [
            city.records.stay(person, city.ward(), day, day + timedelta(4), ill=ill),
            city.records.stay(
                person, city.ward(), later, later + timedelta(4), ill=ill, inpatient=inpatient
            ),
        ]
        papers.operate(city, stays[0], day + timedelta(1), first)
        papers.operate(city, stays[1], later + timedelta(1), second)
        if back:
            city.records.reverse(stays[1], BACK)
        city.plant("MI-09", person.number, organ, rule="b", excluded_by=code)

    case()
    case(organ="阑尾", first="47.0100", second="47.0100", ill=APPENDIX)
    case("REVERSED", back=True)
    case("PARTIAL_ORGAN", first="51.2100")
    case(
        "NEWBORN_UNDER_MOTHER", organ="阑尾", first="47.0100", second="47.0100", ill=APPENDIX,
        newborn_flag="1", infant_days="12",
    )  # fmt: skip
    case("REMOVED_BEFORE", second="47.0100")


def _child_drug(city: City, syrup: Item) -> None:
    def case(code: str = "", *, ages: tuple[int, int] = (30, 60), back: bool = False,
             born: int = 0) -> None:  # fmt: skip
        person, day = city.cast(*ages), city.day()
        cells = {"brdy": (day - timedelta(born)).isoformat()} if born else None
        visit = buy(city, person, city.pharmacy(), day, (syrup, 1), cells=cells)
        if back:
            city.records.reverse(visit, BACK)
        city.plant("MI-09", person.number, visit.mdtrt_id, rule="c", excluded_by=code)

    case()
    case("REVERSED", back=True)
    case("NEWBORN_UNDER_MOTHER", born=11)
    case("ADULT", ages=(3, 9))
