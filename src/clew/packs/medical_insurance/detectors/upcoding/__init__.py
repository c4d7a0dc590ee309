"""Complications that make a case heavier than it was.

Looks for stays with a complication (CC or MCC) for which nothing was billed that treats it, and for
institutions whose share of such stays lies far above that of their peers.

Why it matters: the case weight decides what the fund pays, and one more diagnosis on the front page
can double it without a single drop of medicine.

Known gaps: only diagnoses on the list of treatments are looked at, and only stays whose fee lines
are held; treatment that a package price contains is not seen; the weight without the complication
is known only where another stay of these files fell into that case group.

To verify by hand: read the progress notes, charts and laboratory values for the complication; ask
who added the diagnosis and when; compare the front page with the first one sent.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.upcoding.share import complication_share
from clew.packs.medical_insurance.detectors.upcoding.stay import untreated

upcoding = Detector(
    id="MI-23",
    title=T("高套编码", "Upcoding of cases"),
    version=1,
    doc=(__doc__ or "").strip(),
    rules=(untreated, complication_share),
    optional=(
        "mi_person", "mi_dept", "reversals", "numbered_persons", "net_settlements", "stays",
    ),
    params=(
        Param("z", Decimal(3), "standard deviation", T("标准差数", "z of outliers"), 0, 99),
        Param("min_cases", 50, "stay", T("最少病例数", "Fewest stays of a quarter"), 1),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("高套编码", "高套分值"),
)  # fmt: skip

__all__ = ["upcoding"]
