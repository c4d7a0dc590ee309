"""Repeated, excessive and divided charges.

Looks for charges beyond the most of a day or a stay, more bed days than nights and one, unit
prices above the limit of the level, items that exclude each other on one day, items charged beside
one that holds them already, and items by the hour beyond the hours of a day.

Why it matters: every one of these is money of the fund for a service that was not rendered, not
needed, or already paid for. Only the excess is at stake.

Known gaps: a line in another unit than the catalogue's is compared as if it were the same; an item
without a limit in force on the day is not tested; bed days are counted by bed item, so two kinds of
bed in one stay are seen only where they are listed as exclusive; exclusive items of one session are
MI-19's matter.

To verify by hand: lay the bill beside the nursing record and the operation note: was the service
given as often, at which site, by which incision? Look up the price notice valid that day.
"""

from __future__ import annotations

from datetime import date

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.overcharging.limits import (
    day_maximum,
    hours_of_a_day,
    stay_maximum,
)
from clew.packs.medical_insurance.detectors.overcharging.pairs import (
    exclusive_items,
    included_items,
)
from clew.packs.medical_insurance.detectors.overcharging.prices import price_limit

overcharging = Detector(
    id="MI-14",
    title=T("重复、超标准、分解收费", "Repeated, excessive or divided charges"),
    version=1,
    doc=__doc__ or "",
    rules=(
        day_maximum, stay_maximum, price_limit, exclusive_items, included_items, hours_of_a_day,
    ),
    optional=(
        "mi_operation", "mi_inpatient", "mi_diagnosis", "mi_dept", "mi_person", "reversals",
        "numbered_persons", "net_settlements", "itemised", "stays",
    ),
    params=(
        Param("bed_extra_days", 1, "day", T("床日可多于夜数", "Bed days beyond nights"), 0, 5),
        Param("hours", 24, "hour", T("每日小时上限", "Most hours a day"), 1, 24),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("重复收费", "超标准收费", "分解收费"),
)  # fmt: skip

__all__ = ["overcharging"]
