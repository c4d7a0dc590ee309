"""Uploading deliveries: checked at once, taken in by the background worker."""

from __future__ import annotations

import secrets
import shutil
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse

from clew.accounts.access import scope_of
from clew.accounts.models import Department
from clew.declare import T, registry
from clew.kernel.errors import InputError
from clew.kernel.identifiers import without_persons
from clew.kernel.workspace import Workspace
from clew.web.door import Asked, done, page
from clew.web.work import actions
from clew.web.work.models import Work

KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".parquet", ".zip")
LARGEST = 2 * 1024**3
"""Bytes of one upload; larger files go through `clew ingest`."""
MOST = 20
NAME_LENGTH = 200


def upload(request: Asked) -> HttpResponse:
    if request.method == "GET":
        return page(
            request, "data/upload.html",
            {"datasets": registry.datasets().values(), "departments": _departments(request),
             "kinds": ",".join(KINDS)},
        )  # fmt: skip
    files = request.FILES.getlist("file")
    if not files:
        raise InputError("没有选文件 (no file is chosen)", next_step="选一个文件 (choose one)")
    if len(files) > MOST:
        raise InputError(
            f"一次最多 {MOST} 份文件 (at most {MOST} files at once)",
            next_step="分批上传 (in parts)",
        )
    for each in files:
        _check(each)
    made = [_queued(request, each) for each in files]
    said = T(f"{len(made)} 份文件已排队导入。", f"{len(made)} files wait to be taken in.")
    if len(made) == 1:
        return done(request, said, "work-one", code=made[0].code)
    return done(request, said, "work")


def _check(file: UploadedFile[bytes]) -> None:
    name, size = _name(file), file.size or 0
    if not name.lower().endswith(KINDS):
        raise InputError(
            f"不接收这种文件: {name} (this kind of file is not taken)",
            next_step=f"可用: {' '.join(KINDS)}",
        )
    if size == 0:
        raise InputError(
            f"{name} 是空文件 (the file is empty)", next_step="重新导出 (export again)"
        )
    if size > LARGEST:
        raise InputError(
            f"{name} 超过 2 GB (larger than 2 GB)",
            next_step="在服务器上 (on the server): clew ingest",
        )


def _queued(request: Asked, file: UploadedFile[bytes]) -> Work:
    """Keeps the file under a name of our own; its own name is only told."""
    name = _name(file)
    folder = Workspace.current().exports / f"upload-{secrets.token_hex(8)}"
    folder.mkdir(parents=True)
    stored = f"upload{PurePath(name).suffix.lower()}"
    try:
        with (folder / stored).open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        return actions.ask(
            by=request.account, kind=Work.INGEST, title=name,
            argument={
                "folder": str(folder), "stored": stored, "name": name,
                "dataset": request.POST.get("dataset", ""),
                "department": request.POST.get("department", ""),
                "confirmed": request.POST.get("confirmed") == "yes",
            },
        )  # fmt: skip
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _name(file: UploadedFile[bytes]) -> str:
    """As the sender called it; a person's number in it is blanked, since names are shown."""
    return without_persons(PurePath((file.name or "").replace("\\", "/")).name)[:NAME_LENGTH]


def _departments(request: Asked) -> list[Department]:
    reached = scope_of(request.account).departments("ingest", None)
    every = Department.objects.order_by("code")
    return [d for d in every if reached is None or d.code in reached]
