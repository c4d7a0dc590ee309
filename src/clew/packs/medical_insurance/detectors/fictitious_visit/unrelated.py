"""How many of some persons have nothing to do with each other (MI-08 b)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

EXACT = 20
"""Families up to this size are searched exhaustively, larger ones from the fewest relatives on."""

Kin = Mapping[int, frozenset[int]]


def in_unrelated_set(persons: Iterable[int], kin: Kin, n: int) -> set[int]:
    """Those who belong to some `n` persons of whom no two are related."""
    families = _families(set(persons), kin)
    sizes = [_largest(family, kin) for family in families]
    total = sum(sizes)
    found: set[int] = set()
    for family, size in zip(families, sizes, strict=True):
        others = total - size
        for person in family:
            rest = family - kin.get(person, frozenset()) - {person}
            if others + 1 + _largest(rest, kin) >= n:
                found.add(person)
    return found


def _families(persons: set[int], kin: Kin) -> list[frozenset[int]]:
    found, left = [], set(persons)
    while left:
        family: set[int] = set()
        waiting = [min(left)]
        while waiting:
            person = waiting.pop()
            if person in left:
                left.remove(person)
                family.add(person)
                waiting += kin.get(person, frozenset()) & left
        found.append(frozenset(family))
    return found


def _largest(family: frozenset[int], kin: Kin) -> int:
    """Size of the largest set without relatives: exact in small families, else a lower bound."""
    if not family:
        return 0
    related = {person: len(kin.get(person, frozenset()) & family) for person in family}
    if not any(related.values()):
        return len(family)
    exact = len(family) <= EXACT
    chosen = (max if exact else min)(sorted(family), key=related.__getitem__)
    rest = family - {chosen}
    with_chosen = 1 + _largest(rest - kin.get(chosen, frozenset()), kin)
    return max(_largest(rest, kin), with_chosen) if exact else with_chosen
