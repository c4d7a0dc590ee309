"""Looking back: the same detector on the same subject, on what is held then; and the thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from clew.accounts import actions as accounts
from clew.accounts.models import Department
from clew.accounts.posts.actions import give_post
from clew.datasets.ingest.deliver import Request, deliver
from clew.declare import registry
from clew.detection import actions as detection
from clew.detection.models import Clue
from clew.kernel import clock
from clew.kernel.errors import NotFound, Refused
from clew.matters import actions
from clew.matters.look_back.actions import look_back
from clew.matters.models import LookBack, Matter
from clew.matters.money.actions import book
from clew.matters.opening.actions import open_matter
from clew.matters.thread import thread
from tests.conftest import TODAY
from tests.unit.conftest import AN, FILES, SHOP, Village, write_csv
from tests.unit.matters.conftest import Office, new_clues, staffed

pytestmark = pytest.mark.django_db
DECISION, RECTIFYING, LATER = (TODAY + timedelta(days=n) for n in (10, 12, 60))


@pytest.fixture
def office(db: None, village: Village, tmp_path: Path) -> Office:
    return staffed(village.by, tmp_path)


@pytest.fixture
def matter(office: Office, village: Village) -> Matter:
    """The village's one clue in a matter: found, verified, decided, rectified, in its recheck."""
    detection.run(by=village.by, detectors=[registry.detector("MI-01")], overrides={})
    found = open_matter(by=village.by, clues=[Clue.objects.get().code], department="insurance")
    office.verifying(found)
    office.go(found, "file", "an", filed_on=TODAY.isoformat())
    office.go(found, "notify", "an", notified_on=TODAY.isoformat())
    office.confirm(found)
    with clock.fixed(DECISION):
        office.go(found, "decide", "dai")
        book(by=office["an"], matter=found.code, kind="due", fen=120_00)
        office.go(found, "handle", "an", measure="refund")
        office.go(found, "serve", "an", served_on=DECISION.isoformat())
    with clock.fixed(RECTIFYING):
        actions.advance(by=office["an"], matter=found.code, transition="rectify")
        office.go(found, "recheck", "an")
    return found


def settlement(village: Village, folder: Path, number: str, day: str) -> None:
    """One more purchase with the dead person's card."""
    headers, _ = FILES["结算信息.csv"]
    row = (number, f"M{number}", AN, "安一", SHOP, "41", f"{day} 10:00", f"{day} 10:00",
           "10.00", "8.00", "0.00", "0", "")  # fmt: skip
    path = write_csv(folder / f"结算信息-{number}.csv", headers, [row])
    (receipt,) = deliver(Request(path), by=village.by)
    assert receipt.accepted == 1, receipt


def state(matter: Matter) -> str:
    matter.refresh_from_db()
    return str(matter.state)


def close(office: Office, matter: Matter) -> None:
    book(by=office["an"], matter=matter.code, kind="recovered", fen=120_00)
    office.go(matter, "close", "dai", credit_event="已记", published_on=clock.today().isoformat())


def test_nothing_new_certifies_it(office: Office, matter: Matter) -> None:
    with pytest.raises(Refused, match="look-back says"):
        office.go(matter, "close", "dai", credit_event="已记", published_on=TODAY.isoformat())
    with clock.fixed(LATER):
        seen = look_back(by=office["an"], matter=matter.code)
        assert (seen.result, seen.found, seen.deliveries) == ("pass", [], 0)
        assert seen.since == RECTIFYING
        close(office, matter)
    assert state(matter) == "CLOSED"
    assert not matter.clues.get().held


def test_the_same_scheme_gone_on_sends_it_back(
    office: Office, matter: Matter, village: Village, tmp_path: Path
) -> None:
    with clock.fixed(LATER):
        settlement(village, tmp_path, "S20", "2023-12-20")
        seen = look_back(by=office["an"], matter=matter.code)
    assert (seen.result, seen.found, seen.deliveries) == ("fail", [Clue.objects.get().code], 1)
    assert state(matter) == "RECTIFYING" and matter.level == 1
    assert [s.transition for s in matter.steps.order_by("id")][-1] == "fail_look_back"
    assert matter.deadlines.filter(clock="rectifying", met=None).count() == 1


def test_a_matter_at_its_end_is_reopened(
    office: Office, matter: Matter, village: Village, tmp_path: Path
) -> None:
    with clock.fixed(LATER):
        look_back(by=office["an"], matter=matter.code)
        close(office, matter)
    with clock.fixed(LATER + timedelta(days=90)):
        settlement(village, tmp_path, "S21", "2024-03-01")
        assert look_back(by=office["an"], matter=matter.code).result == "fail"
    assert state(matter) == "REOPENED" and not matter.closed
    assert matter.clues.get().held
    assert matter.look_backs.count() == 2


def test_a_corrected_delivery_of_the_same_rows_is_nothing_new(
    office: Office, matter: Matter, village: Village, tmp_path: Path
) -> None:
    headers, rows = FILES["结算信息.csv"]
    with clock.fixed(LATER):
        row = [cell.replace("100.00", "99.00") for cell in rows[1]]
        path = write_csv(tmp_path / "结算信息-更正.csv", headers, [row])
        deliver(Request(path), by=village.by)
        assert look_back(by=office["an"], matter=matter.code).result == "pass"


def test_when_there_is_no_look_back(office: Office, village: Village) -> None:
    detection.run(by=village.by, detectors=[registry.detector("MI-01")], overrides={})
    found = open_matter(by=village.by, clues=[Clue.objects.get().code], department="insurance")
    with pytest.raises(Refused, match="no look-back"):
        look_back(by=office["an"], matter=found.code)
    assert not LookBack.objects.exists()


def knots(office: Office, text: str, by: str = "an") -> dict[str, tuple[str, str]]:
    return {k.name: (k.state, str(k.note or "")) for k in thread(office[by], text)}


def present(office: Office, matter: Matter) -> str:
    return next(name for name, (at, _) in knots(office, matter.code).items() if at == "present")


def test_the_thread_reaches_the_money(office: Office, matter: Matter) -> None:
    assert present(office, matter) == "look_back"
    line = knots(office, matter.number)
    code = Clue.objects.get().code
    assert line == knots(office, code) == knots(office, "S2")
    assert line["matter"] == ("reached", f"{matter.number} 回头看")
    assert line["decision"] == ("reached", f"线索 {code} 属实")
    assert line["rectified"] == ("reached", f"整改, 自 {RECTIFYING}")
    assert line["money"] == ("ahead", "应追 120.00 元, 已追 0.00 元")
    with clock.fixed(LATER):
        look_back(by=office["an"], matter=matter.code)
        close(office, matter)
    line = knots(office, matter.code)
    assert line["look_back"] == ("reached", f"pass {LATER}, 新见 0 条")
    assert line["money"] == ("present", "应追 120.00 元, 已追 120.00 元")


@pytest.fixture
def stages(office: Office, village: Village) -> Callable[[str], str]:
    def at(name: str) -> str:
        detection.run(by=village.by, detectors=[registry.detector("MI-01")], overrides={})
        found = open_matter(by=village.by, clues=[Clue.objects.get().code], department="insurance")
        if name != "FOUND":
            office.verifying(found)
        return present(office, found)

    return at


@pytest.mark.parametrize("name", ["FOUND", "VERIFYING"])
def test_the_present_knot(stages: Callable[[str], str], name: str) -> None:
    assert stages(name) == "matter"


def test_a_matter_out_of_sight_is_a_closed_knot(office: Office) -> None:
    insurance = Department.objects.get(code="insurance")
    county = accounts.create_account(
        by=office.admin, code="county", name="county", department=insurance
    )
    give_post(by=office.admin, account=county, role="operator", department=insurance,
              domain="medical_insurance", division="330381")  # fmt: skip
    here, there = new_clues(office.admin, 1, "330381")[0], new_clues(office.admin, 1)[0]
    found = office.opened([here, there])
    line = {k.name: (k.state, str(k.note or "")) for k in thread(county, here.code)}
    assert line["clue"][0] == "present"
    assert {line[name] for name in ("matter", "decision", "money")} == {("closed", "")}
    for text in (found.code, found.number, there.code):
        with pytest.raises(NotFound):
            thread(county, text)
    assert knots(office, here.code)["matter"][0] == "present"
