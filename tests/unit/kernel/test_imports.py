"""The kernel stays light: dictionaries and tables load when they are first needed."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import clew.kernel.calendar, clew.kernel.codes, clew.kernel.code_lists, clew.kernel.dates
import clew.kernel.divisions, clew.kernel.figures
import clew.kernel.identifiers, clew.kernel.keys, clew.kernel.money, clew.kernel.names
heavy = {"opencc", "cn2an", "stdnum", "django", "ibis", "duckdb", "pyarrow", "numpy",
         "lunar_python"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
assert clew.kernel.divisions._names.cache_info().currsize == 0
"""


def test_importing_the_kernel_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
