"""The detectors of this pack, in the order of their numbers."""

from clew.packs.medical_insurance.detectors.death_card import death_card
from clew.packs.medical_insurance.detectors.elsewhere_during_stay import elsewhere_during_stay
from clew.packs.medical_insurance.detectors.overlapping_stays import overlapping_stays
from clew.packs.medical_insurance.detectors.split_admission import split_admission

DETECTORS = (death_card, overlapping_stays, split_admission, elsewhere_during_stay)

__all__ = ["DETECTORS"]
