"""Somebody else's body behind the card.

Looks for what the holder of the card cannot have had: a diagnosis, operation or item of the other
sex; an organ that there is one of, taken out twice; a drug for children in the hands of an adult.

Why it matters: the stay or the medicine was real, but it was another person's, who has no cover of
their own or sells what is left; the holder's history is false from then on.

Known gaps: a person of the same sex and age is not seen; an operation that was coded too widely
looks like a removal; children's drugs that parents book on their own card are impersonation by the
letter, and often no more than convenience.

To verify by hand: compare the signature and the picture of the visit with the holder's, ask for an
ultrasound of what is said to be gone, ask the ward who was visited by whom.
"""

from __future__ import annotations

from datetime import date

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.impersonation.child_drug import child_drug
from clew.packs.medical_insurance.detectors.impersonation.organ import organ
from clew.packs.medical_insurance.detectors.impersonation.sex import sex

impersonation = Detector(
    id="MI-09",
    title=T("冒名就医", "Impersonation"),
    version=1,
    doc=(__doc__ or "").strip(),
    rules=(sex, organ, child_drug),
    optional=(
        "mi_fee", "mi_drug", "mi_operation", "mi_inpatient", "mi_diagnosis", "mi_catalogue",
        "mi_code_list", "police_person", "mi_person", "reversals", "numbered_persons",
        "net_settlements", "itemised",
    ),
    params=(Param("adult_age", 18, "year", T("成年年龄", "Age from which adult"), 1, 120),),
    basis=("reg735-17", "reg735-41"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("冒名就医", "冒名住院"),
)  # fmt: skip

__all__ = ["impersonation"]
