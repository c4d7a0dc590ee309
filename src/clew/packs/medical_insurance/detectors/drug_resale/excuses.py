"""What excuses a purchase, declared once for the questions of MI-12."""

from __future__ import annotations

from clew.declare import Exclusion, Fact, Params, T

REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
LONG_PRESCRIPTION = Exclusion(
    "LONG_PRESCRIPTION", T("备案的长处方", "Long prescription on file"), sources=("mi_filing",)
)
BULK_PICKUP = Exclusion(
    "BULK_PICKUP",
    T("登记的养老机构或村医集中代取", "Registered collection for a home or a village"),
    sources=("mi_programme", "mi_resident"),
)
SPOUSE_PAIR = Exclusion(
    "SPOUSE_PAIR", T("夫妻同行", "Husband and wife together"), sources=("kin", "mi_binding")
)
REPLACEMENT = Exclusion(
    "REPLACEMENT", T("备案的遗失补配", "Replacement after a loss on file"), sources=("mi_filing",)
)
ONCOLOGY_TRANSPLANT = Exclusion(
    "ONCOLOGY_TRANSPLANT",
    T("肿瘤移植等用药项目", "Programme for cancer or transplants"),
    sources=("mi_programme", "mi_resident"),
)


def still_met(fact: Fact, p: Params) -> bool:
    """Whether what no exclusion took out was found to meet the condition by itself."""
    return all(row.met for row in fact.rows)
