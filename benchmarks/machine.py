"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import duckdb

from benchmarks.child import MEMORY


def describe() -> str:
    """Processor, memory, load and versions, in one paragraph."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        f"{os.cpu_count()} x {_processor()}, {gigabytes:.0f} GiB, {platform.system()}; "
        f"load {busy} (1, 5, 15 min)\n"
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, "
        f"engine memory limit {MEMORY}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
