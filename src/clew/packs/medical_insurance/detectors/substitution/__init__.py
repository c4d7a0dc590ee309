"""One thing sold, another billed.

Looks for codes that are billed though the stock book knows no purchase of them, while goods of
about that price were bought that nobody reimburses; for unlike codes that share one unit price to
the fourth place; and for daily goods that the fund or an account paid for.

Why it matters: rice, soap and beauty products leave the pharmacy under the names of medicines.

Known gaps: without a stock book the first question is not asked; service items often share round
prices, so the second one speaks of a price list before it speaks of a fraud; names on the list of
daily goods are compared by their beginning.

To verify by hand: compare till receipts with fee lines of the same minute, count the shelf, ask
buyers what they carried home, and read the supplier's invoices of the quarter.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.substitution.daily_goods import daily_goods
from clew.packs.medical_insurance.detectors.substitution.no_purchase import no_purchase
from clew.packs.medical_insurance.detectors.substitution.one_price import one_price

substitution = Detector(
    id="MI-22",
    title=T("串换", "Substitution"),
    version=1,
    doc=(__doc__ or "").strip(),
    rules=(no_purchase, one_price, daily_goods),
    optional=(
        "mi_fee", "mi_stock", "mi_code_list", "mi_catalogue", "mi_person", "reversals",
        "numbered_persons", "net_settlements", "itemised",
    ),
    params=(
        Param("months", 12, "month", T("购进回溯月数", "Months of purchases"), 3, 60),
        Param("price_band", Decimal("0.1"), "ratio", T("价格相近幅度", "Similar price"), 0, 1),
        Param("same_price_codes", 3, "code", T("同价品种数", "Unlike codes at one price"), 2),
        Param(
            "same_price_settlements", 3, "settlement",
            T("每品种最少结算数", "Settlements of each code"), 1,
        ),
        Param(
            "substance_len", 14, "character",
            T("通用名编码长度", "Characters that name a substance"), 1, 23,
        ),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("串换", "串换药品", "串换项目"),
)  # fmt: skip

__all__ = ["substitution"]
