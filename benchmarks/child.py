"""One measured job in a process of its own, so that memory and caches are its own.

    python -m benchmarks.child JOB {"argument": ...}

The last line of output is the answer as JSON: `seconds`, `peak_mb`, and what the job found.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from clew.datasets.lake.engine import MEMORY as ENGINE_MEMORY

Job = Callable[..., dict[str, Any]]
TODAY = date(2023, 10, 31)
MEMORY = ENGINE_MEMORY


def run(job: str, home: Path, **arguments: Any) -> dict[str, Any]:
    """Runs a job with the workspace `home` and returns its answer.

    Raises:
        RuntimeError: the job failed; its own words are in the message.
    """
    environment = os.environ | {"CLEW_HOME": str(home), "CLEW_MEMORY": MEMORY}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.child", job, json.dumps(arguments)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{job} failed:\n{done.stdout}{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def peak_mb() -> int:
    """Most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clew.settings")
    import django

    django.setup()
    from benchmarks import city, detecting, ingesting

    job, arguments = sys.argv[1], json.loads(sys.argv[2])
    jobs: dict[str, Job] = {**ingesting.JOBS, **detecting.JOBS, **city.JOBS}
    sys.stdout.write(json.dumps(jobs[job](**arguments)) + "\n")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that `work()` took, and its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


if __name__ == "__main__":
    main()
