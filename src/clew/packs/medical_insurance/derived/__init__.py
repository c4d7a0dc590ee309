"""Relations that several detectors share."""

from clew.packs.medical_insurance.derived.deaths import deaths, life_evidence
from clew.packs.medical_insurance.derived.months_paid import months_paid
from clew.packs.medical_insurance.derived.settlements import (
    net_settlements,
    numbered_persons,
    reversals,
)
from clew.packs.medical_insurance.derived.stays import stays

DERIVED = (reversals, numbered_persons, net_settlements, stays, deaths, life_evidence, months_paid)

__all__ = ["DERIVED"]
