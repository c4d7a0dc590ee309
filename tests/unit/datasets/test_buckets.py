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
    monkeypatch.setattr(writing, "ONE_BUCKET_ROWS", 10)
    assert send(delivery()).accepted == PERSONS * 3 + 1
    files = list(LakeFile.objects.filter(kind=LakeFile.ROWS))
    assert len(files) > 10
    assert sum(f.rows for f in files) == PERSONS * 3 + 1
    workspace = Workspace.current()
    with connect(workspace) as con:
        for file in files:
            assert file.bucket_low == file.bucket_high
            rows = con.execute(
                f"SELECT certno, begntime, row_id FROM {files_sql([workspace.home / file.path])}"
            ).fetchall()
            assert {(r[0] or 0) >> writing.BUCKET_SHIFT for r in rows} == {file.bucket_low}
            assert rows == sorted(rows, key=lambda r: (r[0] or 0, r[1]))


def test_buckets_change_nothing_for_readers(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    send(delivery())
    whole = live_rows("mi_settlement", "* EXCLUDE (row_id)")
    LakeFile.objects.all().delete()
    Batch.objects.all().delete()
    monkeypatch.setattr(writing, "ONE_BUCKET_ROWS", 10)
    send(delivery())
    assert live_rows("mi_settlement", "* EXCLUDE (row_id)") == whole
