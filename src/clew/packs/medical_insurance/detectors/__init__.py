"""The detectors of this pack, in the order of their numbers."""

from clew.packs.medical_insurance.detectors.bed_hanging import bed_hanging
from clew.packs.medical_insurance.detectors.benefit_after_death import benefit_after_death
from clew.packs.medical_insurance.detectors.cardiology import cardiology
from clew.packs.medical_insurance.detectors.checkup_stay import checkup_stay
from clew.packs.medical_insurance.detectors.death_card import death_card
from clew.packs.medical_insurance.detectors.drug_resale import drug_resale
from clew.packs.medical_insurance.detectors.duplicate_prescription import duplicate_prescription
from clew.packs.medical_insurance.detectors.elsewhere_during_stay import elsewhere_during_stay
from clew.packs.medical_insurance.detectors.examinations import examinations
from clew.packs.medical_insurance.detectors.fictitious_employment import fictitious_employment
from clew.packs.medical_insurance.detectors.fictitious_visit import fictitious_visit
from clew.packs.medical_insurance.detectors.impersonation import impersonation
from clew.packs.medical_insurance.detectors.induced_stay import induced_stay
from clew.packs.medical_insurance.detectors.inflated_base import inflated_base
from clew.packs.medical_insurance.detectors.key_items import key_items
from clew.packs.medical_insurance.detectors.laboratory import laboratory
from clew.packs.medical_insurance.detectors.orthopaedics import orthopaedics
from clew.packs.medical_insurance.detectors.overcharging import overcharging
from clew.packs.medical_insurance.detectors.overlapping_stays import overlapping_stays
from clew.packs.medical_insurance.detectors.rehabilitation import rehabilitation
from clew.packs.medical_insurance.detectors.split_admission import split_admission
from clew.packs.medical_insurance.detectors.staff_licence import staff_licence
from clew.packs.medical_insurance.detectors.stock_mismatch import stock_mismatch
from clew.packs.medical_insurance.detectors.substitution import substitution
from clew.packs.medical_insurance.detectors.suspended_institution import (
    suspended_institution,
)
from clew.packs.medical_insurance.detectors.third_party import third_party
from clew.packs.medical_insurance.detectors.upcoding import upcoding

DETECTORS = (
    death_card,
    benefit_after_death,
    induced_stay,
    bed_hanging,
    overlapping_stays,
    split_admission,
    checkup_stay,
    fictitious_visit,
    impersonation,
    inflated_base,
    fictitious_employment,
    drug_resale,
    duplicate_prescription,
    overcharging,
    orthopaedics,
    cardiology,
    examinations,
    laboratory,
    rehabilitation,
    key_items,
    stock_mismatch,
    substitution,
    upcoding,
    third_party,
    suspended_institution,
    staff_licence,
    elsewhere_during_stay,
)

__all__ = ["DETECTORS"]
