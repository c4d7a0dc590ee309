"""A large clustered delivery is cut by person range; readers see the same rows either way."""

from __future__ import annotations

import pytest

from clew.datasets.ingest import writing
from clew.datasets.lake.engine import connect, files_sql
from clew.datasets.models import Batch, LakeFile
from clew.kernel.identifiers import check_character
from clew.kernel.workspace import Workspace
from tests.unit.datasets.conftest import Send, csv_text, live_rows, settlement

PERSONS = 60
BUCKET_SHIFT = 57
"""64 buckets of keys of 63 bits."""


def delivery() -> str:
    """Three visits of each person, and one row without a usable document."""
    rows = []
    for n in range(PERSONS * 3):
        first17 = f"33032419680312{800 + n % PERSONS}"
        day = 28 - n // PERSONS
        rows.append(
            settlement(
                n,
                身份证号=first17 + check_character(first17),
                开始时间=f"2023-02-{day} 10:00:00",
            )
        )
    return csv_text([*rows, settlement("none", 身份证号="无")])


def test_buckets_hold_their_range_in_order(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "ONE_FILE_ROWS", 10)
    assert send(delivery()).accepted == PERSONS * 3 + 1
    files = list(LakeFile.objects.filter(kind=LakeFile.ROWS))
    assert len(files) > 10
    assert sum(f.rows for f in files) == PERSONS * 3 + 1
    assert {f.bucket_high - f.bucket_low for f in files} == {1}
    workspace = Workspace.current()
    with connect(workspace) as con:
        for file in files:
            rows = con.execute(
                f"SELECT certno, begntime, row_id FROM {files_sql([workspace.home / file.path])}"
            ).fetchall()
            buckets = [(r[0] or 0) >> BUCKET_SHIFT for r in rows]
            assert file.bucket_low <= min(buckets)
            assert max(buckets) <= file.bucket_high
            assert rows == sorted(rows, key=lambda r: (r[0] or 0, r[1]))


def test_parts_are_whole_buckets_and_no_more_than_are_needed() -> None:
    most = writing.ONE_FILE_ROWS
    assert [writing._parts(n) for n in (1, most, most + 1, 2 * most, 3 * most, 1000 * most)] == [
        1, 1, 2, 2, 4, 64,
    ]  # fmt: skip


def test_buckets_change_nothing_for_readers(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    send(delivery())
    whole = live_rows("mi_settlement", "* EXCLUDE (row_id)")
    LakeFile.objects.all().delete()
    Batch.objects.all().delete()
    monkeypatch.setattr(writing, "ONE_FILE_ROWS", 10)
    send(delivery())
    assert live_rows("mi_settlement", "* EXCLUDE (row_id)") == whole
