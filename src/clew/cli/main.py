"""The `clew` command, and what its exit codes mean.

    0 done                                  6 the rules forbid it
    1 something unforeseen                  7 a pack does not fit together
    2 wrong use of the command              8 disk, database or lake failed
    3 a delivery waits for a decision       9 a clue or the ledger does not hold
    4 an input is refused or unusable     130 interrupted; the step under way left nothing
    5 no such thing

Settings are loaded before any room that holds models is imported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from clew.cli import interrupts
from clew.cli.screen import show_error
from clew.kernel.errors import ClewError, Refused, StoreError

INTERRUPTED = 130
DEBUG_VARIABLE = "CLEW_DEBUG"


def main() -> None:
    with interrupts.heard():
        code = run(sys.argv[1:])
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit code. Whatever fails is told without a traceback,
    which could carry personal data; $CLEW_DEBUG=1 shows it.
    """
    try:
        _invoke(arguments)
    except KeyboardInterrupt:
        return _interrupted()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            return _interrupted()
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except ClewError as error:
        show_error(error)
        _write_down(error, arguments)
        return error.exit_code
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        known = _as_known(error)
        show_error(known)
        return known.exit_code
    return 0


def _write_down(error: ClewError, arguments: Sequence[str]) -> None:
    """A denial stands in the ledger like what was allowed."""
    if not isinstance(error, Refused):
        return  # before anything of Django is loaded, which settings at fault would not survive
    from clew.accounts.access import Denied

    if not isinstance(error, Denied):
        return
    from clew.accounts.actions import record_denial
    from clew.accounts.queries import current_account

    try:
        record_denial(by=current_account(), act=error.act, door=_words(arguments))
    except ClewError as failure:
        show_error(failure)


def _words(arguments: Sequence[str]) -> str:
    """The words of a command without what was asked of it, which may name a person."""
    from typer.main import get_command

    from clew.cli.app import app

    found, commands = ["clew"], getattr(get_command(app), "commands", {})
    for word in arguments:
        if word not in commands:
            break
        found.append(word)
        commands = getattr(commands[word], "commands", {})
    return " ".join(found)


def _interrupted() -> int:
    show_error(
        ClewError(
            "已中断, 进行中的一步未留下痕迹 (interrupted: the step under way has left nothing)",
            next_step="重复同一命令即从头开始, 已完成的不会重复计入 "
            "(repeat the command: what was done before is not done twice); clew datasets batches",
        )
    )
    return INTERRUPTED


def _invoke(arguments: Sequence[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clew.settings")
    import django

    django.setup()
    from clew.cli.app import app

    app(args=list(arguments), prog_name="clew")


def _as_known(error: Exception) -> ClewError:
    """A failure of disk or database as what it is; anything else as a defect of ours."""
    from django.db import DatabaseError

    if isinstance(error, DatabaseError):
        return StoreError(
            f"工作区的数据库不可用: {error} (the workspace's database cannot be used)",
            next_step="检查磁盘空间与权限后重试 (check space and permissions, then repeat); "
            "clew doctor",
        )
    if isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        return StoreError(
            f"读写失败{where}: {error.strerror or error} (could not be read or written)",
            next_step="检查路径、磁盘空间与权限 (check path, free space and permissions)",
        )
    return ClewError(
        f"意外错误 {type(error).__name__} (something unforeseen happened)",
        next_step=f"{DEBUG_VARIABLE}=1 重复同一命令可见详情 (shows details; please report)",
    )


if __name__ == "__main__":
    main()
