"""Drugs and consumables on which an institution or a doctor spends far more than others.

Looks for institutions and doctors whose share of spending on one substance or consumable lies far
above that of their peers, or that spend twice as much on it as in that quarter of last year. Asked
are the codes that lead a ranking of the city and quarter: by what the fund spends on them, by their
part in its growth, by their own growth.

Why it matters: promotion by the piece, resale and empty billing first show as one product that
moves at one place. It is a ranking, not a finding: the stock book (MI-21) is the next step.

Known gaps: a speciality that only one house of a level has stands out by its nature; without the
year before there is no growth; spending is known only where fee lines are held; doctors are
compared where the register names their scope of practice.

To verify by hand: compare stock book and invoices of that product, list its patients with their
diagnoses, ask who proposed it and when its price or supplier changed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.key_items.subjects import key_item

key_items = Detector(
    id="MI-20",
    title=T("重点药品耗材异常", "Key drugs and consumables"),
    version=1,
    doc=(__doc__ or "").strip(),
    rules=(key_item,),
    optional=(
        "mi_drug", "mi_catalogue", "mi_staff", "mi_dept", "epi_season", "mi_person", "reversals",
        "numbered_persons", "net_settlements", "itemised",
    ),
    params=(
        Param("top_n", 50, "code", T("排名前列数", "Codes of each ranking"), 1),
        Param("z", Decimal(3), "standard deviation", T("标准差数", "z of outliers"), 0, 99),
        Param("growth", Decimal(1), "ratio", T("同比增幅", "Growth on last year"), 0),
        Param(
            "growth_amount", 100_000, "yuan",
            T("同比增加金额", "Increase that growth must exceed"), 0,
        ),
        Param("new_months", 6, "month", T("新近月数", "Months for which a thing is new"), 1, 60),
        Param("season", Decimal("1.5"), "ratio", T("流行指数", "Index of a season"), 0),
        Param(
            "substance_len", 14, "character",
            T("通用名编码长度", "Characters that name a substance"), 1, 23,
        ),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    scored=True,
    next_review=date(2024, 6, 30),
    tags=("重点药品耗材异常",),
)  # fmt: skip

__all__ = ["key_items"]
