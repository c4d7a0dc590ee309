"""Named places where a test kills the process: CLEW_FAILPOINT=name dies there by SIGKILL."""

from __future__ import annotations

import os
import signal

NAMES = (
    "after-read",
    "after-typed",
    "after-stage",
    "before-rename",
    "after-rename",
    "before-commit",
    "in-commit",
    "after-commit",
    "before-manifest",
)


def reach(name: str) -> None:
    """Dies here if the environment says so."""
    if os.environ.get("CLEW_FAILPOINT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
