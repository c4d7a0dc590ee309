"""A bed that is charged for while nobody lies in it.

Looks for stays with days on which nothing but bed, nursing and consultation was charged, inpatients
whose face was verified somewhere far away, and institutions with more inpatients than beds.

Why it matters: the bed is the cheapest thing to bill for; whoever is not there needs no drug, no
test and no treatment, and more patients than beds are patients who lie at home.

Known gaps: a day with one cheap drug looks like care; a line whose code the catalogue does not know
counts as care; extra beds that nobody registered make a ward look over-full.

To verify by hand: count the patients in the ward at night, read temperature sheet and nursing
record of the bare days, ask for the leave book, and see the picture of the service elsewhere.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.bed_hanging.bare_days import bare_days
from clew.packs.medical_insurance.detectors.bed_hanging.far_away import seen_far_away
from clew.packs.medical_insurance.detectors.bed_hanging.over_full import over_full

bed_hanging = Detector(
    id="MI-04",
    title=T("挂床住院", "Bed hanging"),
    version=1,
    doc=__doc__ or "",
    rules=(bare_days, seen_far_away, over_full),
    optional=(
        "mi_fee", "mi_inpatient", "mi_diagnosis", "mi_leave", "mi_dept", "mi_filing",
        "mi_programme", "mi_institution", "mi_person", "reversals", "numbered_persons",
        "net_settlements", "itemised", "stays",
    ),
    params=(
        Param("k", 3, "day", T("空床日数", "Bare days"), 1, 365),
        Param(
            "bare_share", Decimal("0.4"), "share of the days",
            T("空床日占比", "Share of bare days"), 0, 1,
        ),
        Param(
            "min_stay_days", 3, "day",
            T("适用占比的最少住院日", "Fewest days of a stay for the share"), 1, 365,
        ),
        Param("far_km", 10, "km", T("异地距离", "Distance that is far away"), 0, 1000),
        Param(
            "bed_ratio", Decimal("1.15"), "ratio to open beds",
            T("在院人数与开放床位之比", "Inpatients to open beds"), 1, 10,
        ),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("挂床住院",),
)  # fmt: skip

__all__ = ["bed_hanging"]
