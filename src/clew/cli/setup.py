"""Setting up and looking after a workspace."""

from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from django.core.management import call_command

from clew.accounts import actions
from clew.accounts.models import Account, Department
from clew.audit.verify import verify_database
from clew.cli import screen
from clew.cli.new_pack import copy_template
from clew.cli.session import begin, day
from clew.datasets.models import Batch, LakeFile
from clew.declare import registry
from clew.kernel import clock
from clew.kernel.workspace import Workspace, home_path


def init(
    seed: Annotated[int | None, typer.Option(help="keys from a seed: demo and tests only")] = None,
    today: Annotated[str, typer.Option(help="a fixed day, YYYY-MM-DD, for sample data")] = "",
    scale: Annotated[int, typer.Option(help="n of a sample 1:n")] = 1,
    json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
) -> None:
    """建立工作区: 目录、密钥、数据库、首个账户。A workspace in $CLEW_HOME (else ./.clew)."""
    create(seed=seed, today=day(today), scale=scale)
    if json:
        screen.show_json({"workspace": str(home_path())})
        return
    screen.note(f"工作区已建立: {home_path()} (workspace ready)")
    screen.note("  → clew ingest FILE…   或 (or)   clew demo")
    screen.note(f"  → clew accounts password {actions.FIRST_ACCOUNT}   再 (then)   clew serve")


def create(
    *, seed: int | None, today: date | None, scale: int, began: date | None = None
) -> Account:
    """A workspace with its database, the acting account and the packs' departments; the clock
    stands on the day on which it `began`, by default on its today.

    The account is the first administrator and holds `duties.FIRST_POSTS`: see `actions.bootstrap`.
    """
    Workspace.create(home_path(), seed=seed, today=today, scale=scale)
    clock.fix(began or today)  # the first posts begin on that day
    call_command("migrate", verbosity=0, interactive=False)
    account = actions.bootstrap(os_user=getpass.getuser())
    known: set[str] = set()
    for pack in registry.packs().values():
        for owner in pack.owners:
            if owner.code not in known:
                known.add(owner.code)
                actions.create_department(
                    by=account, code=owner.code, name_zh=owner.title.zh, name_en=owner.title.en
                )
    return account


def doctor(
    json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
) -> None:
    """检查工作区: 文件、台账、部门。Checks files, ledger and departments."""
    begin()
    workspace = Workspace.current()
    missing = [
        f.path for f in LakeFile.objects.all() if not (workspace.home / f.path).is_file()
    ]
    ledger = verify_database()
    findings = {
        "workspace": str(workspace.home),
        "departments": Department.objects.count(),
        "batches": Batch.objects.count(),
        "lake_files": LakeFile.objects.count(),
        "missing_files": missing,
        "ledger_entries": ledger.entries,
        "ledger_ok": ledger.ok,
    }
    if json:
        screen.show_json(findings)
    else:
        screen.table(["检查 check", "结果 result"], list(findings.items()))
    if missing or not ledger.ok:
        raise typer.Exit(8)


def new_pack(
    name: Annotated[str, typer.Argument(help="the pack's name, small letters and _")],
    into: Annotated[Path, typer.Option(help="folder to put it in")] = Path(),
    json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
) -> None:
    """从模板复制一个新的领域包。Copies the template into a pack of your own."""
    target = copy_template(name, into / name)
    if json:
        screen.show_json({"pack": name, "path": str(target)})
        return
    screen.note(f"领域包 {name} 已写入 {target} (the pack is there)")
    screen.note(f"  → pip install -e {target}")
