"""What the background worker runs: one task for every kind of work.

The account that asked acts, with the posts it holds when the work begins. Cancelling is asked for
in the database and heard at the next tick of progress: the step under way then ends as under
Ctrl-C on the command line, and leaves nothing.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django_tasks import task

from clew.accounts.access import Denied
from clew.accounts.models import Account
from clew.datasets.ingest.deliver import Request, deliver
from clew.declare import registry
from clew.detection import actions as detection
from clew.kernel import clock
from clew.kernel.errors import ClewError, InputError, Refused
from clew.kernel.workspace import Workspace
from clew.linkage.actions import repair
from clew.matters.look_back.actions import look_back
from clew.reports.evidence.actions import export_evidence
from clew.web.work import actions
from clew.web.work.models import Work

TICK_SECONDS = 0.5
PACKAGE = "package-"
KEPT_SECONDS = 7 * 24 * 3600
Tell = Callable[[str, float | None], None]


class Cancelled(ClewError):
    """Somebody asked for it to stop."""


@task
def perform(code: str) -> None:
    """Runs one piece of work to its end; whatever ends it is kept with it."""
    work = actions.begin(code)
    if work is None:
        return
    with clock.fixed(Workspace.current().today):
        try:
            result = KINDS[work.kind](work.by, work.argument, _progress(work))
        except Cancelled:
            actions.end(work, Work.CANCELLED)
        except ClewError as error:
            actions.end(work, Work.FAILED, cause=error.cause, next_step=error.next_step)
        except (DatabaseError, OSError) as error:
            told = f"数据库或磁盘故障 {type(error).__name__} (database or disk failed)"
            after = "检查磁盘空间后重做 (check the disk, then repeat)"
            actions.end(work, Work.FAILED, cause=told, next_step=after)
        else:
            actions.end(work, Work.DONE, result=result, share=1.0)


def ingest(by: Account, argument: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Takes in one uploaded file, which goes when it is done."""
    folder = Path(argument["folder"])
    confirmed = frozenset({"mapping"}) if argument.get("confirmed") else frozenset()
    request = Request(
        folder / argument["stored"], argument.get("dataset", ""), argument.get("department", ""),
        None, confirmed, name=argument["name"],
    )  # fmt: skip
    if not request.path.is_file():
        raise Refused(
            "上传的文件已不在 (the uploaded file is gone)", next_step="重新上传 (upload it again)"
        )
    keep = True
    try:
        receipts = deliver(request, by=by, progress=tell)
        keep = False
    except (InputError, Denied):  # as it is, it will never be taken
        keep = False
        raise
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    return {"receipts": [
        {"batch": r.batch, "dataset": r.dataset, "status": r.status, "rows": r.rows,
         "accepted": r.accepted, "quarantined": r.quarantined, "duplicates": r.duplicates,
         "cause": r.cause} for r in receipts
    ]}  # fmt: skip


def detect(by: Account, argument: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Runs detectors over what is published now."""
    chosen = [registry.detector(id_) for id_ in argument["detectors"]]
    repair(by=by)  # what arrived since the last run may have made, or unmade, a link
    answer = detection.run(
        by=by, detectors=chosen, overrides=argument.get("overrides", {}), progress=tell
    )
    return {"run": answer.run, "clues": sum(o.clues for o in answer.outcomes),
            "new": sum(o.new for o in answer.outcomes)}  # fmt: skip


def look_again(by: Account, argument: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Looks back at a matter."""
    tell("用同一模型再查同一对象", 0.1)
    found = look_back(by=by, matter=argument["matter"])
    return {"matter": argument["matter"], "said": found.result}


def package(by: Account, argument: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """An evidence package as one file, kept for a week."""
    exports = Workspace.current().exports
    _forget(exports)
    folder = exports / f"{PACKAGE}{secrets.token_hex(8)}"
    folder.mkdir(parents=True)
    try:
        tell("汇集证据并重算", 0.1)
        made = export_evidence(
            by=by, clues=argument["clues"], into=folder / "evidence", reason=argument["reason"],
            release=argument.get("release", ""),
        )  # fmt: skip
        tell("压缩", 0.9)
        shutil.make_archive(str(folder / "evidence"), "zip", folder, "evidence")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(made.folder)
    return {"file": f"{folder.name}/evidence.zip", "clues": len(made.clues), "rows": made.rows,
            "entry": made.entry, "manifest": made.manifest}  # fmt: skip


def _forget(exports: Path) -> None:
    """Removes packages whose week is over."""
    for old in exports.glob(f"{PACKAGE}*"):
        if old.stat().st_mtime < clock.seconds() - KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)


KINDS: Mapping[str, Callable[[Account, Mapping[str, Any], Tell], dict[str, Any]]] = {
    Work.INGEST: ingest,
    Work.DETECT: detect,
    Work.LOOK_BACK: look_again,
    Work.PACKAGE: package,
}


def _progress(work: Work) -> Tell:
    last = 0.0

    def tell(text: str, share: float | None) -> None:
        nonlocal last
        now = clock.seconds()
        if now - last < TICK_SECONDS:
            return
        last = now
        if not actions.tell(work, str(text), share):
            raise Cancelled("已取消 (cancelled)")

    return tell
