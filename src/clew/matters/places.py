"""The clues that a matter is made of: who sees them, and where they lie."""

from __future__ import annotations

from collections.abc import Sequence

from clew.accounts.models import Account
from clew.detection.access import seen
from clew.detection.models import Clue
from clew.kernel.errors import InputError

CITY_DIGITS, DIVISION_DIGITS = 4, 6


def seen_clues(by: Account, clues: Sequence[str]) -> list[Clue]:
    """Clues by their ids, each once, in order of their ids.

    Raises:
        InputError: none.
        NotFound: one that the account does not see.
    """
    found = {c.pk: c for c in (seen(by, text) for text in clues)}
    if not found:
        raise InputError(
            "事项至少有一条线索 (a matter holds at least one clue)", next_step="clew clues list"
        )
    return sorted(found.values(), key=lambda c: str(c.code))


def place_of(clues: Sequence[Clue]) -> tuple[str, str]:
    """Domain and division of a matter of these clues: their county, or the city of several.

    Raises:
        InputError: they belong to several domains.
    """
    domains = sorted({c.domain for c in clues})
    if len(domains) > 1:
        raise InputError(
            f"线索分属 {', '.join(domains)} (clues of several domains)",
            next_step="每个领域各立一件 (open a matter for each)",
        )
    counties = sorted({c.division for c in clues})
    if len(counties) == 1:
        return domains[0], counties[0]
    cities = {c[:CITY_DIGITS] for c in counties}
    city = cities.pop()
    if cities or not city:
        return domains[0], ""
    return domains[0], city.ljust(DIVISION_DIGITS, "0")
