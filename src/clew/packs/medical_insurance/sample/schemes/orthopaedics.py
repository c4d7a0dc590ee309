"""MI-15: implants that nobody operated in, bought or counted."""

from __future__ import annotations

from datetime import timedelta

from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import Item
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Visit, at, stamp
from clew.packs.medical_insurance.sample.schemes.charging import (
    charge,
    consumable,
    implanted,
    lie,
    on_list,
    operate,
    reverse,
    service,
    who,
)

ID = "MI-15"
DEBRIDEMENT, TENDON, TIBIA, FEMUR, HIP, KNEE = (
    "86.2200", "83.8800", "79.3600", "79.3500", "81.5100", "81.5400",
)  # fmt: skip
HIP_REVISION, REMOVAL = "00.7000", "97.8800"
QUARTER = "2023Q1"


def plant(city: City) -> None:
    on_list(city, "revision", "00.7", "81.53", "81.55")
    on_list(city, "hardware_removal", "78.6", "97.88")
    on_list(city, "arthroplasty", "81.51", "81.52", "81.54")
    place = city.open("2", "330381")
    _without_operation(city, place)
    _screws(city, place)
    _identifiers(city, place)
    _sides(city, place)
    _supply(city, city.open("2", "330382"))


def _without_operation(city: City, place: Institution) -> None:
    item = consumable(city, 2, "髓内钉", "implant", 386100)
    _planted(city, "e", place, item.code, QUARTER, code="REPORTS_OTHERS")
    codes: tuple[tuple[tuple[str, ...], str], ...] = (
        ((DEBRIDEMENT,), ""), ((TENDON,), ""), ((DEBRIDEMENT + "L", DEBRIDEMENT + "R"), ""),
        *(((DEBRIDEMENT, TENDON), "MULTIPLE_TRAUMA"),) * 3,
        *(((HIP_REVISION,), "REVISION"),) * 3,
        *(((REMOVAL,), "HARDWARE_REMOVAL"),) * 3,
        *(((DEBRIDEMENT,), "FREE_REPLACEMENT"),) * 3,
        *(((DEBRIDEMENT,), "REVERSED"),) * 3,
        *(((TIBIA,), "NO_BONE_OPERATION"),) * 3,
        *(((), "OPERATIONS"),) * 3,
    )
    bears = iter("331")
    for operations, code in codes:
        person, visit, day = lie(city, place)
        bear = next(bears) if code == "FREE_REPLACEMENT" else "1"
        charge(city, visit, item, day + timedelta(1), bear_type=bear)
        if code == "FREE_REPLACEMENT" and bear == "1":
            implanted(city, visit, item, free_reason="投诉更换")
        operate(city, visit, day + timedelta(1), *operations)
        _planted(city, "a", place, who(person), visit.mdtrt_id, code=code)
        if code == "REVERSED":
            reverse(city, visit)


def _screws(city: City, place: Institution) -> None:
    """Six holes and four; two vertebrae, twice, and two."""
    screw = consumable(city, 3, "皮质骨螺钉", "screw", 31700)
    pedicle = consumable(city, 4, "椎弓根螺钉", "pedicle_screw", 91900)
    plate = consumable(city, 5, "锁定接骨板", "plate", 293300)
    six, two = ("6", ""), ("", "2")
    for item, count, bone, operations, code in (
        (screw, 11, six, (TIBIA,), ""), (screw, 14, six, (TIBIA,), ""),
        (pedicle, 7, two, ("81.0600",), ""), (screw, 10, six, (TIBIA,), "TOO_MANY"),
        (screw, 9, six, (TIBIA,), "TOO_MANY"), (pedicle, 6, two, ("81.0600",), "TOO_MANY"),
        *((screw, 11, ("", ""), (TIBIA,), "BONE_FACTS"),) * 3,
        (screw, 11, six, (TIBIA, FEMUR), "MULTIPLE_TRAUMA"),
    ):  # fmt: skip
        person, visit, day = lie(city, place)
        charge(city, visit, plate, day + timedelta(1))
        charge(city, visit, item, day + timedelta(1), count)
        holes, vertebrae = bone
        implanted(city, visit, plate, plate_holes=holes, fused_vertebrae=vertebrae)
        operate(city, visit, day + timedelta(1), *operations)
        _planted(city, "b", place, who(person), visit.mdtrt_id, code=code)


def _identifiers(city: City, place: Institution) -> None:
    plate = consumable(city, 6, "解剖型接骨板", "plate", 351900)
    _planted(city, "e", place, plate.code, QUARTER, code="REPORTS_OTHERS")
    for code in ("", "", "", "REVERSED", "FREE_REPLACEMENT", *("TWO_PATIENTS",) * 3):
        udi = f"01069{city.records.number()[4:]}21{city.rng.randrange(10**6):06d}"
        _, visit, day = lie(city, place)
        second = visit
        charge(city, visit, plate, day + timedelta(1), udi=udi)
        operate(city, visit, day + timedelta(1), FEMUR)
        if code != "TWO_PATIENTS":
            _, second, day = lie(city, place)
            operate(city, second, day + timedelta(1), FEMUR)
        bear = "3" if code == "FREE_REPLACEMENT" else "1"
        charge(city, second, plate, day + timedelta(1), udi=udi, bear_type=bear)
        if code == "REVERSED":
            reverse(city, second)
        city.plant(ID, "", udi, rule="c", excluded_by=code, severity="H")


def _sides(city: City, place: Institution) -> None:
    joint = consumable(city, 7, "人工髋关节", "implant", 783700)
    _planted(city, "e", place, joint.code, QUARTER, code="REPORTS_OTHERS")
    surgery = service(city, "331507005", "人工髋关节置换", "operation", 310000)
    both = (HIP + "L", HIP + "R")
    for room, (operations, sides, code, severity) in enumerate((
        (both, "L", "", "M"), (both, "R", "", "M"), ((HIP + "B",), "L", "", "M"),
        (both, "B", "ONE_SIDE", ""), (both, "LR", "ONE_SIDE", ""), (both, "", "ONE_SIDE", ""),
        ((*both, KNEE + "L"), "L", "MULTIPLE_TRAUMA", ""),
    )):  # fmt: skip
        person, visit, day = lie(city, place)
        on = day + timedelta(2)
        charge(city, visit, joint, on, 2)
        charge(city, visit, surgery, on, 2)
        operate(city, visit, on, *operations)
        for n, side in enumerate(sides):
            city.records.add(
                "mi_theatre", 0, fixmedins_code=place.code, room_no=f"{room + 1}",
                mdtrt_id=visit.mdtrt_id, in_time=stamp(at(on, 9 + 3 * n)),
                out_time=stamp(at(on, 11 + 3 * n)), side=side,
            )  # fmt: skip
        _planted(city, "f", place, who(person), visit.mdtrt_id, code=code, severity=severity)


def _supply(city: City, place: Institution) -> None:
    """A house that reports its stock: some codes it sells dearer, some it never bought."""
    for n, (price, code) in enumerate(
        ((243100, ""), (199900, ""), (181300, ""), *((177700, "ABOVE_PURCHASE"),) * 3), 11
    ):
        item = consumable(city, n, f"{n}型锁定板", "plate", 177700 + n * 100)
        _bought(city, place, item)
        _sold(city, place, item, price + n * 100)
        _planted(city, "d", place, item.code, QUARTER, code=code)
        _planted(city, "e", place, item.code, QUARTER, code="NOT_BOUGHT")
    for n in range(21, 24):
        item = consumable(city, n, f"{n}型髓内钉", "implant", 412300 + n * 100)
        _sold(city, place, item, item.price)
        _planted(city, "e", place, item.code, QUARTER)


def _bought(city: City, place: Institution, item: Item) -> None:
    city.records.add(
        "mi_stock", 0, fixmedins_code=place.code, med_list_codg=item.code,
        start_date="2022-10-01", end_date="2022-12-31", line_no="1", open_cnt="0", purc_cnt="10",
        close_cnt="10", purc_pric=f"{item.price // 100}.00", stock_unit="个", reimb_flag="1",
        item_name=item.name,
    )  # fmt: skip


def _sold(city: City, place: Institution, item: Item, price: int) -> Visit:
    _, visit, day = lie(city, place)
    charge(city, visit, item, day + timedelta(1), price=price)
    operate(city, visit, day + timedelta(1), TIBIA)
    return visit


def _planted(
    city: City, rule: str, place: Institution, *fact: str, code: str = "", severity: str = "M"
) -> None:
    city.plant(ID, place.code, *fact, rule=rule, excluded_by=code, severity=severity)

