"""Relations that several detectors share."""

from clew.packs.medical_insurance.derived.deaths import deaths, life_evidence
from clew.packs.medical_insurance.derived.months_paid import months_paid
from clew.packs.medical_insurance.derived.settlements import (
    itemised,
    lowered,
    net_settlements,
    numbered_persons,
    reversals,
)
from clew.packs.medical_insurance.derived.stays import stays

DERIVED = (
    reversals, lowered, numbered_persons, net_settlements, itemised, stays, deaths, life_evidence,
    months_paid,
)  # fmt: skip

__all__ = ["DERIVED"]
