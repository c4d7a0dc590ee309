"""Every candidate fact of a run with its outcome, kept so that no answer to "why not" is lost.

One line of JSON a fact, in a file named by its content. It lies beside the lake's tables, since it
holds person keys, and is no delivery.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from clew.declare import DATA_CORRECTION
from clew.detection.facts import Result
from clew.kernel.errors import StoreError
from clew.kernel.workspace import Workspace

FOLDER = "run_facts"


def write(workspace: Workspace, results: Sequence[Result]) -> str:
    """Keeps the facts and returns the file's content name.

    Raises:
        StoreError: the disk is full or cannot be written.
    """
    content = "".join(f"{line}\n" for line in _lines(results)).encode()
    name = hashlib.sha256(content).hexdigest()
    target = path(workspace, name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            draft = target.with_suffix(".tmp")
            draft.write_bytes(content)
            draft.replace(target)
    except OSError as error:
        raise StoreError(
            f"运行结果未能写出: {error} (the run's facts could not be written)",
            next_step="释放空间后重新运行 clew detect (free space, then run it again)",
        ) from error
    return name


def path(workspace: Workspace, name: str) -> Path:
    return workspace.lake / FOLDER / f"{name}.jsonl"


def read(workspace: Workspace, name: str) -> Iterator[dict[str, Any]]:
    """The facts of a run: detector, rule, subject, key, outcome, excluded_by, rows (row ids);
    a data_correction also has `others`, the rows beside them, since either may be the wrong one.

    Raises:
        StoreError: the file is gone.
    """
    try:
        text = path(workspace, name).read_text(encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"运行结果文件 {name[:12]} 已不存在 (the run's facts are gone)",
            next_step="clew detect",
        ) from error
    return map(json.loads, text.splitlines())


def _lines(results: Sequence[Result]) -> Iterator[str]:
    for result in results:
        for candidate in result.candidates:
            fact: dict[str, Any] = {
                "detector": result.detector.id,
                "rule": result.rule.code,
                "subject": str(candidate.subject),
                "key": [str(part) for part in candidate.key],
                "outcome": candidate.outcome,
                "excluded_by": candidate.excluded_by,
                "rows": [judged.row_id for judged in candidate.rows],
            }
            if candidate.outcome == DATA_CORRECTION:
                beside = {row for judged in candidate.rows for _, row in judged.others}
                fact["others"] = sorted(beside)
            yield json.dumps(fact)
