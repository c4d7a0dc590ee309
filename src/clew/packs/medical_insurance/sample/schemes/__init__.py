"""Planted schemes, and look-alikes that differ from a scheme by one excuse alone."""

from __future__ import annotations

from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.schemes import (
    death_card,
    death_card_excused,
    elsewhere,
    mistyped,
    overlapping,
    split,
)


def plant(city: City) -> None:
    """Plants every case of every detector, and writes down what should come of it."""
    city.records.planted = True
    for part in (death_card, death_card_excused, overlapping, split, elsewhere, mistyped):
        part.plant(city)
    city.records.planted = False
