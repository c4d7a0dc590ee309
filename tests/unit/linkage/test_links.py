"""Links over deliveries: found, withdrawn, decided, frozen, and never more than the rows say."""

from __future__ import annotations

from datetime import date

import pytest

from clew.accounts.models import Account
from clew.audit.models import Entry
from clew.declare import registry
from clew.detection import inputs
from clew.kernel.errors import InputError, NotFound
from clew.kernel.keys import person_key
from clew.kernel.workspace import Workspace
from clew.linkage import actions, presenters, queries, snapshot
from clew.linkage.models import Link
from tests.unit.linkage.conftest import (
    CERTIFICATES,
    REGISTER,
    SETTLEMENTS,
    Give,
    bill,
    digit,
    letter,
    number,
    swapped,
)

AN, BO, CHEN = number(805), number(850), number(911, "19501231")
pytestmark = pytest.mark.django_db


def key(text: str) -> int:
    return person_key(Workspace.current().key, "01", text)


@pytest.fixture
def register(give: Give) -> None:
    give("人口信息.csv", REGISTER, (AN, "安一", "安旧"), (BO, "卜二", ""), (CHEN, "陳三", ""))


def linked(by: Account) -> dict[int, int]:
    """Sheet row → person, after looking anew."""
    actions.repair(by=by)
    return {x.row_id & 0xFFFFFFFF: x.person for x in Link.objects.all()}


def test_what_is_linked_and_what_is_not(give: Give, register: None, account: Account) -> None:
    give(
        "结算信息.csv", SETTLEMENTS,
        bill("S1", letter(AN, 15), "安一"),
        bill("S2", swapped(BO, 14), "卜二", "1968-03-12"),
        bill("S3", digit(CHEN, 16), "陈三"),
        bill("S4", digit(AN, 9), "安 旧", "1968年3月12日"),
        bill("S5", letter(AN, 15), "别人"),
        bill("S6", letter(AN, 15), "安一", "1990-01-01"),
        bill("S7", letter(number(910), 16), "安一"),
        bill("S8", digit(AN, 9), "安一"),
        bill("S9", digit(digit(AN, 14), 15), "安一"),
        bill("S10", AN, "安一"),
        bill("S11", "不详", "安一"),
        bill("S12", letter(AN, 15), ""),
    )  # fmt: skip
    assert linked(account) == {2: key(AN), 3: key(BO), 4: key(CHEN), 5: key(AN)}
    link = Link.objects.first()
    assert link is not None and (link.tier, link.method, link.column) == (
        "T2", "repair-1", "certno",
    )  # fmt: skip
    assert AN not in str(link.evidence) and "安一" not in str(link.evidence)


def test_looking_again_changes_nothing_and_says_nothing(
    give: Give, register: None, account: Account
) -> None:
    give("结算信息.csv", SETTLEMENTS, bill("S1", letter(AN, 15), "安一"))
    assert actions.repair(by=account) == actions.Repaired(1, 0, 1)
    code, before = Link.objects.get().code, Entry.objects.count()
    assert actions.repair(by=account) == actions.Repaired(0, 0, 1)
    assert (Link.objects.get().code, Entry.objects.count()) == (code, before)
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.facts) == (
        "linkage.repair", {"found": 1, "withdrawn": 0, "standing": 1},
    )  # fmt: skip


def test_a_number_known_later_links_and_a_second_one_unlinks(
    give: Give, account: Account
) -> None:
    typed = digit(AN, 17) if AN[17] != "X" else AN[:17] + "0"
    give("结算信息.csv", SETTLEMENTS, bill("S1", typed, "安一"))
    assert linked(account) == {}
    give("人口信息.csv", REGISTER, (AN, "安一", ""))
    assert linked(account) == {2: key(AN)}
    twin = next(
        n for n in (number(s) for s in range(800, 996)) if n != AN and n[17] == typed[17]
        and sum(a != b for a, b in zip(n, typed, strict=True)) == 1
    )  # fmt: skip
    give("人口信息_二.csv", REGISTER, (twin, "别人", ""))
    assert actions.repair(by=account) == actions.Repaired(0, 1, 0)


def test_a_corrected_row_needs_no_link(give: Give, register: None, account: Account) -> None:
    give("结算信息.csv", SETTLEMENTS, bill("S1", letter(AN, 15), "安一"))
    assert linked(account) == {2: key(AN)}
    give("结算信息_更正.csv", SETTLEMENTS, bill("S1", AN, "安一"))
    assert linked(account) == {}


def test_a_person_decides_and_may_decide_otherwise(
    give: Give, register: None, account: Account
) -> None:
    give("结算信息.csv", SETTLEMENTS, bill("S1", letter(AN, 15), "安一"))
    actions.repair(by=account)
    code = Link.objects.get().code
    workspace = Workspace.current()
    first = snapshot.write(workspace)
    assert first == snapshot.write(workspace)
    for verdict, rows in (("not_same", 0), ("unsure", 1), ("same", 1)):
        link = actions.decide(by=account, link=code[:6], verdict=verdict, reason=f"看过 {AN}")
        assert (link.verdict, link.decided_by, link.reason) == (verdict, account, "看过 ***")
        assert actions.repair(by=account).standing == 1
        usable = snapshot.usable(queries.standing())
        assert len(usable) == rows
        assert [r["tier"] for r in usable] == ["T1" if verdict == "same" else "T2"] * rows
    entry = Entry.objects.order_by("-seq")[0]
    assert entry.facts == {"verdict": "same", "before": "unsure", "reason": "看过 ***"}
    for wrong in (("maybe", "x"), ("same", " ")):
        with pytest.raises(InputError):
            actions.decide(by=account, link=code, verdict=wrong[0], reason=wrong[1])
    with pytest.raises(NotFound):
        actions.decide(by=account, link="nosuch", verdict="same", reason="x")


def test_a_run_freezes_the_links_it_read(give: Give, register: None, account: Account) -> None:
    datasets = registry.pack("medical_insurance").datasets
    assert inputs.LINKS not in inputs.freeze(datasets, date(2023, 10, 31)).frozen
    give("结算信息.csv", SETTLEMENTS, bill("S1", letter(AN, 15), "安一"))
    actions.repair(by=account)
    frozen = inputs.freeze(datasets, date(2023, 10, 31))
    ((path, digest),) = frozen.frozen[inputs.LINKS].files
    assert digest in path and path.startswith("lake/")
    inputs.verify(frozen, Workspace.current())
    actions.decide(by=account, link=Link.objects.get().code, verdict="not_same", reason="看过")
    assert inputs.LINKS not in inputs.freeze(datasets, date(2023, 10, 31)).frozen
    give("结算信息_二.csv", SETTLEMENTS, bill("S2", AN, "安一"))
    inputs.verify(frozen, Workspace.current())


def test_two_persons_for_one_cell_count_only_by_a_person_s_word() -> None:
    def link(person: int, verdict: str | None = None) -> Link:
        return Link(row_id=1, column="certno", person=person, tier="T2", verdict=verdict)

    assert snapshot.usable([link(1), link(2)]) == []
    (row,) = snapshot.usable([link(1), link(2, Link.SAME)])
    assert (row["person"], row["tier"]) == (2, "T1")
    assert snapshot.usable([link(1, Link.SAME), link(2, Link.SAME)]) == []


def test_counts_and_sentences(give: Give, register: None, account: Account) -> None:
    give(
        "死亡医学证明.csv", CERTIFICATES,
        ("C1", letter(AN, 15), "安一", "2023-03-01", "1968-03-12"),
        ("C2", BO, "卜二", "2023-03-02", ""),
        ("C3", CHEN, "另一人", "2023-03-02", ""),
    )  # fmt: skip
    actions.repair(by=account)
    (pair,) = queries.links()
    assert (pair.a, pair.b) == ("death_health", "police_person")
    assert (pair.agreeing, pair.conflicting, pair.repaired) == (1, 1, 1)
    (link,) = queries.repaired_links()
    why = presenters.why(link)
    assert "第 16 位是字母" in why.zh and "police_person" in why.zh and "本行所载" in why.zh
    assert "place 16" in why.en and "that of the row" in why.en
    assert presenters.verdict(link).en == "undecided"


def test_conflicts_of_both_kinds(give: Give, account: Account) -> None:
    twin = number(870)
    give("人口信息.csv", REGISTER, (AN, "安一", ""), (twin, "安一", ""), (BO, "卜二", "卜旧"))
    give(
        "死亡医学证明.csv", CERTIFICATES,
        ("C1", AN, "别名", "2023-03-01", ""), ("C2", BO, "卜旧", "2023-03-01", ""),
        ("C3", CHEN, "安一", "2023-03-01", ""),
    )  # fmt: skip
    found = queries.conflicts()
    assert [c.kind for c in found] == ["two names", "two documents"]
    names, documents = found
    assert {m.person for m in names.mentions} == {key(AN)}
    assert {m.name for m in names.mentions} == {"安一", "别名"}
    assert {m.person for m in documents.mentions} == {key(AN), key(twin)}
    assert {m.name for m in documents.mentions} == {"安一"}
    assert queries.conflicts(limit=0) == []


def test_nothing_held_nothing_linked(account: Account) -> None:
    assert actions.repair(by=account) == actions.Repaired(0, 0, 0)
    assert queries.conflicts() == [] and queries.links() == []
