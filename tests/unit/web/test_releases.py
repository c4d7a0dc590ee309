"""Taking away: a release asked for, decided and used in pages; packages and look-backs in the
background.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import pytest

from clew.declare import registry
from clew.detection import actions as detection
from clew.detection.models import Clue
from clew.kernel import clock
from clew.kernel.workspace import Workspace
from clew.reports.models import Release
from clew.web.work import tasks
from clew.web.work.models import Work
from tests.unit.conftest import AN, NUMBERS, Village
from tests.unit.matters.conftest import Office, staffed
from tests.unit.web.conftest import Sign, on_the_run, verbs


@pytest.fixture
def office(db: None, village: Village, tmp_path: Path) -> Office:
    """The office of the village, whose one clue is about a real row."""
    return staffed(village.by, tmp_path)


@pytest.fixture
def clue(office: Office, village: Village) -> str:
    detection.run(by=village.by, detectors=[registry.detector("MI-01")], overrides={})
    return Clue.objects.get().code


def granted(sign: Sign, clue: str) -> Release:
    answer = sign("an").post("/releases/ask/", {"clue": clue, "reason": "移送"})
    code = answer["Location"].split("/")[2]
    sign("chen").post(f"/releases/{code}/decide/", {"granted": "yes", "reason": "确需"})
    return Release.objects.get(code=code)


def work_of(address: str) -> Work:
    work = Work.objects.get(code=address.split("/")[2])
    tasks.perform.func(work.code)
    work.refresh_from_db()
    return work


def test_persons_leave_in_clear_only_on_anothers_word(sign: Sign, clue: str) -> None:
    operator, reviewer = sign("an"), sign("chen")
    address = operator.post("/releases/ask/?status=open", {"reason": "移送"})["Location"]
    (asked,) = Release.objects.all()
    assert asked.clues == [clue]
    assert operator.post(f"{address}take/", {"kind": "csv"}).status_code == 409
    assert operator.post(f"{address}decide/", {"granted": "yes", "reason": "x"}).status_code == 403
    assert address in reviewer.get("/").content.decode()  # it waits on the reviewer's home page
    assert "批准" in reviewer.get(address).content.decode()
    assert AN not in reviewer.get(address).content.decode()
    reviewer.post(f"{address}decide/", {"granted": "yes", "reason": "确需"})
    assert address not in reviewer.get("/").content.decode()
    before = len(verbs())
    taken = operator.post(f"{address}take/", {"kind": "csv"})
    assert AN in taken.content.decode("utf-8-sig")
    assert "移送" in taken.content.decode("utf-8-sig")
    assert verbs()[before:] == ["reports.take_release"]
    assert operator.post(f"{address}take/", {"kind": "pdf"}).status_code == 400
    assert reviewer.post(f"{address}take/", {"kind": "csv"}).status_code == 404
    assert sign("bo").get(address).status_code == 404
    masked = operator.post("/clues/export/", {"kind": "csv", "reason": "核对"})
    assert AN not in masked.content.decode("utf-8-sig")
    for language in ("zh-hans", "en"):
        operator.cookies["clew_language"] = language
        assert clue in operator.get(address).content.decode()
        assert asked.code in operator.get("/releases/").content.decode()


def package(content: bytes) -> str:
    """Every part of a package, and every part of the workbook in it, as text."""
    told = ""
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        for name in whole.namelist():
            part = whole.read(name)
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(part)) as book:
                    parts = [book.read(n) for n in book.namelist()]
                told += "".join(p.decode("utf-8", "replace") for p in parts)
            else:
                told += part.decode("utf-8", "replace")
    return told


def test_a_package_is_made_in_the_background_and_kept_a_week(sign: Sign, clue: str) -> None:
    operator = sign("an")
    assert operator.post("/clues/package/", {"clue": "nosuch"}).status_code == 404
    assert operator.post("/clues/package/", {}).status_code == 400
    address = operator.post("/clues/package/", {"clue": clue, "reason": "会商"})["Location"]
    assert operator.get(f"{address}file/").status_code == 404  # it is not made yet
    work = work_of(address)
    assert work.status == Work.DONE, work.cause
    assert f"{address}file/" in operator.get(address).content.decode()
    before = len(verbs())
    sent = operator.get(f"{address}file/")
    told = package(b"".join(sent))  # type: ignore[arg-type]
    assert verbs()[before:] == ["web.take_file"]
    assert clue in told
    assert not [n for n in NUMBERS if n in told]
    assert sign("bo").get(f"{address}file/").status_code == 404
    before_a_week = clock.seconds() - tasks.KEPT_SECONDS - 60
    (folder,) = Workspace.current().exports.glob(f"{tasks.PACKAGE}*")
    os.utime(folder, (before_a_week, before_a_week))
    work_of(operator.post("/clues/package/", {"clue": clue, "reason": "再来"})["Location"])
    assert operator.get(f"{address}file/").status_code == 404


def test_a_package_in_clear_needs_its_release_to_the_end(sign: Sign, clue: str) -> None:
    operator, release = sign("an"), granted(sign, clue)
    address = operator.post("/clues/package/", {"release": release.code})["Location"]
    assert work_of(address).status == Work.DONE
    assert AN in package(b"".join(operator.get(f"{address}file/")))  # type: ignore[arg-type]
    Release.objects.update(until="2023-10-30")
    assert operator.get(f"{address}file/").status_code == 409
    failed = work_of(operator.post("/clues/package/", {"release": release.code})["Location"])
    assert (failed.status, failed.result) == (Work.FAILED, {})
    assert "到期" in failed.cause


def test_a_look_back_is_refused_at_once_or_done_in_the_background(
    sign: Sign, office: Office
) -> None:
    made = on_the_run(office, 2)
    matter = office.opened([made[0]])
    client = sign("an")
    refused = client.post(f"/matters/{matter.code}/look-back/")
    assert refused.status_code == 409
    assert "回头看" in refused.content.decode()
    assert not Work.objects.exists()


def test_what_a_look_back_found_is_told(sign: Sign, office: Office) -> None:
    (clue,) = on_the_run(office, 1)
    matter = office.opened([clue])
    for said, words in (("pass", "通过"), ("partial", "部分通过"), ("fail", "升级")):
        work = Work.objects.create(
            code=said, kind=Work.LOOK_BACK, title=matter.number, argument={"matter": matter.code},
            by=office["an"], asked_at=clock.now(), status=Work.DONE,
            result={"matter": matter.code, "said": said},
        )  # fmt: skip
        page = sign("an").get(f"/work/{work.code}/").content.decode()
        assert words in page
        assert re.search(rf'href="/matters/{matter.code}/"', page)
