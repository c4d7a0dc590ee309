"""Tests ordered by the set, split, doubled, or never done.

Looks for one set of tests on nearly everybody of a ward, panels billed by their parts above the
price of the panel, one analyte measured by two methods on a day, more tests billed than reported,
more than the reagents bought allow, and tests that suddenly are many times those of the year
before.

Why it matters: a test costs little and hardly anybody asks for its reason, so that whole wards can
be billed for sets. What the analyser never reported and the reagents did not suffice for was not
done.

Known gaps: the price of a panel is its limit at the hospital's level, or the highest price at which
it was ever billed, and a panel without either is not tested; reagents are known by the code of
their test; opening and closing stock are taken as counted, without the pack factor; months of which
a hospital delivered no log are not asked for reports; a set is looked for by the admitting ward.

To verify by hand: take ten records of the ward and read why each test was ordered; lay the log of
the analyser and the invoices of the reagents beside the bill of the month.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.laboratory.panels import decomposed_panel, two_methods
from clew.packs.medical_insurance.detectors.laboratory.sets import ward_set
from clew.packs.medical_insurance.detectors.laboratory.volumes import (
    billed_beyond_reports,
    grown,
    reagents_short,
)

laboratory = Detector(
    id="MI-18",
    title=T("检验异常", "Laboratory tests"),
    version=1,
    doc=__doc__ or "",
    rules=(ward_set, decomposed_panel, two_methods, billed_beyond_reports, reagents_short, grown),
    optional=(
        "mi_code_list", "mi_operation", "mi_price_limit", "mi_institution", "mi_diagnosis",
        "mi_dept", "mi_person", "reversals", "numbered_persons", "net_settlements", "itemised",
        "stays",
    ),
    params=(
        Param("set_share", Decimal("0.95"), "ratio", T("同组占比", "Share of the set"), 0, 1),
        Param("set_items", 3, "item", T("同组最少项数", "Fewest items of a set"), 1, 50),
        Param("set_admissions", 20, "stay", T("最少入院数", "Fewest admissions"), 1, 10_000),
        Param("reagent", Decimal("0.9"), "ratio", T("试剂可做比例", "Share reagents allow"), 0, 1),
        Param("growth", Decimal(3), "times", T("同比倍数", "Times the year before"), 1, 100),
        Param("growth_n", 50, "test", T("去年同月基数", "Fewest the year before"), 1, 100_000),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("检验异常", "虚假检验"),
    focus=("laboratory",),
)  # fmt: skip

__all__ = ["laboratory"]
