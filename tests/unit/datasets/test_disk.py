"""The n-th error of the disk: nothing is published, and the message names the remedy."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from django.db import OperationalError

from clew.accounts.models import Account
from clew.datasets.ingest.deliver import Request, deliver
from clew.datasets.lake import store
from clew.datasets.models import Batch, LakeFile
from clew.kernel.errors import StoreError
from clew.kernel.workspace import Workspace
from tests.unit.datasets.conftest import csv_text, live_rows, settlement

# A quoted line break sends it the careful way, one bad row into quarantine.
CONTENT = csv_text([settlement(1), settlement(2, 总费用=""), settlement(3)]) + '"\n",x\n'


class Failing:
    """Lets a function work n times, then fail once with the given error."""

    def __init__(self, real: Callable[..., Any], times: int, error: Exception) -> None:
        self.real, self.left, self.error, self.failed = real, times, error, False

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        if self.left == 0 and not self.failed:
            self.failed = True
            raise self.error
        self.left -= 1
        return self.real(*args, **keywords)

    def __get__(self, instance: object, owner: type) -> Callable[..., Any]:
        return lambda *args, **keywords: self(instance, *args, **keywords)


@pytest.fixture
def path(clerk: Account, tmp_path: Path) -> Path:
    """A delivery, after a first one that must stay as it is."""
    first = tmp_path / "结算信息0.csv"
    first.write_text(csv_text([settlement("old")]), encoding="utf-8")
    deliver(Request(first), by=clerk)
    later = tmp_path / "结算信息.csv"
    later.write_text(CONTENT, encoding="utf-8")
    return later


def check_recovery(path: Path, clerk: Account) -> None:
    """Nothing of the failed delivery is seen, and the same command then succeeds."""
    assert live_rows("mi_settlement", "setl_id") == [("Sold",)]
    assert Batch.objects.count() == 1
    (receipt,) = deliver(Request(path), by=clerk)
    assert (receipt.status, receipt.accepted, receipt.quarantined) == ("published", 2, 2)
    listed = {Workspace.current().home / f.path for f in LakeFile.objects.all()}
    folders = (Workspace.current().lake, Workspace.current().quarantine)
    assert {p for f in folders for p in f.rglob("*.parquet")} == listed


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("nth", range(4))
@pytest.mark.parametrize(
    ("owner", "function"),
    [(os, "fsync"), (Path, "replace"), (Path, "mkdir"), (pq, "write_table"),
     (pq.ParquetWriter, "write_table"), (store, "_hash_and_sync")],
    ids=lambda v: v if isinstance(v, str) else v.__name__,
)  # fmt: skip
def test_the_nth_error(
    owner: Any, function: str, nth: int, code: int, path: Path, clerk: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    failing = Failing(getattr(owner, function), nth, OSError(code, os.strerror(code)))
    with monkeypatch.context() as patch:
        patch.setattr(owner, function, failing)
        try:
            deliver(Request(path), by=clerk)
        except StoreError as error:
            if "manifest" in error.cause:
                assert Batch.objects.count() == 2
                return
            assert ("disk full" in error.cause) == (code == errno.ENOSPC)
            assert "nothing was published" in error.cause
            assert error.next_step
            assert failing.failed
        else:
            assert not failing.failed, "an error of the disk was swallowed"
            return
    check_recovery(path, clerk)


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (duckdb.IOException("No space left on device"), "disk space"),
        (duckdb.OutOfMemoryException("failed to offload data block: disk full"), "disk space"),
        (
            duckdb.OutOfMemoryException("failed to allocate data of size 8.0 MiB\n\nadvice"),
            "CLEW_MEMORY",
        ),
    ],
    ids=["disk", "spill", "memory"],
)
def test_the_engine_cannot_write(
    error: Exception, remedy: str, path: Path, clerk: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clew.datasets.ingest import writing

    with monkeypatch.context() as patch:
        patch.setattr(writing, "_copy", Failing(writing._copy, 1, error))
        with pytest.raises(StoreError) as failed:
            deliver(Request(path), by=clerk)
    assert remedy in (failed.value.next_step or "")
    assert "advice" not in failed.value.cause
    check_recovery(path, clerk)


def test_the_database_is_full(path: Path, clerk: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    from clew.datasets import actions

    full = OperationalError("database or disk is full")
    with monkeypatch.context() as patch:
        patch.setattr(actions, "append", Failing(actions.append, 0, full))
        with pytest.raises(StoreError, match="disk full, nothing was published"):
            deliver(Request(path), by=clerk)
    check_recovery(path, clerk)


def test_a_late_manifest_is_said_and_written_by_the_next_delivery(
    path: Path, clerk: Account, monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    manifest = workspace.lake / "mi_settlement" / "manifest.json"
    before = manifest.read_text(encoding="utf-8")
    real = store.write_manifest

    def late(home: Workspace, dataset: str) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", Failing(Path.replace, 0, OSError(errno.ENOSPC, "full")))
            real(home, dataset)

    with monkeypatch.context() as patch:
        patch.setattr(store, "sweep", lambda home: [])
        patch.setattr(store, "write_manifest", late)
        with pytest.raises(StoreError, match="its manifest could not be written"):
            deliver(Request(path), by=clerk)
    assert manifest.read_text(encoding="utf-8") == before
    (again,) = deliver(Request(path), by=clerk)
    assert again.status == "duplicate"
    assert manifest.read_text(encoding="utf-8") != before


def test_a_file_that_may_not_be_read(
    path: Path, clerk: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def denied(self: Path, *args: Any, **keywords: Any) -> Any:
        if self == path:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, *args, **keywords)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", denied)
        (receipt,) = deliver(Request(path, dry_run=True), by=clerk)
    assert (receipt.status, "no permission" in receipt.cause) == ("refused", True)
