"""Figures of matters and money: they move with what is done, and open into their rows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from clew.kernel import clock
from clew.matters.clocks.actions import decide_request
from clew.matters.models import Matter
from clew.matters.money.actions import ask_write_off, book, reverse
from clew.matters.opening.actions import open_matter
from clew.reports import queries
from tests.conftest import TODAY
from tests.unit.conftest import Village
from tests.unit.matters.conftest import Office, staffed

pytestmark = pytest.mark.django_db
DOMAIN = "medical_insurance"


@pytest.fixture
def office(db: None, village: Village, tmp_path: Path) -> Office:
    return staffed(village.by, tmp_path)


@pytest.fixture
def matter(office: Office, clue: str, village: Village) -> Matter:
    return open_matter(by=village.by, clues=[clue], department="insurance")


def figures() -> dict[str, int | str]:
    return {f.id: f.value for f in queries.brief(DOMAIN).figures}


def test_before_anything_is_booked(clue: str, office: Office) -> None:
    found = figures()
    assert (found["A1.3"], found["A1.3a"], found["A1.3c"]) == ("0.00", "0.00", "")
    assert (found["A1.20c"], found["M-OPEN"]) == ("0.00", 0)
    text = {f.id: f.text.zh for f in queries.brief(DOMAIN).figures}["A1.3c"]
    assert text == "已追占应追的—。"


def test_a_booked_refund_moves_the_figure(office: Office, matter: Matter) -> None:
    def enter(kind: str, fen: int, **told: str) -> str:
        entry = book(by=office["an"], matter=matter.code, kind=kind, fen=fen, **told)  # type: ignore[arg-type]
        return str(entry.code)

    enter("due", 900_00)
    refund = enter("recovered", 600_00)
    enter("returned", 100_00)
    enter("fine", 7_00)
    asked = ask_write_off(by=office["an"], matter=matter.code, fen=50_00, reason="无力偿还")
    decide_request(by=office["chen"], matter=matter.code, request=asked.code, granted=True,
                   answer="已核")  # fmt: skip
    found = figures()
    assert (found["A1.3"], found["A1.3a"], found["A1.3b"]) == ("500.00", "900.00", "350.00")
    assert found["A1.3c"] == "55.56"
    for id_ in ("A1.3", "A1.3a", "A1.3b"):
        behind = queries.rows_behind(DOMAIN, id_)
        assert sum(Decimal(r["value"]) for r in behind) == Decimal(str(found[id_])), id_
    assert refund in {r["ref"] for r in queries.rows_behind(DOMAIN, "A1.3")}
    reverse(by=office["an"], matter=matter.code, entry=refund, reason="退票")
    assert figures()["A1.3"] == "-100.00"


def test_states_and_overdue(office: Office, matter: Matter) -> None:
    found = figures()
    assert (found["M-OPEN"], found["M-VERIFYING"], found["M-OVERDUE"]) == (1, 1, 0)
    assert found["A1.20c"] == "100.00"
    assert queries.rows_behind(DOMAIN, "M-OPEN") == [{"ref": matter.code}]
    with clock.fixed(TODAY + timedelta(days=60)):
        assert figures()["M-OVERDUE"] == 1
    rows = {f.id: f.rows for f in queries.brief(DOMAIN).figures}
    for id_, count in rows.items():
        assert len(queries.rows_behind(DOMAIN, id_)) == count, id_


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 3, "33.33"), (2, 3, "66.67"), (1, 8, "12.50"), (0, 5, "0.00"), (5, 5, "100.00"),
     (1, 20_000, "0.01"), (-1, 4, "-25.00"), (1, 0, "")],
)  # fmt: skip
def test_per_cent_is_rounded_half_up(part: int, whole: int, text: str) -> None:
    assert queries.percent(part, whole) == text
