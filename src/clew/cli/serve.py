"""The workbench: a web server and one background worker, until either ends or somebody stops it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from clew.cli import screen
from clew.cli.session import begin
from clew.kernel.errors import InputError, Refused, StoreError

HERE = "127.0.0.1"
PORT = 8000
_GRACE_SECONDS = 20
_LOOK_SECONDS = 0.5


def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = HERE,
    port: Annotated[int, typer.Option(help="port to listen on")] = PORT,
    workers: Annotated[int, typer.Option(help="web processes")] = 2,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check, and serve nothing")] = False,
) -> None:
    """开启工作台 (网页与后台)。Serves the workbench: web pages and background work."""
    begin()
    check(host, port)
    call_command("migrate", verbosity=0, interactive=False)
    screen.note(f"工作台 (workbench): http://{host}:{port}/   Ctrl+C 停止 (stops it)")
    if dry_run:
        return
    ended = watch([server(host, port, workers), worker()])
    if ended:
        raise StoreError(
            f"{ended} 意外结束 (ended on its own)", next_step="clew doctor, 再 clew serve"
        )


def check(host: str, port: int) -> None:
    """
    Raises:
        Refused: reachable by others without a name, and so without TLS in front.
        InputError: the port is taken or not ours to take.
        StoreError: what pages load is not there.
    """
    if host != HERE and not settings.HOSTS:
        raise Refused(
            f"监听 {host} 前须设 CLEW_HOSTS 并置于 HTTPS 代理之后 "
            "(beyond this machine only under a name, behind an HTTPS proxy)",
            next_step="CLEW_HOSTS=clew.example.gov.cn clew serve --host …",
        )
    if finders.find("vendor/tabler.css") is None:
        raise StoreError(
            "缺前端文件 (what pages load is missing)",
            next_step="rm .venv/.ready; make .venv/.ready",
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InputError(
                f"端口 {port} 不可用 (cannot be used): {error.strerror}",
                next_step=f"clew serve --port {port + 1}",
            ) from error


def server(host: str, port: int, workers: int) -> list[str]:
    """The command of the web server. Requests are not logged: the ledger says what matters."""
    return [
        sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", "--workers", str(workers),
        "--timeout", "120", "--graceful-timeout", "10", "--max-requests", "2000",
        "--max-requests-jitter", "200", "--log-level", "warning", "--no-control-socket",
        "clew.web.wsgi:application",
    ]  # fmt: skip


def worker() -> list[str]:
    return [sys.executable, "-m", "clew.cli.main", "worker"]


def watch(commands: Sequence[Sequence[str]]) -> str:
    """Runs them side by side until one ends or the process is told to stop; then all are stopped.

    Returns what ended on its own, "" if it was told to stop.
    """
    children = [subprocess.Popen(command, start_new_session=True) for command in commands]
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        while all(child.poll() is None for child in children):
            time.sleep(_LOOK_SECONDS)
        return next(_name(c) for c, child in zip(commands, children, strict=True)
                    if child.poll() is not None)  # fmt: skip
    except KeyboardInterrupt:
        return ""
    finally:
        signal.signal(signal.SIGTERM, before)
        for child in children:
            _end(child)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _end(child: subprocess.Popen[bytes]) -> None:
    """Asks it to end what it is doing; after a while, insists."""
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _name(command: Sequence[str]) -> str:
    return "gunicorn" if "gunicorn" in command else Path(command[2]).name
