"""The ledger in the embedded profile as it runs: a SQLite file and several processes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from clew.kernel.workspace import Workspace

WRITERS, ENTRIES = 3, 20

MIGRATE = """
import django
django.setup()
from django.core.management import call_command
from clew.accounts.actions import bootstrap
for room in ("audit", "accounts"):
    call_command("migrate", room, verbosity=0)
    call_command("makemigrations", room, check=True, dry_run=True, verbosity=0)
bootstrap(os_user="somebody")
"""

WRITE = """
import sys
import django
django.setup()
from clew.accounts.actions import create_department
from clew.accounts.models import Account
by = Account.objects.get()
for number in range(int(sys.argv[2])):
    create_department(by=by, code=f"d-{sys.argv[1]}-{number}", name_zh="部门", name_en="Department")
"""

CHECK = """
import django
django.setup()
from django.db import connection
from clew.accounts.models import Department
from clew.audit.verify import verify_database
with connection.cursor() as cursor:
    journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
report = verify_database()
print(report.ok, report.entries, Department.objects.count(), journal)
"""


def _python(code: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "clew.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _finish(process: subprocess.Popen[str]) -> str:
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    return out


@pytest.mark.usefixtures("workspace")
def test_processes_that_write_at_once_leave_one_whole_chain(workspace: Workspace) -> None:
    _finish(_python(MIGRATE))
    assert workspace.database_path.is_file()
    writers = [_python(WRITE, str(each), str(ENTRIES)) for each in range(WRITERS)]
    for writer in writers:
        _finish(writer)
    written = WRITERS * ENTRIES
    assert _finish(_python(CHECK)).split() == ["True", str(written + 1), str(written), "wal"]
