"""Examinations that were not needed, or not done.

Looks for CT and MR of one region repeated within days, enhanced pictures without a contrast agent,
more device minutes than a day has, more examinations billed than reported, examinations on devices
no longer in use, a share of positive results far below the peers', and examinations repeated at
another hospital while the first result is to be recognised.

Why it matters: pictures are dear and quickly ordered; a report that does not exist and a device
that was scrapped show what was billed without being done, a low positive rate shows what was done
without need.

Known gaps: an examination is known by its item, and two items of one region and method count as the
same; a plain and an enhanced picture are different sequences; months of which a hospital delivered
no log are not asked for reports, reports of the first days after a month count there; a device type
that an institution never registered is not asked for minutes; for a positive rate the peers must be
five with enough reports.

To verify by hand: read both reports and the request of the second, the log of the device for that
day, and the record of its scrapping; ask the patient whether the hospital knew of the first result.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.examinations.contrast import enhanced_without_agent
from clew.packs.medical_insurance.detectors.examinations.devices import (
    after_its_end,
    billed_beyond_reports,
    device_minutes,
)
from clew.packs.medical_insurance.detectors.examinations.positive_rate import low_positive_rate
from clew.packs.medical_insurance.detectors.examinations.repeats import not_recognised, repeated

examinations = Detector(
    id="MI-17",
    title=T("检查异常", "Examinations"),
    version=1,
    doc=__doc__ or "",
    rules=(
        repeated, enhanced_without_agent, device_minutes, billed_beyond_reports, after_its_end,
        low_positive_rate, not_recognised,
    ),
    optional=(
        "mi_diagnosis", "mi_operation", "mi_lab_log", "mi_inpatient", "mi_institution", "mi_person",
        "reversals", "numbered_persons", "net_settlements", "itemised",
    ),
    params=(
        Param("repeat_days", 7, "day", T("重复检查天数", "Days of a repeat"), 0, 60),
        Param("sd", Decimal(2), "standard deviation", T("标准差数", "Standard deviations"), 0, 99),
        Param("min_reports", 30, "report", T("最少报告数", "Fewest reports of a rate"), 1, 10_000),
        Param("postop_days", 30, "day", T("术后复查天数", "Days of follow-up"), 0, 365),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("检查异常", "虚假检查"),
    focus=("examination",),
)  # fmt: skip

__all__ = ["examinations"]
