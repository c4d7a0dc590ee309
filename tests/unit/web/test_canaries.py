"""A thousand persons go all the way, errors and all; none is found where nobody asked for them."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from clew.datasets.ingest.deliver import Request, deliver
from clew.datasets.models import Batch
from clew.declare import registry
from clew.detection import actions
from clew.detection.models import Clue, Run
from clew.kernel.workspace import Workspace
from clew.web.logs import Bare
from clew.web.work import tasks
from clew.web.work.models import Work
from tests.unit.conftest import FILES, SHOP, number_of, write_csv
from tests.unit.matters.conftest import Office
from tests.unit.web.test_matrix import ROUTES, address

PERSONS, BROKEN = 1_000, 10
SURNAME = "佀"
OWNERS = {"batch-quarantine", "batch-workbook", "batch-mend"}
"""What shows rows as they were delivered, to their owner alone."""


def number(n: int) -> str:
    return number_of(801, date(1950, 1, 1) + timedelta(days=n))


def name(n: int) -> str:
    return SURNAME + chr(0x4E00 + n)


NUMBERS, NAMES = {number(n) for n in range(PERSONS)}, {name(n) for n in range(PERSONS)}


def found(text: str) -> set[str]:
    """The canaries in a text: whole numbers, and names."""
    numbers = re.findall(r"(?=(\d{17}[\dXx]))", text)
    return (NUMBERS & {n.upper() for n in numbers}) | (NAMES & set(re.findall(f"{SURNAME}.", text)))


def test_the_eye_sees() -> None:
    assert len(NUMBERS) == len(NAMES) == PERSONS
    told = f"1{number(3)}, {number(4).lower()} {name(5)}"
    assert found(told) == {number(3), number(4), name(5)}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the console would show."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(Bare())
    loggers = [logging.getLogger(n) for n in ("", "django", "clew", "django.request")]
    for each in loggers:
        each.addHandler(handler)
    yield out
    for each in loggers:
        each.removeHandler(handler)


def delivered(office: Office, folder: Path) -> Run:
    folder.mkdir()
    settlements = [
        (f"S{n}", f"M{n}", number(n), name(n), SHOP, "41",
         "2023-04-01 10:00" if n >= BROKEN else "2023-02-31 10:00", "2023-04-01 10:00",
         "100.00", "80.00", "20.00", "0", "")
        for n in range(PERSONS)
    ]  # fmt: skip
    rows = {
        "死亡医学证明.csv": [
            (f"C{n}", number(n), name(n), "2023-03-01 08:00") for n in range(PERSONS)
        ],
        "参保人员.csv": [(f"N{n}", number(n), name(n)) for n in range(PERSONS)],
        "结算信息.csv": settlements,
    }
    for file, told in rows.items():
        deliver(Request(write_csv(folder / file, FILES[file][0], told)), by=office.admin)
    answer = actions.run(by=office.admin, detectors=[registry.detector("MI-01")], overrides={})
    return Run.objects.get(code=answer.run)


class Visitor:
    """Goes through pages and keeps what they said, and every address that was named."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.pages = ""
        self.addresses: list[str] = []

    def keep(self, answer: HttpResponse, *, shown: bool = True) -> HttpResponse:
        self.addresses.append(answer.get("Location", ""))
        if answer.get("Content-Type", "").startswith("text/html"):
            text = answer.content.decode()
            self.addresses += re.findall(r'(?:href|action|src|value)="([^"]*)"', text)
            self.pages += text if shown else ""
        return answer

    def get(self, path: str, *, shown: bool = True) -> HttpResponse:
        return self.keep(self.client.get(path), shown=shown)

    def post(self, path: str, form: dict[str, object], *, shown: bool = True) -> HttpResponse:
        return self.keep(self.client.post(path, form), shown=shown)


def walk(visitor: Visitor, run: Run, clue: Clue, matter: str, batch: str) -> None:
    """Every page that only shows, with codes that something bears."""
    codes = {"clue": clue.code, "matter": matter, "batch": batch, "run": run.code}
    for route in ROUTES:
        if "GET" not in route.methods or route.name == "signed-out":
            continue
        path = address(route)
        for kind, code in codes.items():
            if route.name.startswith(kind):
                path = path.replace("zzzzzzzzzzzzzzzz", code)
        path = path.replace("/datasets/zzzzzzzzzzzzzzzz", "/datasets/mi_settlement")
        path = path.replace("/results/zzzzzzzzzzzzzzzz", "/results/medical_insurance")
        visitor.get(path, shown=route.name not in OWNERS)


def spoil(visitor: Visitor, clue: Clue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors that carry somebody: typed, sent, thrown."""
    some = number(77)
    visitor.post("/search/", {"q": some})
    visitor.post("/search/", {"q": name(77)})
    visitor.client.get(f"/clues/{some}/")
    visitor.post(f"/clues/{clue.code}/decide/", {"what": some, "status": "open", "reason": some})
    visitor.post("/filters/save/", {"page": "clues", "name": some, "severity": "H"})
    file = SimpleUploadedFile(f"{some}.csv", f"{some},{name(77)}\n".encode())
    visitor.post("/data/upload/", {"file": file})
    for work in Work.objects.filter(status=Work.WAITING):
        tasks.perform.func(work.code)
        visitor.get(f"/work/{work.code}/")

    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"{some} {name(77)}")

    with monkeypatch.context() as patch:
        patch.setattr("clew.web.clues.lists.lines", broken)
        assert visitor.get("/clues/").status_code == 500


def files_of(answer: HttpResponse) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(part).decode("utf-8", "replace") for part in book.namelist())


def stored(workspace: Workspace) -> str:
    """Every file of the workspace but the lake and what waits for its owner."""
    kept = {workspace.lake, workspace.quarantine}
    return "".join(
        f"{path.relative_to(workspace.home)} {path.read_bytes().decode('utf-8', 'replace')}"
        for path in sorted(workspace.home.rglob("*"))
        if path.is_file() and kept.isdisjoint(path.parents)
    )


def test_a_thousand_persons_leave_no_trace(
    office: Office, workspace: Workspace, tmp_path: Path, log: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.delenv("CLEW_DEBUG", raising=False)
    run = delivered(office, tmp_path / "sent")
    clues = list(Clue.objects.order_by("id"))
    assert len(clues) == PERSONS - BROKEN
    batch = Batch.objects.get(dataset="mi_settlement")
    assert batch.quarantined == BROKEN
    matter = office.opened([clues[0]])
    for code in ("an", "bo", "chen", "gu"):
        client = Client(raise_request_exception=False)
        client.force_login(office[code])
        visitor = Visitor(client)
        walk(visitor, run, clues[1], matter.code, batch.code)
        spoil(visitor, clues[2], monkeypatch)
        assert found(visitor.pages) == set(), code
        assert found(" ".join(visitor.addresses)) == set(), code
        for kind in ("xlsx", "csv"):
            form: dict[str, object] = {"kind": kind, "reason": f"核查 {number(5)}"}
            told = files_of(visitor.client.post("/clues/export/", form))
            assert found(told) == set(), (code, kind)
            if code == "an":
                assert told.count(clues[7].code) == 1
    assert "/clues/" in log.getvalue()
    assert found(log.getvalue()) == set()
    assert found(stored(workspace)) == set()
    for model in apps.get_models():
        rows = serializers.serialize("json", model._base_manager.all(), ensure_ascii=False)
        assert found(rows) == set(), model
