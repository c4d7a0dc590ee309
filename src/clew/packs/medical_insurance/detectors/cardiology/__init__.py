"""Cardiac consumables and services beyond what a procedure or a day explains.

Looks for more than three stents in one procedure, stents without a procedure, institutions that use
far more balloons or guide wires a stay than their peers, angiography charged beside an intervention
that includes it, pacemakers and occluders without an operation, monitoring for more hours than the
stay has or beside a long-term recording, and markers of the heart measured more than four times on
one day outside intensive care.

Why it matters: coronary intervention is dear, done behind a closed door and billed by the piece.

Known gaps: stents charged on another day than the procedure are not counted for it; markers are
known by the catalogue's analyte; monitoring is counted in hours only where the catalogue says that
the item is charged by the hour; hours need the times of admission and discharge.

To verify by hand: count the stents on the films and the stickers in the procedure note; compare the
monitoring sheet with the bill; read the laboratory's own list of that day.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.cardiology.monitoring import monitoring
from clew.packs.medical_insurance.detectors.cardiology.stents import (
    device_without_operation,
    stent_without_procedure,
    too_many_stents,
)
from clew.packs.medical_insurance.detectors.cardiology.use import (
    angiography_included,
    catheter_outliers,
    repeated_markers,
)

cardiology = Detector(
    id="MI-16",
    title=T("心内耗材与服务异常", "Cardiac consumables and services"),
    version=1,
    doc=__doc__ or "",
    rules=(
        too_many_stents, stent_without_procedure, catheter_outliers, angiography_included,
        device_without_operation, monitoring, repeated_markers,
    ),
    optional=(
        "mi_operation", "mi_code_list", "mi_item_pair", "mi_institution", "mi_diagnosis",
        "mi_inpatient", "mi_filing", "mi_person", "reversals", "numbered_persons",
        "net_settlements", "itemised",
    ),
    params=(
        Param("stents", 3, "stent", T("单次手术支架上限", "Most stents a procedure"), 1, 20),
        Param("z", Decimal(3), "standard deviation", T("标准差数", "z of outliers"), 0, 99),
        Param("tests_day", 4, "test", T("每日检验次数上限", "Most tests a day"), 1, 48),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("心内耗材异常",),
    focus=("cardiology",),
)  # fmt: skip

__all__ = ["cardiology"]
