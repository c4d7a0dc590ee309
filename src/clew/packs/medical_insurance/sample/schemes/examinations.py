"""MI-17: pictures taken twice, without agent, beyond the devices, beyond the reports."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from clew.packs.medical_insurance.sample import items, papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import Illness, Item
from clew.packs.medical_insurance.sample.people import DIVISIONS
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import at
from clew.packs.medical_insurance.sample.schemes.charging import charge, reverse, service, who
from clew.packs.medical_insurance.sample.schemes.consulting import PNEUMONIA, report, see
from clew.packs.medical_insurance.sample.truth import BASE

ID = "MI-17"
FIRST, LAST = date(2023, 1, 5), date(2023, 8, 10)
SAME, OTHER = "右肺", "左肺"
RECOGNISED_DAYS = 14


class Pictures(NamedTuple):
    ct: Item
    enhanced: Item
    mr: Item
    agent: Item


def plant(city: City) -> None:
    pictures = _pictures(city)
    plain, logged, other = (city.open("2", div) for div in ("330302", "330303", "330381"))
    _repeated(city, pictures, plain, logged)
    _recognised(city, pictures, (plain, other), logged)
    _enhanced(city, pictures, plain, logged)
    _minutes(city, city.open("2", "330382"))
    _unreported(city, city.open("2", "330324"))
    _ended(city, city.open("2", "330326"))
    _positive(city)


def _pictures(city: City) -> Pictures:
    ct = {"modality": "CT", "region": "胸部", "enhanced": "0"}
    return Pictures(
        service(city, "210300011", "胸部CT薄层平扫", "exam", 26100,
                **ct, recog_days=str(RECOGNISED_DAYS)),
        service(city, "210300012", "胸部CT增强扫描", "exam", 41300, **(ct | {"enhanced": "1"})),
        service(city, "210200011", "胸部磁共振平扫", "exam", 58700, **(ct | {"modality": "MR"})),
        service(city, "210300019", "造影剂注射", "contrast", 18900),
    )  # fmt: skip


def _twice(
    city: City,
    places: tuple[Institution, Institution],
    pictures: tuple[Item, Item],
    gap: int,
    code: str,
    rule: str,
    *,
    later_ill: Illness = PNEUMONIA,
) -> None:
    """Two pictures `gap` days apart, the second excused by `code`."""
    day = city.day(FIRST, LAST)
    back = day + timedelta(gap)
    person, first = see(city, places[0], day)
    emergency = code == "EMERGENCY"
    _, second = see(
        city, places[1], back, person=person, hour=15, ill=later_ill,
        med_type="13" if emergency else "11", cells={"emer_flag": "1"} if emergency else None,
    )  # fmt: skip
    charge(city, first, pictures[0], day, body_site=SAME)
    site = OTHER if code == "DIFFERENT_SITE" else SAME
    charge(city, second, pictures[1], at(back, 16), body_site=site)
    if code == "IMAGE_FAILURE":
        failed = {"mdtrt_id": first.mdtrt_id, "result_status": "image_failed"}
        report(city, places[0], pictures[0], at(day, 11), **failed)
        if places[0] == places[1]:
            report(city, places[1], pictures[1], at(back, 16), mdtrt_id=second.mdtrt_id)
    if code == "POST_OPERATION":
        papers.operate(city, first, day, "32.2000")
    if code == "REVERSED":
        reverse(city, second)
    city.plant(
        ID, places[1].code, who(person), second.mdtrt_id, pictures[1].code, rule=rule,
        excluded_by=code,
    )  # fmt: skip


def _repeated(city: City, p: Pictures, plain: Institution, logged: Institution) -> None:
    """Each hospital that logs one picture logs all of them."""
    here = (plain, plain)
    for later, gap in ((p.ct, 7), (p.mr, 3), (p.ct, 0)):
        _twice(city, here, (p.ct, later), gap, "", "a")
    for code in ("REVERSED", "EMERGENCY", "POST_OPERATION", "DIFFERENT_SITE"):
        for gap in (7, 2, 5):
            _twice(city, here, (p.ct, p.ct), gap, code, "a")
    for gap in (1, 4, 6):
        _twice(city, (logged, logged), (p.ct, p.ct), gap, "IMAGE_FAILURE", "a")
    for later, gap, code, ill in (
        *((p.mr, 0, "METHOD", PNEUMONIA),) * 3,
        *((p.ct, gap, "SAME_DIAGNOSIS", items.STAYS[2]) for gap in (2, 3, 4)),
        *((p.ct, gap, BASE, PNEUMONIA) for gap in (8, 9, 20)),
    ):
        _twice(city, here, (p.ct, later), gap, code, "a", later_ill=ill)


def _recognised(
    city: City, p: Pictures, places: tuple[Institution, Institution], logged: Institution
) -> None:
    both = (p.ct, p.ct)
    for gap in (0, 9, RECOGNISED_DAYS):
        _twice(city, places, both, gap, "", "g")
    for code in ("REVERSED", "EMERGENCY", "POST_OPERATION", "DIFFERENT_SITE"):
        for gap in (3, 8, 13):
            _twice(city, places, both, gap, code, "g")
    for gap in (2, 6, 12):
        _twice(city, (logged, places[1]), both, gap, "IMAGE_FAILURE", "g")
        _twice(city, city.places.campuses, both, gap, "ANOTHER_INSTITUTION", "g")
    for gap in (15, 16, 40):
        _twice(city, places, both, gap, BASE, "g")


def _enhanced(city: City, p: Pictures, plain: Institution, logged: Institution) -> None:
    for code in ("", "REVERSED", "NO_AGENT", "NO_CONTRAST_LOGGED"):
        for _ in range(3):
            day = city.day(FIRST, LAST)
            place = logged if code == "NO_CONTRAST_LOGGED" else plain
            person, visit = see(city, place, day)
            charge(city, visit, p.enhanced, day, body_site=SAME)
            if code == "NO_AGENT":
                charge(city, visit, p.agent, day)
            if code == "NO_CONTRAST_LOGGED":
                seen = {"mdtrt_id": visit.mdtrt_id, "contrast": "1"}
                report(city, place, p.enhanced, at(day, 11), **seen)
            if code == "REVERSED":
                reverse(city, visit)
            city.plant(
                ID, place.code, who(person), visit.mdtrt_id, p.enhanced.code, rule="b",
                excluded_by=code,
            )  # fmt: skip


def _minutes(city: City, place: Institution) -> None:
    """One device records four hours a patient: six of them are a day, seven are not possible."""
    item = service(
        city, "310100009", "长程视频脑电监测", "exam", 33300, modality="EEG", region="头部",
        minutes="240",
    )  # fmt: skip
    city.device(place, "EEG", minutes=240)
    people = [city.cast() for _ in range(7)]
    for n, (patients, code) in enumerate(
        ((7, ""), (7, ""), (7, ""), *((6, "OVER_MINUTES"),) * 3, *((7, "REVERSED"),) * 3)
    ):
        day = date(2023, 2, 3) + timedelta(days=19 * n)
        visits = [see(city, place, day, person=one)[1] for one in people[:patients]]
        for visit in visits:
            charge(city, visit, item, day, body_site="头部")
        if code == "REVERSED":
            reverse(city, visits[-1])
        city.plant(ID, place.code, "EEG", day.isoformat(), rule="c", excluded_by=code)


def _unreported(city: City, place: Institution) -> None:
    """Of each item four are billed; the log holds three, four, and three of which one went back."""
    short, right, returned = (
        service(city, f"2203010{n}", f"{organ}超声检查", "exam", price, modality="US", region=organ)
        for n, (organ, price) in enumerate((("甲状腺", 9100), ("乳腺", 9700), ("阴囊", 8300)), 21)
    )
    for first in (date(2023, 2, 1), date(2023, 5, 1), date(2023, 7, 1)):
        for n in range(5):
            day = first + timedelta(days=5 * n)
            _, visit = see(city, place, day)
            for item in (short, right) if n < 4 else ():
                charge(city, visit, item, day)
            if n != 3:
                charge(city, visit, returned, day)
            if n == 4:
                reverse(city, visit)
            for item in (short, right, returned):
                if n < (4 if item is right else 3):
                    report(city, place, item, at(day, 11), mdtrt_id=visit.mdtrt_id)
        month = f"{first:%Y-%m}"
        for item, code in ((short, ""), (right, "MORE_THAN_REPORTS"), (returned, "REVERSED")):
            city.plant(ID, place.code, item.code, month, rule="d", excluded_by=code)


def _ended(city: City, place: Institution) -> None:
    """Devices whose use ended, and examinations on them all the same."""
    item = service(city, "210100009", "腰椎X线摄影", "exam", 7900, modality="DR", region="腰椎")
    city.device(place, "DR")
    for code, gaps in (("", (1, 20, 63)), ("REVERSED", (1, 9, 30)), ("AFTER_END", (0, -1, -40))):
        for gap in gaps:
            ended = city.day(date(2023, 3, 1), date(2023, 6, 1))
            device = city.device(place, "DR", end_date=ended.isoformat())
            day = ended + timedelta(gap)
            patient, visit = see(city, place, day)
            charge(city, visit, item, day, device_no=device.number)
            if code == "REVERSED":
                reverse(city, visit)
            city.plant(
                ID, place.code, device.number, day.isoformat(), rule="e", excluded_by=code
            )
            if code != "AFTER_END":
                city.plant(
                    "MI-08", patient.number, place.code, day.isoformat(), rule="a",
                    excluded_by=code,
                )  # fmt: skip


def _positive(city: City) -> None:
    """One hospital whose pictures show next to nothing, one as good as its peers, one with few."""
    item = service(city, "210300031", "头颅CT平扫", "exam", 22900, modality="CT", region="颅脑")
    places = [city.open("2", div) for div in list(DIVISIONS)[:8]]
    counts = (3, 13, 14, 16, 15, 17, 14)
    for quarter, first in (
        ("2022Q4", date(2022, 11, 2)), ("2023Q1", date(2023, 1, 3)), ("2023Q2", date(2023, 4, 4)),
    ):  # fmt: skip
        for place, positives in zip(places, (*counts, 3), strict=True):
            reports = 29 if place is places[-1] else 30
            for n in range(reports):
                found = "1" if n * positives // 30 < (n + 1) * positives // 30 else "0"
                report(city, place, item, at(first + timedelta(days=n), 8 + n % 9), positive=found)
        for place, code in ((places[0], ""), (places[1], "LOW_RATE"), (places[-1], "REPORTS")):
            city.plant(ID, place.code, "CT", quarter, rule="f", excluded_by=code)

