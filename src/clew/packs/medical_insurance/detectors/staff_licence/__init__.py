"""Doctors who could not have been there, or were not allowed to.

Looks for lines billed for somebody whose place of practice is another one, whose licence was not
yet issued or already cancelled, who had retired, or who was dead; and for operations of one surgeon
on two patients that lie over each other in time.

Why it matters: names and codes are lent so that a ward without doctors can bill, and what nobody
qualified has done is not paid by the fund.

Known gaps: codes that no register names are not looked at; two codes of one merged house count as
two institutions until the register of practice points follows; only one of two operations can have
been the surgeon's own, and these files do not tell which; where the times of an operation are
missing, all that is known is that both were on one day.

To verify by hand: compare duty rosters, signatures and theatre books of that day with the
register; ask who held the login; see whether a change of practice point was under way.
"""

from __future__ import annotations

from datetime import date

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.staff_licence.operations import simultaneous
from clew.packs.medical_insurance.detectors.staff_licence.places import elsewhere, retired
from clew.packs.medical_insurance.detectors.staff_licence.validity import dead, unlicensed

staff_licence = Detector(
    id="MI-26",
    title=T("医师资质异常", "Staff without the right to practise"),
    version=1,
    doc=(__doc__ or "").strip(),
    rules=(elsewhere, unlicensed, retired, dead, simultaneous),
    optional=(
        "mi_practice", "mi_theatre", "mi_operation", "death_health", "death_police",
        "death_civil", "court_death", "police_person", "mi_person", "reversals",
        "numbered_persons", "net_settlements", "itemised", "deaths",
    ),
    params=(
        Param("overlap_min", 15, "minute", T("手术重叠分钟", "Overlap of two operations"), 0, 600),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("医师资质异常", "无证执业"),
)  # fmt: skip

__all__ = ["staff_licence"]
