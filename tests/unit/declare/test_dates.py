"""Days that may lie ahead, beside those that may not."""

from __future__ import annotations

from datetime import date

import pytest

from clew.declare.types import Date, Delivery, PlannedDate

DELIVERY = Delivery(date(2023, 10, 31), None)


@pytest.mark.parametrize(
    ("text", "plain", "planned"),
    [
        ("2023-10-31", "", ""),
        ("2024-06-30", "D08_FUTURE", ""),
        ("9999-12-31", "D08_PLACEHOLDER", "D08_PLACEHOLDER"),
        ("2024-02-30", "D08_IMPOSSIBLE", "D08_IMPOSSIBLE"),
    ],
)
def test_the_end_of_a_validity_may_lie_ahead(text: str, plain: str, planned: str) -> None:
    assert Date().check(text, DELIVERY).reason == plain
    assert PlannedDate().check(text, DELIVERY).reason == planned
