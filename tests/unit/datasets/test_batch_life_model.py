"""Whatever is delivered, sent again, retracted and superseded: the live rows are what a plain
reading of the rules says, as if no withdrawn batch had ever come.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clew.accounts.models import Account
from clew.datasets import actions, places, queries
from clew.datasets.ingest.deliver import Request, deliver
from clew.datasets.models import Batch, LakeFile
from clew.kernel import clock
from clew.kernel.workspace import HOME_VARIABLE, Workspace
from tests.unit.datasets.conftest import csv_text, live_rows, settlement
from tests.workspaces import people

Row = tuple[int, int, str]
"""Number of the settlement, yuan paid, day of upload or nothing."""

ROWS = st.lists(
    st.tuples(
        st.integers(1, 3), st.integers(1, 2), st.sampled_from(["", "2023-02-01", "2023-02-02"])
    ),
    min_size=1,
    max_size=4,
)
SOAK = os.environ.get("CLEW_SOAK") == "1"


@dataclass
class Told:
    """A delivery as the model knows it."""

    rows: list[Row]
    batch: str
    gone: bool = False
    text: str = field(default="", repr=False)


def within_file(rows: list[Row]) -> dict[int, Row]:
    """One row a key: the latest by its own time, else the later line."""
    kept: dict[int, Row] = {}
    for row in rows:
        before = kept.get(row[0])
        if before is None or _not_older(row, before):
            kept[row[0]] = row
    return kept


def _not_older(row: Row, before: Row) -> bool:
    return (row[2] != "", row[2]) >= (before[2] != "", before[2])


def live_view(deliveries: list[Told]) -> dict[int, Row]:
    live: dict[int, Row] = {}
    for told in deliveries:
        if told.gone:
            continue
        for key, row in within_file(told.rows).items():
            held = live.get(key)
            too_old = held is not None and held[2] and row[2] and row[2] < held[2]
            if not too_old:
                live[key] = row
    return live


class BatchLife(RuleBasedStateMachine):
    by: Account
    folder: tempfile.TemporaryDirectory[str]

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="clew-life-")
        self.home_before = os.environ[HOME_VARIABLE]
        home = Path(self.folder.name, "city")
        Workspace.create(home, seed=1, today=clock.today())
        os.environ[HOME_VARIABLE] = str(home)
        self.told: list[Told] = []
        self.sent = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            os.environ[HOME_VARIABLE] = self.home_before
            self.folder.cleanup()

    def send(self, text: str, rows: list[Row], supersedes: str = "") -> Told | None:
        self.sent += 1
        path = Path(self.folder.name, f"结算信息{self.sent}.csv")
        path.write_text(text, encoding="utf-8")
        (receipt,) = deliver(Request(path, supersedes=supersedes), by=self.by)
        assert receipt.rows == len(rows)
        if receipt.status == Batch.DUPLICATE:
            assert any(t.text == text and not t.gone for t in self.told)
            return None
        assert receipt.status == Batch.PUBLISHED, receipt.cause
        told = Told(rows, receipt.batch, text=text)
        self.told.append(told)
        return told

    @rule(rows=ROWS)
    def a_delivery(self, rows: list[Row]) -> None:
        self.send(written(rows), rows)
        self.agree()

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def a_file_sent_again(self, data: st.DataObject) -> None:
        old = data.draw(st.sampled_from(self.told))
        self.send(old.text, old.rows)
        self.agree()

    @precondition(lambda self: any(not t.gone for t in self.told))
    @rule(data=st.data())
    def a_retraction(self, data: st.DataObject) -> None:
        old = data.draw(st.sampled_from([t for t in self.told if not t.gone]))
        actions.retract(by=self.by, batch=queries.batch(old.batch), reason="试")
        old.gone = True
        self.agree()

    @precondition(lambda self: any(not t.gone for t in self.told))
    @rule(data=st.data(), rows=ROWS)
    def a_successor(self, data: st.DataObject, rows: list[Row]) -> None:
        old = data.draw(st.sampled_from([t for t in self.told if not t.gone]))
        if self.send(written(rows), rows, supersedes=old.batch) is not None:
            old.gone = True
        self.agree()

    def agree(self) -> None:
        columns = "setl_id, fund_pay_sumamt, CAST(CAST(upload_time AS DATE) AS VARCHAR)"
        found = live_rows("mi_settlement", columns)
        expected = live_view(self.told)
        assert sorted(found, key=str) == sorted(
            ((f"S{n}", yuan * 100, day or None) for n, yuan, day in expected.values()), key=str
        )
        for batch in Batch.objects.all():
            stored = batch.files.filter(kind=LakeFile.ROWS).values_list("rows", flat=True)
            assert batch.accepted == sum(stored)
        states = [p.state for n in expected for p in places.rows_by_key(f"S{n}")]
        assert states.count(places.LIVE) == len(expected)


def written(rows: list[Row]) -> str:
    return csv_text(
        [
            settlement(n, 基金支付=str(yuan), 上传时间=f"{day} 00:00:00" if day else "")
            for n, yuan, day in rows
        ]
    )


@pytest.mark.soak
def test_the_live_view_is_what_the_rules_say(db: None, workspace: Workspace) -> None:
    by_ = people("clerk")

    class Rolled(BatchLife):
        by = by_

        def __init__(self) -> None:
            super().__init__()
            self.saved = transaction.savepoint()

        def teardown(self) -> None:
            super().teardown()
            transaction.savepoint_rollback(self.saved)

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Rolled,
        settings=settings(
            max_examples=150 if SOAK else 12,
            stateful_step_count=12 if SOAK else 7,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
