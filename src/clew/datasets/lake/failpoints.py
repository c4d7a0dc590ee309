"""Named places where a test kills the process by SIGKILL.

CLEW_FAILPOINT=name dies where it is first reached, CLEW_FAILPOINT=name:3 the third time.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

DELIVERY = (
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
WITHDRAWAL = ("after-withdrawal",)
"""Also reached where a batch goes: the files are staged that the lake needs without it."""

_passed: Counter[str] = Counter()


def reach(name: str) -> None:
    """Dies here if the environment says so."""
    wanted, _, times = os.environ.get("CLEW_FAILPOINT", "").partition(":")
    if wanted != name:
        return
    _passed[name] += 1
    if _passed[name] >= int(times or 1):
        os.kill(os.getpid(), signal.SIGKILL)
