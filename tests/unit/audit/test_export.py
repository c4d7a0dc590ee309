from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from clew.audit.actions import append
from clew.audit.chain import link
from clew.audit.checkpoint import KEPT_FILE
from clew.audit.export import export
from clew.audit.models import Entry
from clew.audit.verify import verify_database, verify_export
from clew.kernel.errors import InputError, Refused, StoreError
from clew.kernel.workspace import Workspace

pytestmark = pytest.mark.django_db
SIZE = 30


class Clerk:
    code = "clerk"


@pytest.fixture
def ledger(workspace: Workspace) -> Workspace:
    for number in range(SIZE):
        append(by=Clerk(), verb="datasets.publish", subject=f"b-{number}", facts={"rows": number})
    return workspace


def _sql(statement: str, *values: str | int) -> None:
    """Past the model, as somebody with the database in hand would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _recompute(start: int) -> None:
    """Rebuilds hashes from `start` on, so that the chain itself is whole again."""
    prev = Entry.objects.get(seq=start).prev
    for entry in Entry.objects.filter(seq__gte=start).order_by("seq"):
        entry.prev = prev
        entry.hash = prev = link(prev, entry.body())
        _sql("UPDATE audit_entry SET prev=%s, hash=%s WHERE seq=%s", entry.prev, prev, entry.seq)


def test_an_export_verifies_with_the_workspace_key(ledger: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "out" / "ledger.jsonl"
    checkpoint = export(path)
    assert checkpoint.size == SIZE
    report = verify_export(path)
    assert (report.ok, report.entries, report.pinned) == (True, SIZE, True)
    assert report.key == ledger.audit_public_key.hex()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_an_export_with_another_workspaces_key_is_not_ours(
    ledger: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.jsonl"
    export(path)
    other = Workspace.create(tmp_path / "other", seed=8)
    monkeypatch.setenv("CLEW_HOME", str(other.home))
    assert [problem.kind for problem in verify_export(path).problems] == ["key"]
    assert verify_export(path, public_key=ledger.audit_public_key).ok


def test_a_ledger_that_grew_still_fits_its_checkpoints(ledger: Workspace, tmp_path: Path) -> None:
    export(tmp_path / "a.jsonl")
    export(tmp_path / "b.jsonl")
    append(by=Clerk(), verb="datasets.publish", subject="b-x", facts={})
    assert verify_database().ok
    export(tmp_path / "c.jsonl")
    assert verify_database().ok
    assert len((ledger.exports / KEPT_FILE).read_bytes().splitlines()) == 2
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_an_empty_ledger(workspace: Workspace, tmp_path: Path) -> None:
    assert verify_database().ok
    export(tmp_path / "ledger.jsonl")
    assert verify_export(tmp_path / "ledger.jsonl").ok


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor='nobody' WHERE seq=12",
        "UPDATE audit_entry SET at='2020-01-01 00:00:00' WHERE seq=12",
        "UPDATE audit_entry SET at='yesterday' WHERE seq=12",
        "UPDATE audit_entry SET at='2020-13-45 00:00:00' WHERE seq=12",
        "UPDATE audit_entry SET facts='{\"rows\":5}' WHERE seq=12",
        "UPDATE audit_entry SET facts='[]' WHERE seq=12",
        "UPDATE audit_entry SET hash='x' WHERE seq=12",
        "UPDATE audit_entry SET seq='twelve' WHERE seq=12",
        "DELETE FROM audit_entry WHERE seq=12",
    ],
)
def test_a_change_in_the_database_is_located_and_never_signed(
    statement: str, tmp_path: Path
) -> None:
    _sql(statement)
    report = verify_database()
    assert not report.ok
    assert report.problems[0].seq == 12
    with pytest.raises(Refused, match="not signed"):
        export(tmp_path / "ledger.jsonl")
    assert not (tmp_path / "ledger.jsonl").exists()


@pytest.mark.usefixtures("ledger")
def test_two_entries_swapped() -> None:
    for old, new in ((5, 99), (9, 5), (99, 9)):
        _sql("UPDATE audit_entry SET seq=%s WHERE seq=%s", new, old)
    assert verify_database().problems[0].seq == 5


@pytest.mark.usefixtures("ledger")
def test_cut_tail_and_recomputation_show_against_a_kept_checkpoint(tmp_path: Path) -> None:
    export(tmp_path / "before.jsonl")
    rng = random.Random(7)
    start = rng.randrange(2, SIZE)
    _sql("UPDATE audit_entry SET actor='nobody' WHERE seq=%s", start)
    _recompute(start)
    report = verify_database()
    assert [(each.seq, each.kind) for each in report.problems] == [(start, "history")]
    with pytest.raises(Refused):
        export(tmp_path / "after.jsonl")

    _sql("DELETE FROM audit_entry WHERE seq>=%s", start)
    report = verify_database()
    assert [(each.seq, each.kind) for each in report.problems] == [(start, "tail")]


def test_an_edited_kept_checkpoint_is_reported(ledger: Workspace, tmp_path: Path) -> None:
    export(tmp_path / "ledger.jsonl")
    path = ledger.exports / KEPT_FILE
    path.write_bytes(path.read_bytes().replace(b'"size":30', b'"size":20'))
    assert [each.kind for each in verify_database().problems] == ["kept_checkpoint"]


@pytest.mark.usefixtures("ledger")
def test_a_failed_export_leaves_the_earlier_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.jsonl"
    export(path)
    before = path.read_bytes()
    append(by=Clerk(), verb="datasets.publish", subject="b-x", facts={})

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        export(path)
    assert path.read_bytes() == before
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.jsonl"):
        verify_export(tmp_path / "gone.jsonl")


ALONE = """
import sys
from pathlib import Path
from clew.audit.verify import verify_export
report = verify_export(Path(sys.argv[1]), public_key=bytes.fromhex(sys.argv[2]))
assert not any(name.partition(".")[0] == "django" for name in sys.modules)
print(report.ok, report.entries)
"""


def test_verifying_needs_the_file_alone(ledger: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    checkpoint = export(path)
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(path), checkpoint.key],
        env={**os.environ, "CLEW_HOME": str(tmp_path / "nowhere"), "DJANGO_SETTINGS_MODULE": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", str(SIZE)]
