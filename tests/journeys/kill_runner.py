"""Writes to the store in forked children and has them killed; run by test_kill.py.

    kill_runner.py HOME WORK WHAT SEED
        WORK: deliver, retract or supersede
        WHAT: a list of failpoints, or a number of random moments

Django is imported once. Every delivery, killed or not, runs in a child of its own that opens the
database and the engine for itself, so the one after a kill is a fresh start. One line of JSON a
point goes to standard output.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

HOME, WORK = Path(sys.argv[1]), sys.argv[2]
os.environ["CLEW_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "clew.settings"

TODAY = datetime.date(2023, 10, 31)
ROWS = 3_000
HEADERS = (
    "结算流水号,就诊ID,身份证号,姓名,定点医药机构编号,医疗类别,开始时间,结算时间,总费用,基金支付,"
    "个人账户支出,上传时间"
)


def row(number: int, amount: int) -> str:
    who = ("330324196803128050", "330324680312805", "无")[number % 3]
    cells = (
        f"S{number}", f"M{number}", who, "张三", "H33030200001", "11", "2023-02-09 10:00:00",
        "2023-02-09 11:00:00", str(amount), "50", "5", "",
    )  # fmt: skip
    return ",".join(cells)


def write_files(folder: Path) -> tuple[Path, Path]:
    """A first delivery, and one that repeats, changes and adds, with rows for quarantine."""
    first = [row(n, 100) for n in range(ROWS)]
    same = [row(n, 100) for n in range(1_000)]
    changed = [row(n, 200) for n in range(1_000, 2_000)]
    new = [row(n, 100) for n in range(ROWS, ROWS + 1_000)]
    bad = [row(n, 100).replace(",100,", ",,") for n in range(9_000, 9_010)] + ["too,short"]
    paths = folder / "结算信息1.csv", folder / "结算信息2.csv"
    for path, rows in zip(paths, (first, [*same, *changed, *new, *bad]), strict=True):
        path.write_text("\n".join([HEADERS, *rows]) + "\n", encoding="gb18030")
    return paths


def set_up() -> None:
    """The workspace as it stands before the work that gets killed."""
    import django

    from clew.kernel.workspace import Workspace

    Workspace.create(HOME, seed=7, today=TODAY)
    django.setup()
    # What every child needs is loaded once; nothing here opens a database or starts a thread.
    import clew.audit.verify
    import clew.datasets.ingest.deliver
    import clew.datasets.lake.withdrawal  # noqa: F401
    from clew.declare import registry
    from clew.kernel.names import name_key

    registry.datasets()
    name_key("陳")
    write_files(HOME.parent)
    if status := in_child(first_delivery):
        raise SystemExit(f"set-up failed: {status}")
    shutil.copytree(HOME, template())


def template() -> Path:
    return HOME.parent / "template"


def first_delivery() -> None:
    from django.core.management import call_command

    from clew.accounts import actions
    from clew.declare import registry
    from clew.kernel import clock

    call_command("migrate", verbosity=0)
    with clock.fixed(TODAY):
        clerk = actions.bootstrap(os_user="clerk")
    for pack in registry.packs().values():
        for owner in pack.owners:
            actions.create_department(
                by=clerk, code=owner.code, name_zh=owner.title.zh, name_en=owner.title.en
            )
    deliver_file("结算信息1.csv")
    if WORK == "retract":
        deliver_file("结算信息2.csv")


def deliver_file(name: str, supersedes: str = "") -> dict[str, Any]:
    from clew.accounts.models import Account
    from clew.datasets.ingest.deliver import Request, deliver
    from clew.kernel import clock

    request = Request(HOME.parent / name, supersedes=supersedes)
    with clock.fixed(TODAY):
        (receipt,) = deliver(request, by=Account.objects.get())
    return {"status": receipt.status, "rows": receipt.rows, "accepted": receipt.accepted}


def work() -> dict[str, Any]:
    """What is killed, and then repeated."""
    from clew.datasets.models import Batch

    if WORK == "deliver":
        return deliver_file("结算信息2.csv")
    first = Batch.objects.order_by("id")[0]
    if WORK == "supersede":
        return deliver_file("结算信息2.csv", supersedes=first.code)
    return retract(first)


def retract(batch: Any) -> dict[str, Any]:
    from clew.accounts.models import Account
    from clew.datasets import actions
    from clew.kernel import clock
    from clew.kernel.errors import InputError

    try:
        with clock.fixed(TODAY):
            gone = actions.retract(by=Account.objects.get(), batch=batch, reason="误报")
    except InputError:
        return {"status": "refused", "rows": batch.rows, "accepted": batch.accepted}
    return {"status": gone.status, "rows": gone.rows, "accepted": gone.accepted}


def in_child(action: Any, *, failpoint: str = "", kill_after: float | None = None) -> int:
    """Runs `action` in a fork; its wait status. Killed by SIGKILL after a time, if one is given."""
    child = os.fork()
    if child == 0:
        try:
            if failpoint:
                os.environ["CLEW_FAILPOINT"] = failpoint
            action()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def check(result: Path) -> None:
    """A fresh start repeats the work; what is then there goes to `result`."""
    from clew.audit.verify import verify_database
    from clew.datasets import queries
    from clew.datasets.lake.engine import connect, files_sql
    from clew.datasets.models import Batch, LakeFile
    from clew.kernel.workspace import Workspace

    before = list(Batch.objects.order_by("id").values_list("status", flat=True))
    repeated = work()
    workspace = Workspace.current()
    rows = queries.paths(workspace, "mi_settlement", LakeFile.ROWS)
    dead = queries.paths(workspace, "mi_settlement", LakeFile.TOMBSTONES)
    with connect(workspace) as con:
        live = con.execute(
            "SELECT count(*), count(DISTINCT setl_id), sum(medfee_sumamt)::BIGINT, count(certno) "
            f"FROM {files_sql(rows)} WHERE row_id NOT IN (SELECT row_id FROM {files_sql(dead)})"
        ).fetchone()
    placed = {
        str(p.relative_to(HOME)) for f in ("lake", "quarantine") for p in (HOME / f).glob("*/*.*t")
    }
    listed = set(LakeFile.objects.values_list("path", flat=True))
    left = [p.name for p in (HOME / "staging").iterdir() if p.name != "lock"]
    manifest = json.loads((HOME / "lake/mi_settlement/manifest.json").read_text(encoding="utf-8"))
    found = {
        "before": before,
        "repeated": repeated,
        "live": live,
        "batches": list(Batch.objects.order_by("id").values_list("status", flat=True)),
        "sums": [b.rows == b.accepted + b.quarantined + b.duplicates for b in Batch.objects.all()],
        "orphans": sorted(placed ^ listed) + left,
        "manifest": len(manifest["rows"]) == len(rows) and len(manifest["tombstones"]) == len(dead),
        "ledger": verify_database().ok,
    }
    result.write_text(json.dumps(found, default=str), encoding="utf-8")


def point(name: str, **how: Any) -> None:
    shutil.rmtree(HOME)
    shutil.copytree(template(), HOME)
    result = HOME.parent / "result.json"
    result.unlink(missing_ok=True)
    status = in_child(work, **how)
    recovered = in_child(lambda: check(result))
    found = json.loads(result.read_text(encoding="utf-8")) if result.exists() else {}
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    line = json.dumps({"point": name, "killed": killed, "recovered": recovered, **found})
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    what, seed = sys.argv[3], int(sys.argv[4])
    set_up()
    if not what.isdigit():
        for failpoint in what.split(","):
            point(failpoint, failpoint=failpoint)
        return
    chance = random.Random(seed)
    point("undisturbed")
    shutil.rmtree(HOME)
    shutil.copytree(template(), HOME)
    started = time.monotonic()
    in_child(work)
    whole = time.monotonic() - started
    for number in range(int(what)):
        point(f"moment {number}", kill_after=chance.uniform(0, whole))


main()
