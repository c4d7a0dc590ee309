"""The template from delivered files to verdicts: its own sample, and the public permit cases."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clew.accounts.models import Account
from clew.datasets import queries
from clew.datasets.ingest import mapping
from clew.datasets.ingest.deliver import Receipt, Request, deliver
from clew.datasets.models import LakeFile
from clew.declare import Pack
from clew.kernel import dates
from clew.kernel.workspace import Workspace
from clew.packs._template.pack import PACK
from clew.packs._template.sample import TODAY, sample

Judge = Callable[..., dict[str, str]]
PUBLIC = Path(__file__).parents[5] / "shared" / "data" / "permits" / "receipt.parquet"


def rows_in_lake() -> str:
    files = queries.paths(Workspace.current(), PACK.datasets[0].name, LakeFile.ROWS)
    return f"SELECT * FROM read_parquet({[str(f) for f in files]})"


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    def written(name: str, seed: int) -> dict[str, bytes]:
        folder = tmp_path / name
        sample(folder, seed=seed)
        files = (f for f in folder.rglob("*") if f.is_file())
        return {f.relative_to(folder).as_posix(): f.read_bytes() for f in files}

    first, again, other = written("a", 7), written("b", 7), written("c", 8)
    assert first == again
    assert first["truth.json"] != other["truth.json"]


def test_the_sample_plants_every_exclusion(tmp_path: Path) -> None:
    truth = _truth(sample(tmp_path, seed=7).truth)
    planted = Counter(case["excluded_by"] for case in truth["planted"])
    assert set(planted) == {"", *(e.code for e in PACK.detectors[0].exclusions)}


@pytest.mark.parametrize("seed", [7, 8])
def test_the_sample_is_found_as_planted(
    officer: Account, judge: Judge, tmp_path: Path, seed: int
) -> None:
    made = sample(tmp_path, seed=seed)
    truth = _truth(made.truth)
    for folder in made.deliveries:
        for file in sorted(folder.iterdir()):
            (receipt,) = deliver(Request(file), by=officer)
            expected = truth["expected"][file.relative_to(tmp_path).as_posix()]
            assert _counts(receipt) == expected
    for by in ("instant", "date", "local_date"):
        planted = {
            case["fact"][0]: case["excluded_by"] or "clue"
            for case in truth["planted"]
            if by in case["readings"]
        }
        assert judge(PACK, rows_in_lake(), TODAY, by=by) == planted


def _truth(path: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return truth


def _counts(receipt: Receipt) -> dict[str, int]:
    assert receipt.status == "published", receipt.cause
    return {
        "rows": receipt.rows,
        "quarantined": receipt.quarantined,
        "duplicates": receipt.duplicates,
    }


@pytest.fixture
def public(officer: Account, installed: Pack) -> Receipt:
    if not PUBLIC.is_file():
        pytest.skip("the public permit cases (shared/data/permits) are not beside this checkout")
    (receipt,) = deliver(Request(PUBLIC, mapping=mapping.load("permits")), by=officer)
    return receipt


def test_public_cases_arrive_whole(public: Receipt) -> None:
    assert (public.status, public.rows, public.accepted) == ("published", 8577, 8577)


@pytest.mark.parametrize(("by", "late"), [("instant", 377), ("date", 358), ("local_date", 309)])
def test_public_cases_that_ended_late(public: Receipt, judge: Judge, by: str, late: int) -> None:
    if by == "instant" and not _fractions_are_kept():
        pytest.skip("times are read to the second; two of the 377 cases ended 20 ms late")
    counts = Counter(judge(PACK, rows_in_lake(), date(2023, 10, 31), by=by).values())
    assert counts == {"clue": late, "STILL_OPEN": 105}


def _fractions_are_kept() -> bool:
    read = dates.parse_moment("2011-03-30 00:00:00.020", not_after=date(2023, 10, 31)).value
    return read is not None and read.microsecond > 0
