"""A large crowd's files: what they hold is what the truth says their import must count."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from clew.declare import Sample
from clew.declare.types import Date, Delivery, Money, PersonId, Timestamp
from clew.kernel.dates import parse_moment
from clew.kernel.identifiers import citizen_id
from clew.packs.medical_insurance import sample as package
from clew.packs.medical_insurance.datasets import DATASETS
from clew.packs.medical_insurance.sample.crowd import parts as writing
from clew.packs.medical_insurance.sample.crowd import scope as sizes

RECEIVED = date(2023, 11, 1)
CONTRACTS = {d.title.zh: d for d in DATASETS}


def large(folder: Path, patch: pytest.MonkeyPatch) -> Sample:
    patch.setattr(package, "SMALL_CITY", 1_000)
    patch.setattr(sizes, "SMALL_CITY", 1_000)
    patch.setattr(writing, "MOST_ROWS", 6_000)
    folder.mkdir()
    return package.sample(folder, seed=3, visits=24_000)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    with pytest.MonkeyPatch.context() as patch:
        return large(tmp_path_factory.mktemp("crowd") / "one", patch)


def of_the_crowd(made: Sample) -> dict[str, Path]:
    folder = made.truth.parent
    expected = json.loads(made.truth.read_text("utf-8"))["expected"]
    return {name: folder / name for name in expected if name[-12:-8].startswith("_")}


def test_two_deliveries_in_files_of_bounded_size(made: Sample) -> None:
    files = of_the_crowd(made)
    assert {name.partition("/")[0][:2] for name in files} == {"01", "02"}
    settled = [p for p in files.values() if "结算信息" in p.name]
    assert len(settled) >= 4
    assert all(pq.read_metadata(p).num_rows <= 6_000 for p in files.values())
    # Planted cases come on top of the crowd.
    assert 270_000_000 / 40_000 < made.scale <= 270_000_000 / 24_000


def test_counts_are_the_truth(made: Sample) -> None:
    expected = json.loads(made.truth.read_text("utf-8"))["expected"]
    totals: Counter[str] = Counter()
    for name, path in of_the_crowd(made).items():
        contract = CONTRACTS[path.name.split("_")[1]]
        rows = pq.read_table(path).to_pylist()
        bad = [row for row in rows if _unusable(contract.columns.values(), contract.key, row)]
        good = [tuple(row.values()) for row in rows if row not in bad]
        keys = {tuple(row[k] for k in contract.key) for row in rows if row not in bad}
        assert len(rows) == expected[name]["rows"], name
        assert len(bad) == expected[name]["quarantined"], name
        assert len(good) - len(set(good)) == expected[name]["duplicates"], name
        if not any(isinstance(contract.columns[k].type, PersonId | Date) for k in contract.key):
            assert len(keys) == len(set(good)), name
        totals.update(expected[name])
    assert totals["quarantined"] > 20 and totals["duplicates"] > 20


def _unusable(columns, key, row) -> bool:  # type: ignore[no-untyped-def]
    for column in columns:
        text = row.get(column.name) or ""
        if isinstance(column.type, PersonId) or not column.required:
            continue
        if column.name in key and not text:
            return True
        if isinstance(column.type, Timestamp | Date):
            if not parse_moment(text, not_after=RECEIVED).value:
                return True
        elif isinstance(column.type, Money) and not column.type.check(text, Delivery(RECEIVED)).ok:
            return True
    return False


def test_dirt_of_persons(made: Sample) -> None:
    forms: Counter[str] = Counter()
    for path in of_the_crowd(made).values():
        if "结算信息" in path.name:
            for text in pq.read_table(path, columns=["certno"])["certno"].to_pylist():
                checked = citizen_id(text or "", as_of=RECEIVED)
                forms[checked.reason or checked.repaired] += 1
    total = sum(forms.values())
    assert 0.010 < forms["D01"] / total < 0.02
    assert 0.002 < (total - forms[""] - forms["D01"]) / total < 0.004


def test_the_same_seed_writes_the_same_bytes(
    made: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = large(tmp_path / "again", monkeypatch)
    one, other = made.truth.parent, again.truth.parent
    assert made.truth.read_bytes() == again.truth.read_bytes()
    for path in of_the_crowd(made):
        assert (one / path).read_bytes() == (other / path).read_bytes()
