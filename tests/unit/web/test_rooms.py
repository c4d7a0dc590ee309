"""The other rooms: figures, the ledger, accounts, detectors, deliveries; what their lists cost."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from clew.accounts.models import Account
from clew.accounts.posts.actions import give_post
from clew.audit.actions import append
from clew.audit.models import Entry
from clew.datasets.models import Batch
from clew.declare import registry
from clew.detection import actions as detection
from clew.detection.models import Clue, Hit
from clew.kernel import clock
from clew.matters.money.actions import book
from clew.reports import queries
from clew.reports.models import Release
from clew.web.work.models import Work
from tests.conftest import TODAY
from tests.unit.conftest import Village
from tests.unit.matters.conftest import DOMAIN, Office, staffed
from tests.unit.web.conftest import Sign, verbs

More = Callable[[Office, int], None]


def sheets(content: bytes) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [list(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]


@pytest.fixture
def office(db: None, village: Village, tmp_path: Path) -> Office:
    """The office of the village, so that there are deliveries and a clue; its founder keeps the
    administrators' posts.
    """
    return staffed(village.by, tmp_path)


@pytest.fixture
def clue(office: Office, village: Village) -> Clue:
    detection.run(by=village.by, detectors=[registry.detector("MI-01")], overrides={})
    return Clue.objects.get()


def deliveries(office: Office, count: int) -> None:
    kept = Batch.objects.filter(dataset="mi_settlement")[0]
    for _ in range(count):
        number = Batch.objects.count()
        kept.pk, kept.code, kept.sha256 = None, f"copy{number}", f"{number:064d}"
        kept.quarantined, kept.duplicates, kept.accepted = 1, 0, kept.rows - 1
        kept.save()


def works(office: Office, count: int) -> None:
    for _ in range(count):
        Work.objects.create(
            code=f"w{Work.objects.count()}", kind=Work.DETECT, title="MI-01", argument={},
            by=office["an"], asked_at=clock.now(),
        )  # fmt: skip


def releases(office: Office, count: int) -> None:
    for _ in range(count):
        Release.objects.create(
            code=f"r{Release.objects.count()}", clues=["x"], places=[[DOMAIN, "330302"]],
            reason="核对", by=office["bo"], asked_at=clock.now(),
        )  # fmt: skip


def entries(office: Office, count: int) -> None:
    for _ in range(count):
        append(by=office["an"], verb="web.cancel_work", subject="x", facts={})


def accounts(office: Office, count: int) -> None:
    for n in range(count):
        made = Account.objects.create(
            code=f"a{Account.objects.count()}", name=f"{n}", department=office["an"].department
        )
        give_post(by=office.admin, account=made, role="operator", domain=DOMAIN,
                  department=made.department)  # fmt: skip


@pytest.mark.parametrize(
    ("page", "who", "more"),
    [
        ("/data/", "an", deliveries), ("/data/quarantine/", "an", deliveries),
        ("/work/", "an", works), ("/releases/", "chen", releases), ("/", "chen", releases),
        ("/ledger/", "he", entries), ("/people/", "he", accounts),
    ],
)  # fmt: skip
def test_lists_cost_the_same_however_long(
    office: Office, sign: Sign, page: str, who: str, more: More
) -> None:
    counts, lengths = [], []
    for count in (2, 17):
        more(office, count)
        client = sign(who)
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(page)
        assert answer.status_code == 200
        counts.append(len(asked))
        lengths.append(len(answer.content))
    assert counts[0] == counts[1], counts
    assert lengths[1] > lengths[0]  # they were listed


def test_every_figure_opens_the_rows_that_it_counts(
    office: Office, clue: Clue, sign: Sign
) -> None:
    matter = office.opened([clue])
    office.verifying(matter)
    office.go(matter, "file", "an", filed_on=TODAY.isoformat())
    office.confirm(matter)
    for kind, fen in (("due", 120_00), ("recovered", 70_00)):
        book(by=office["an"], matter=matter.code, kind=kind, fen=fen)
    client = sign("")
    brief = queries.brief(DOMAIN)
    page = client.get(f"/results/{DOMAIN}/brief/").content.decode()
    counted = 0
    for figure in brief.figures:
        assert figure.text.zh in page, figure.id
        answer = client.get(f"/results/{DOMAIN}/rows/{figure.id}/").content.decode()
        behind = queries.rows_behind(DOMAIN, figure.id)
        assert len(behind) == figure.rows
        counted += figure.rows
        for row in behind[:20]:
            assert queries.way_to(row["ref"])["code"] in answer, figure.id
    assert counted > 3
    sent = client.post(f"/results/{DOMAIN}/export/", {"kind": "xlsx", "reason": "汇报"})
    rows = sheets(sent.content)[0][1:]
    told = {str(row[0]): str(row[2]) for row in rows if len(row) > 2}
    assert {f.id: str(f.value) for f in brief.figures}.items() <= told.items()
    assert client.get(f"/results/{DOMAIN}/rows/nosuch/").status_code == 404
    assert sign("en").get(f"/results/{DOMAIN}/brief/").status_code == 403  # of one city only


def test_the_panel_counts_what_its_lists_show(office: Office, clue: Clue, sign: Sign) -> None:
    matter = office.opened([clue])
    book(by=office["an"], matter=matter.code, kind="due", fen=5_00)
    client = sign("en")
    panel = client.get("/results/").content.decode()
    assert "5.00" in panel
    assert f"/clues/?detector={clue.detector}" in panel
    assert "1 条疑似" in client.get(f"/clues/?detector={clue.detector}").content.decode()


def test_the_ledger_is_filtered_read_and_verified(office: Office, sign: Sign) -> None:
    entries(office, 3)
    client = sign("he")
    page = client.get("/ledger/?verb=web.cancel_work&actor=an").content.decode()
    assert "3 条" in page
    assert "0 条" in client.get("/ledger/?verb=web.cancel_work&actor=bo").content.decode()
    last = Entry.objects.order_by("-seq")[0]
    one = client.get(f"/ledger/{last.seq}/").content.decode()
    assert last.hash in one
    assert last.prev in one
    assert client.get("/ledger/999999/").status_code == 404
    assert "核验通过" in client.post("/ledger/verify/", follow=True).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET actor = 'bo' WHERE seq = %s", [last.seq])
    broken = client.post("/ledger/verify/").content.decode()
    assert "核验未通过" in broken
    assert f'href="/ledger/{last.seq}/"' in broken
    assert "said-success" not in broken


def test_an_account_is_made_given_a_post_and_stopped(office: Office, sign: Sign) -> None:
    client = sign("")
    before = len(verbs())
    client.post("/people/create/", {"code": "xin", "name": "新", "department": "insurance"})
    given = {"role": "operator", "department": "insurance", "domain": DOMAIN, "division": "330302"}
    client.post("/people/xin/post/", given)
    client.post("/people/xin/password/", {"password": "long-enough-for-all"})
    page = client.get("/people/xin/").content.decode()
    assert "经办" in page
    made = Account.objects.get(code="xin")
    assert made.check_password("long-enough-for-all")
    assert client.post("/people/xin/deactivate/", {"reason": ""}).status_code == 400
    client.post("/people/xin/deactivate/", {"reason": "离岗"})
    client.post("/people/xin/activate/")
    (post,) = made.posts.all()
    client.post(f"/people/posts/{post.code}/end/", {"reason": "调岗"})
    assert verbs()[before:] == [
        "accounts.create_account", "accounts.give_post", "accounts.set_password",
        "accounts.record_refusal", "accounts.deactivate", "accounts.activate",
        "accounts.end_post",
    ]  # fmt: skip
    post.refresh_from_db()
    assert post.until == TODAY
    assert client.get("/people/nosuch/").status_code == 404


def test_a_parameter_shows_what_changes(office: Office, clue: Clue, sign: Sign) -> None:
    client = sign("")  # a parameter is for the whole domain
    listed = client.get("/detectors/").content.decode()
    assert 'href="/detectors/MI-01/"' in listed
    page = client.get("/detectors/MI-01/").content.decode()
    assert "param-grace_days" in page
    unchanged = client.post("/detectors/MI-01/whatif/", {})
    assert unchanged.status_code == 400
    told = client.post("/detectors/MI-01/whatif/", {"param-h_services": "1"}).content.decode()
    assert clue.code in told
    assert "变化" in told
    for wrong in ("x", "300", "-1"):
        form = {"param-grace_days": wrong}
        assert client.post("/detectors/MI-01/whatif/", form).status_code == 400
    assert Hit.objects.get().severity != "H"  # nothing of it is kept
    assert sign("an").post("/detectors/MI-01/whatif/", form).status_code == 403


def test_a_delivery_is_shown_decided_and_its_template_opens(
    office: Office, village: Village, sign: Sign
) -> None:
    client, code = sign("an"), village.batch("mi_settlement")
    page = client.get(f"/data/batches/{code}/").content.decode()
    batch = Batch.objects.get(code=code)
    assert batch.rows == batch.accepted + batch.quarantined + batch.duplicates
    assert f"行数: {batch.rows}<" in page
    for form in ({}, {"what": "confirm"}, {"what": "retract"}):
        before = len(verbs())
        assert client.post(f"/data/batches/{code}/decide/", form).status_code in (400, 409)
        assert len(verbs()) == before + 1
    client.post(f"/data/batches/{code}/decide/", {"what": "retract", "reason": "错送"})
    batch.refresh_from_db()
    assert batch.status == Batch.WITHDRAWN
    sent = client.get("/data/datasets/mi_settlement/template/")
    told = {str(cell) for sheet in sheets(sent.content) for row in sheet for cell in row}
    columns = registry.dataset("mi_settlement").columns
    assert {c.title.zh for c in columns.values() if c.required} <= told
