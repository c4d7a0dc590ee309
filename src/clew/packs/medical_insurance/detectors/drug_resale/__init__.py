"""Medicine bought on the card and sold on.

Looks for four marks of it: one substance beyond any dose from several institutions; a mix of drugs
that are often resold, none of them for a diagnosis of the visit; cards that buy side by side on
many days at several places; one pack, by its trace code, that was settled twice.

Why it matters: the fund pays for medicine that nobody takes, and somebody's patients later swallow
packs of unknown origin.

Known gaps: what wards give is not counted, nor what was paid in cash outside these files; without
fee lines only rings of pharmacy cards are seen; a filing that names no amount allows the most that
a long prescription may hold; a pack from which single tablets are sold bears one trace code at
every sale.

To verify by hand: ask for prescriptions and pictures of the counter, call the patient in with the
boxes, compare lot numbers with seized stock; see who held the cards and which phone they share.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.drug_resale.excess import excess
from clew.packs.medical_insurance.detectors.drug_resale.mix import mix
from clew.packs.medical_insurance.detectors.drug_resale.ring import ring
from clew.packs.medical_insurance.detectors.drug_resale.trace_code import trace_code

drug_resale = Detector(
    id="MI-12",
    title=T("医保药品倒卖", "Drug resale"),
    version=1,
    doc=(__doc__ or "").strip(),
    rules=(excess, mix, ring, trace_code),
    optional=(
        "mi_fee", "mi_drug", "mi_drug_indication", "mi_catalogue", "mi_diagnosis", "mi_filing",
        "mi_programme", "mi_resident", "kin", "mi_binding", "mi_person", "reversals",
        "numbered_persons", "net_settlements", "itemised",
    ),
    params=(
        Param("window", 90, "day", T("窗口天数", "Days of a window"), 1, 366),
        Param(
            "factor", Decimal("2.0"), "ratio",
            T("最大用量倍数", "Times the highest dose"), 1, 20,
        ),
        Param("institutions", 3, "institution", T("最少机构数", "Fewest institutions"), 1),
        Param("resale_n", 4, "substance", T("易倒卖药品种类数", "Substances of the list"), 1),
        Param(
            "substance_len", 14, "character",
            T("通用名编码长度", "Characters that name a substance"), 1, 23,
        ),
        Param("ring_n", 3, "card", T("最少卡数", "Fewest cards of a ring"), 3),
        Param("ring_min", 10, "minute", T("同行间隔", "Minutes between two visits"), 1, 120),
        Param("ring_times", 5, "date", T("最少同行天数", "Fewest dates together"), 2),
        Param(
            "ring_institutions", 2, "institution",
            T("最少同行机构数", "Fewest places together"), 1,
        ),
        Param("ring_days", 365, "day", T("同行期间", "Days in which these lie"), 1, 3660),
    ),
    basis=("reg735-41", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("医保药品倒卖", "倒卖药品", "回流药"),
)  # fmt: skip

__all__ = ["drug_resale"]
