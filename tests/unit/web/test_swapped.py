"""Codes of what lies elsewhere, put into every address; a ledger that cannot be written."""

from __future__ import annotations

import os
import re
import sys
from itertools import cycle, islice

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clew.accounts import actions as accounts
from clew.accounts.models import Department
from clew.accounts.posts.actions import give_post
from clew.audit.actions import append
from clew.audit.models import Entry
from clew.detection.models import Clue, Mark, Verdict
from clew.kernel.errors import StoreError
from clew.matters.models import Matter, Money
from clew.matters.opening.actions import open_matter
from tests.unit.matters.conftest import DOMAIN, Office
from tests.unit.web.conftest import Sign, on_the_run
from tests.unit.web.test_matrix import ROUTES, address

SWAPS = 10_000 if os.environ.get("CLEW_SOAK") == "1" else 400
ELSEWHERE = 20
CODE = "zzzzzzzzzzzzzzzz"
CODES = r"(?<=^/clues/)[^/]+|(?<=^/matters/)[^/]+"


def far_away(office: Office) -> tuple[list[Clue], list[Matter]]:
    """Clues and matters of another city, with an officer of that city."""
    clues = on_the_run(office, ELSEWHERE, division="110101")
    insurance = Department.objects.get(code="insurance")
    other = accounts.create_account(
        by=office.admin, code="yi", name="yi", department=insurance
    )
    give_post(by=office.admin, account=other, role="operator", department=insurance,
              domain=DOMAIN, division="1101")  # fmt: skip
    half = clues[: ELSEWHERE // 2]
    return clues, [open_matter(by=other, clues=[c.code]) for c in half]


def asks(clues: list[Clue], matters: list[Matter]) -> list[tuple[str, str]]:
    """Every address that names a clue or a matter, with the code of each that lies elsewhere."""
    found = []
    for route in ROUTES:
        path = address(route)
        kind = path.split("/")[1]
        codes = {"clues": clues, "matters": matters}.get(kind, [])
        if CODE in path:
            found += [
                (method, path.replace(CODE, each.code, 1))
                for each in codes for method in route.methods
            ]  # fmt: skip
    return found


@pytest.mark.soak
def test_swapped_codes_open_nothing(office: Office, sign: Sign) -> None:
    clues, matters = far_away(office)
    secrets_ = [c.subject_key for c in clues] + [m.number for m in matters]
    stood = [Mark.objects.count(), Verdict.objects.count(), Money.objects.count()]
    states = list(Matter.objects.order_by("id").values_list("state", flat=True))
    wanted = asks(clues, matters)
    assert len({path.split("/")[3] for _, path in wanted}) > 20  # steps of clues and of matters
    clients = [sign(code) for code in ("an", "chen", "en")]
    seen: dict[tuple[str, str], set[int]] = {}
    for number, (method, path) in enumerate(islice(cycle(wanted), SWAPS)):
        before = Entry.objects.count()
        answer = clients[number % len(clients)].generic(method, path)
        # 400: a form with nothing in it is refused whatever code it is sent to.
        assert answer.status_code in (400, 403, 404), (method, path, answer.status_code)
        seen.setdefault((method, re.sub(CODES, CODE, path)), set()).add(answer.status_code)
        assert Entry.objects.count() == before + 1, (method, path)
        text = answer.content.decode()
        assert not [s for s in secrets_ if s in text], (method, path)
    for (method, path), statuses in seen.items():
        nobody = {client.generic(method, path).status_code for client in clients}
        assert statuses <= nobody, (method, path)  # as where nothing bears the code
    assert stood == [Mark.objects.count(), Verdict.objects.count(), Money.objects.count()]
    assert states == list(Matter.objects.order_by("id").values_list("state", flat=True))


def test_lists_counts_and_files_hold_nothing_of_elsewhere(
    office: Office, sign: Sign
) -> None:
    clues, matters = far_away(office)
    (own,) = on_the_run(office, 1)
    Clue.objects.update(last_run=own.last_run)
    secrets_ = [c.code for c in clues] + [m.code for m in matters] + [m.number for m in matters]
    client = sign("an")
    for page in ("/", "/clues/", "/clues/triage/", "/clues/groups/", "/clues/week/", "/matters/",
                 "/matters/board/", "/results/"):  # fmt: skip
        text = client.get(page).content.decode()
        assert not [s for s in secrets_ if s in text], page
    assert "1 条疑似" in client.get("/clues/").content.decode()
    for what in ("clues", "matters"):
        sent = client.post(f"/{what}/export/", {"kind": "csv", "reason": "核对"})
        assert not [s for s in secrets_ if s in sent.content.decode("utf-8-sig")], what
    for secret in secrets_:
        assert client.post("/search/", {"q": secret}).status_code == 404
    bulk = {"clue": [c.code for c in clues], "what": "accepted"}
    client.post("/clues/bulk/", bulk)
    assert not Mark.objects.exists()


def test_nothing_is_changed_or_shown_in_clear_without_the_ledger(
    office: Office, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = on_the_run(office, 2)
    matter = office.opened([one])
    client = sign("an")

    def broken(**_: object) -> None:
        raise StoreError("台账不可写 (the ledger cannot be written)", next_step="检查磁盘")

    stood = [Verdict.objects.count(), Mark.objects.count(), Money.objects.count(),
             Entry.objects.count(), Matter.objects.count()]  # fmt: skip
    writers = [m for name, m in sys.modules.items()
               if name.startswith("clew.") and getattr(m, "append", None) is append]  # fmt: skip
    assert len(writers) > 10
    for module in writers:
        monkeypatch.setattr(module, "append", broken)
    paper = SimpleUploadedFile("a.txt", b"text")
    for path, form in (
        (f"/clues/{two.code}/decide/", {"what": "confirm", "status": "open", "reason": "看过"}),
        (f"/clues/{two.code}/mark/", {"kind": "accepted"}),
        (f"/clues/{two.code}/clear/", {"reason": "核对身份"}),
        ("/clues/export/", {"kind": "csv", "reason": "核对"}),
        ("/matters/open/", {"clue": two.code}),
        (f"/matters/{matter.code}/book/", {"kind": "due", "yuan": "1", "reason": "应追"}),
        (f"/matters/{matter.code}/attach/", {"kind": "other", "paper": paper}),
        ("/filters/save/", {"page": "clues", "name": "高", "severity": "H"}),
    ):
        answer = client.post(path, form)
        assert answer.status_code in (500, 503), (path, answer.status_code)
        assert "attachment" not in answer.get("Content-Disposition", ""), path
    assert not office["an"].filters.exists()
    assert stood == [Verdict.objects.count(), Mark.objects.count(), Money.objects.count(),
                     Entry.objects.count(), Matter.objects.count()]  # fmt: skip
