"""Planted schemes, and look-alikes that differ from a scheme by one excuse alone."""

from __future__ import annotations

from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.schemes import (
    after_death,
    bed_hanging,
    cardiology,
    checkup,
    death_card,
    death_card_excused,
    drug_resale,
    drug_ring,
    early_refill,
    elsewhere,
    examinations,
    fictitious,
    fictitious_bursts,
    impersonation,
    induced,
    inflated,
    key_items,
    laboratory,
    laboratory_volumes,
    mistyped,
    orthopaedics,
    outlying,
    overcharging,
    overlapping,
    rehabilitation,
    shells,
    split,
    staff_licence,
    stock,
    suspended,
    third_party,
    upcoding,
)


def plant(city: City) -> None:
    """Plants every case of every detector, and writes down what should come of it."""
    city.records.planted = True
    for part in (death_card, death_card_excused, overlapping, split, elsewhere, mistyped,
                 drug_resale, drug_ring, stock, impersonation,
                 overcharging, orthopaedics, cardiology, outlying,
                 examinations, laboratory, laboratory_volumes, rehabilitation,
                 third_party, suspended, inflated, shells, key_items, upcoding, staff_licence,
                 induced, fictitious, fictitious_bursts,
                 after_death, bed_hanging, checkup, early_refill):
        part.plant(city)
    city.records.planted = False
