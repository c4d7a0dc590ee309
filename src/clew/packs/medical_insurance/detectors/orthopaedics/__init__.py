"""Orthopaedic consumables that the operation does not explain.

Looks for implants in stays whose operations are none of the bones and joints, more screws than the
plates have holes or the fused vertebrae take, one device identifier in two patients, prices above
the purchase price, consumables that were never bought, arthroplasty coded on both sides and
operated on one, and institutions that use far more cement, biologic material or negative pressure
pads a stay than their peers.

Why it matters: implants are the dearest lines of a bill and nobody but the surgeon sees them. What
was not bought cannot have been implanted, and one serial number cannot lie in two bodies.

Known gaps: a purchase is dated by the first day of its stock period; holes and vertebrae are added
up as registered, so one that is repeated on every row hides an excess; a stay without registered
bone facts is not asked for screws; an identifier that names a lot and no piece is taken for one.

To verify by hand: compare operation note, implant stickers and the film after the operation with
the bill; ask for invoice and stock card of the code; read the theatre log of that day.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.orthopaedics.implants import (
    implant_without_operation,
    one_identifier_twice,
    too_many_screws,
)
from clew.packs.medical_insurance.detectors.orthopaedics.institution import (
    material_outliers,
    one_side_operated,
)
from clew.packs.medical_insurance.detectors.orthopaedics.supply import marked_up, never_bought

orthopaedics = Detector(
    id="MI-15",
    title=T("骨科耗材异常", "Orthopaedic consumables"),
    version=1,
    doc=__doc__ or "",
    rules=(
        implant_without_operation, too_many_screws, one_identifier_twice, marked_up, never_bought,
        one_side_operated, material_outliers,
    ),
    optional=(
        "mi_operation", "mi_implant", "mi_stock", "mi_code_list", "mi_theatre", "mi_institution",
        "mi_person", "reversals", "numbered_persons", "net_settlements", "itemised",
    ),
    params=(
        Param("screw_extra", 4, "screw", T("多于孔数的螺钉", "Screws beyond the holes"), 0, 50),
        Param("per_vertebra", 2, "screw", T("每椎体螺钉数", "Screws a vertebra"), 1, 4),
        Param("pedicle_extra", 2, "screw", T("椎弓根螺钉余量", "Pedicle screws beyond"), 0, 20),
        Param("markup", Decimal(0), "ratio", T("允许加价率", "Mark-up allowed"), 0, 1),
        Param("z", Decimal(3), "standard deviation", T("标准差数", "z of outliers"), 0, 99),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("骨科耗材异常",),
    focus=("orthopaedics",),
)  # fmt: skip

__all__ = ["orthopaedics"]
