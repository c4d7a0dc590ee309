"""The pages on which an officer works: what they show, refuse, write down, and what it costs."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clew.declare import registry
from clew.detection.models import Clue, Hit, Verdict
from clew.detection.triage.week import week
from clew.matters.models import Matter, Money
from tests.unit.matters.conftest import Office
from tests.unit.web.conftest import Sign, on_the_run, verbs

NASTY = '<script>alert("x")</script>=1+1'


@pytest.mark.parametrize("page", ["/clues/", "/clues/triage/", "/clues/groups/"])
def test_lists_of_clues_cost_the_same_however_long(office: Office, sign: Sign, page: str) -> None:
    counts = []
    for more in (1, 19):
        made = on_the_run(office, more)
        Clue.objects.update(last_run=made[0].last_run)
        client = sign("an")
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


@pytest.mark.parametrize("page", ["/", "/matters/", "/matters/board/"])
def test_lists_of_matters_cost_the_same_however_long(
    office: Office, sign: Sign, page: str
) -> None:
    counts = []
    for more in (1, 14):
        for clue in on_the_run(office, more):
            office.opened([clue])
        client = sign("an")
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


def test_nothing_typed_comes_alive(office: Office, sign: Sign) -> None:
    (clue,) = on_the_run(office, 1)
    client = sign("an")
    form = {"what": "confirm", "status": "open", "reason": NASTY}
    client.post(f"/clues/{clue.code}/decide/", form)
    matter = office.opened([clue])
    client.post(
        f"/matters/{matter.code}/attach/",
        {"kind": "other", "paper": SimpleUploadedFile(f"{NASTY}.txt", b"text")},
    )
    form = {"kind": "due", "yuan": "1", "reason": NASTY}
    assert client.post(f"/matters/{matter.code}/book/", form).status_code == 302
    for page in (f"/clues/{clue.code}/", f"/matters/{matter.code}/"):
        text = client.get(page).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_a_verdict_given_meanwhile_is_told(office: Office, sign: Sign) -> None:
    (clue,) = on_the_run(office, 1)
    form = {"status": "open", "reason": "看过"}
    path = f"/clues/{clue.code}/decide/"
    assert sign("an").post(path, form | {"what": "confirm"}).status_code == 302
    before = len(verbs())
    answer = sign("bo").post(path, form | {"what": "rebut", "code": "LAWFUL"})
    assert answer.status_code == 409
    assert "已由他人改判" in answer.content.decode()
    assert Verdict.objects.count() == 1
    assert verbs()[before:] == ["accounts.record_refusal"]


def test_a_verdict_on_nothing_seen_is_refused(office: Office, sign: Sign) -> None:
    (clue,) = on_the_run(office, 1)
    form = {"what": "confirm", "reason": "没说看到的是什么状态"}
    assert sign("an").post(f"/clues/{clue.code}/decide/", form).status_code == 409
    assert not Verdict.objects.exists()


def test_the_last_step_of_triage_is_undone(office: Office, sign: Sign) -> None:
    (clue,) = on_the_run(office, 1)
    client, page = sign("an"), "/clues/triage/"
    undo = 'data-key="u"'
    assert undo not in client.get(page).content.decode()
    client.post(f"/clues/{clue.code}/mark/", {"kind": "accepted"})
    assert 'value="cleared"' in client.get(page).content.decode()
    client.post(f"/clues/{clue.code}/mark/", {"kind": "cleared"})
    assert undo not in client.get(page).content.decode()
    form = {"what": "rebut", "status": "open", "code": "LAWFUL", "reason": "看过"}
    assert client.post(f"/clues/{clue.code}/decide/", form).status_code == 302
    shown = client.get(page).content.decode()
    assert undo in shown
    assert 'value="reopen"' in shown
    assert undo not in sign("bo").get(page).content.decode()
    client.post(f"/clues/{clue.code}/decide/",
                {"what": "reopen", "status": "rebutted", "reason": "误按"})  # fmt: skip
    clue.refresh_from_db()
    assert clue.status == Clue.OPEN
    assert undo not in client.get(page).content.decode()


def test_what_a_colleague_put_aside_is_not_offered(office: Office, sign: Sign) -> None:
    (clue,) = on_the_run(office, 1)
    assert clue.code in sign("bo").get("/clues/triage/").content.decode()
    sign("an").post(f"/clues/{clue.code}/mark/", {"kind": "accepted"})
    assert clue.code in sign("an").get("/clues/triage/").content.decode()
    assert clue.code not in sign("bo").get("/clues/triage/").content.decode()


def test_clues_by_focus(office: Office, sign: Sign) -> None:
    declared = next(d for d in registry.detectors().values() if d.focus)
    made, client = on_the_run(office, 3), sign("an")
    run = made[0].last_run
    run.results, run.versions = [{"id": declared.id, "status": "ran"}], {declared.id: 1}
    run.save()
    Clue.objects.update(last_run=run, detector=declared.id)
    Hit.objects.update(run=run)
    other = {f for d in registry.detectors().values() for f in d.focus} - set(declared.focus)
    for area, count in ((declared.focus[0], 3), (sorted(other)[0], 0)):
        assert f"{count} 条疑似" in client.get(f"/clues/?focus={area}").content.decode()


def test_clues_by_confidence_and_by_amount(
    office: Office, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A detector whose clues were rebutted time and again is believed less, whatever is at stake.
    """
    client, doubtful = sign("an"), on_the_run(office, 31, fund=900_00)
    trusted = on_the_run(office, 2)
    Clue.objects.filter(pk__in=[c.pk for c in doubtful[1:]]).update(status=Clue.REBUTTED)
    run = trusted[0].last_run
    run.results, run.versions = [{"id": "MI-05", "status": "ran"}], {"MI-05": 1}
    run.save()
    Clue.objects.filter(pk__in=[c.pk for c in trusted]).update(detector="MI-05")
    codes = [c.code for c in (doubtful[0], *trusted)]

    def order(sort: str) -> tuple[list[str], list[str]]:
        page = client.get(f"/clues/?status=open&sort={sort}").content.decode()
        form = {"kind": "csv", "reason": "核对"}
        file = client.post(f"/clues/export/?status=open&sort={sort}", form)
        text = file.content.decode("utf-8-sig")
        return sorted(codes, key=page.index), sorted(codes, key=text.index)

    by_amount, by_confidence = order("amount"), order("confidence")
    assert by_amount[0] == by_amount[1]
    assert by_amount[0][0] == doubtful[0].code
    assert by_confidence[0] == by_confidence[1] == [*sorted(codes[1:]), codes[0]]
    monkeypatch.setattr("clew.web.clues.lists.WEIGHED", 2)
    refused = client.get("/clues/?sort=confidence")
    assert refused.status_code == 409
    assert "先按模型" in refused.content.decode()


def test_a_week_is_planned_for_the_officers_there_are(office: Office, sign: Sign) -> None:
    made = on_the_run(office, 3, fund=100_000_00)
    Clue.objects.update(last_run=made[0].last_run)
    Hit.objects.filter(clue=made[2]).update(fund=200_000_00)
    office.opened([made[0]])
    page = sign("an").get("/clues/week/").content.decode()
    assert made[0].code not in page  # somebody has it in hand
    assert page.index(made[2].code) < page.index(made[1].code)  # the more at stake, the sooner
    plan = week(officers=4, days=5, hits=[h for h in Hit.objects.all() if h.clue != made[0]])
    assert f"{plan.capacity} 小时可用, 已排 {plan.used}" in page
    assert plan.used == sum(item.hours for item in plan.chosen) > 0
    few = sign("an").get("/clues/week/?officers=1&days=1").content.decode()
    assert "两人以上" in few
    for query in ("officers=0", "officers=x", "days=9999"):
        assert sign("an").get(f"/clues/week/?{query}").status_code == 400


def test_matters_are_found_by_title_and_by_number(office: Office, sign: Sign) -> None:
    first, second = (office.opened([c]) for c in on_the_run(office, 2))
    client = sign("an")
    assert client.post("/search/", {"q": first.number})["Location"] == f"/matters/{first.code}/"
    both = client.post("/search/", {"q": first.number[:4]}).content.decode()
    assert first.number in both
    assert second.number in both


def test_what_lies_elsewhere_is_not_there(office: Office, sign: Sign) -> None:
    (clue,) = on_the_run(office, 1, division="110101")  # another city
    client = sign("an")
    for method, path in (
        ("GET", ""), ("GET", "tested/"), ("POST", "mark/"), ("POST", "decide/"), ("POST", "clear/"),
    ):  # fmt: skip
        before = len(verbs())
        answer = client.generic(method, f"/clues/{clue.code}/{path}")
        assert answer.status_code == 404, path
        assert verbs()[before:] == ["accounts.record_refusal"]
    assert clue.code not in client.get("/clues/").content.decode()
    assert "0 条疑似" in client.get("/clues/").content.decode()


def test_a_matter_is_opened_and_what_may_not_be_taken_is_named(office: Office, sign: Sign) -> None:
    mine, held, far = (*on_the_run(office, 2), *on_the_run(office, 1, division="110101"))
    office.opened([held])
    client = sign("an")
    query = "&".join(f"clue={c.code}" for c in (mine, held, far))
    page = client.get(f"/matters/open/?{query}").content.decode()
    assert page.count('type="hidden" name="clue"') == 1
    assert held.code in page
    before = len(verbs())
    answer = client.post("/matters/open/", {"clue": mine.code})
    made = Matter.objects.latest("id")
    assert answer["Location"] == f"/matters/{made.code}/"
    assert verbs()[before:] == ["matters.open"]
    again = client.post("/matters/open/", {"clue": mine.code})
    assert again.status_code == 409
    assert verbs()[-1] == "matters.refuse"
    assert verbs()[before:].count("matters.refuse") == 1
    assert "accounts.record_refusal" not in verbs()[before:]


def test_a_stale_form_moves_nothing(office: Office, sign: Sign) -> None:
    (clue,) = on_the_run(office, 1)
    matter = office.opened([clue])
    office.verifying(matter)
    form = {"transition": "screen", "state": "FOUND"}
    answer = sign("an").post(
        f"/matters/{matter.code}/advance/", form, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#notice"
    matter.refresh_from_db()
    assert matter.state == "VERIFYING"


def test_money_is_booked_reversed_and_written_off_by_two(office: Office, sign: Sign) -> None:
    (clue,) = on_the_run(office, 1)
    matter = office.opened([clue])
    client, path = sign("an"), f"/matters/{matter.code}"
    for kind, yuan in (("due", "1,000.50"), ("recovered", "壹佰元")):
        assert client.post(f"{path}/book/", {"kind": kind, "yuan": yuan}).status_code == 302
    assert sorted(Money.objects.values_list("fen", flat=True)) == [10000, 100050]
    for wrong in ("", "-5", "many", "0"):
        assert client.post(f"{path}/book/", {"kind": "due", "yuan": wrong}).status_code == 400
    assert Money.objects.count() == 2
    entry = Money.objects.get(kind="recovered")
    client.post(f"{path}/reverse/", {"entry": entry.code, "reason": "误记"})
    assert sum(Money.objects.filter(kind="recovered").values_list("fen", flat=True)) == 0
    client.post(f"{path}/write-off/", {"yuan": "500", "reason": "注销"})
    request = matter.requests.get()
    form = {"request": request.code, "granted": "yes", "reason": "同意"}
    assert client.post(f"{path}/approve/", form).status_code in (403, 409)  # nobody approves alone
    assert sign("chen").post(f"{path}/approve/", form).status_code == 302
    assert Money.objects.get(kind="written_off").fen == 50000


@pytest.mark.parametrize(
    ("name", "content"),
    [("图.png", b"MZ no picture"), ("程序.exe", b"MZ"), ("空.pdf", b""), ("宏.docm", b"PK\x03")],
)
def test_papers_that_are_not_taken(
    office: Office, sign: Sign, name: str, content: bytes
) -> None:
    (clue,) = on_the_run(office, 1)
    matter = office.opened([clue])
    before = len(verbs())
    answer = sign("an").post(
        f"/matters/{matter.code}/attach/",
        {"kind": "other", "paper": SimpleUploadedFile(name, content)},
    )
    assert answer.status_code == 400, answer.content.decode()[-600:]
    assert not matter.papers.exists()
    assert verbs()[before:] == ["matters.refuse"]


def test_a_paper_is_a_download_and_its_reading_is_written_down(office: Office, sign: Sign) -> None:
    (clue,) = on_the_run(office, 1)
    matter = office.opened([clue])
    client = sign("an")
    file = SimpleUploadedFile("../../etc/笔录.txt", "内容".encode())
    client.post(f"/matters/{matter.code}/attach/", {"kind": "other", "paper": file})
    paper = matter.papers.get()
    before = len(verbs())
    answer = client.get(f"/matters/{matter.code}/papers/{paper.code}/")
    assert b"".join(answer.streaming_content).decode() == "内容"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert ".." not in answer["Content-Disposition"]
    assert verbs()[before:] == ["matters.read_paper"]


def test_persons_are_masked_and_in_clear_only_with_a_reason(office: Office, sign: Sign) -> None:
    (clue,) = on_the_run(office, 1)
    client = sign("an")
    before = len(verbs())
    assert client.post(f"/clues/{clue.code}/clear/", {"reason": " "}).status_code == 409
    assert client.post(f"/clues/{clue.code}/clear/", {"reason": "核对身份"}).status_code == 200
    assert verbs()[before:] == ["accounts.record_refusal", "accounts.unmask"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_both_languages_are_whole(office: Office, sign: Sign, language: str) -> None:
    (clue,) = on_the_run(office, 1)
    matter = office.opened([clue])
    client = sign("an")
    client.cookies["clew_language"] = language
    for page in ("/", "/clues/", f"/clues/{clue.code}/", f"/matters/{matter.code}/", "/matters/"):
        text = client.get(page).content.decode()
        assert f'lang="{language}"' in text
        words = ("Clues", "Matters") if language == "en" else ("线索", "事项")
        assert all(word in text for word in words), page


def test_filters_are_kept_for_oneself_without_what_was_typed(office: Office, sign: Sign) -> None:
    client, before = sign("an"), len(verbs())
    form = {"page": "clues", "name": "高级别", "severity": "H", "division": "330302",
            "q": "330302194912310012"}  # fmt: skip
    answer = client.post("/filters/save/", form)
    assert answer["Location"] == "/clues/?severity=H&division=330302"
    assert verbs()[before:] == ["accounts.save_filter"]
    assert "高级别" in client.get("/clues/").content.decode()
    assert "高级别" not in sign("bo").get("/clues/").content.decode()
    client.post("/filters/save/", form | {"severity": "M"})  # the same name replaces
    (kept,) = office["an"].filters.all()
    assert kept.query == "severity=M&division=330302"
    assert sign("bo").post(f"/filters/{kept.code}/forget/").status_code == 404
    assert client.post(f"/filters/{kept.code}/forget/", {"page": "clues"}).status_code == 302
    assert not office["an"].filters.exists()


@pytest.mark.parametrize(
    "form",
    [{"page": "ledger", "name": "x", "status": "open"}, {"page": "clues", "name": "x"},
     {"page": "clues", "name": " ", "status": "open"},
     {"page": "clues", "name": "x", "status": "<script>"}],
)  # fmt: skip
def test_filters_that_are_none(office: Office, sign: Sign, form: dict[str, str]) -> None:
    assert sign("an").post("/filters/save/", form).status_code == 400
    assert not office["an"].filters.exists()
