"""The small city: reproducible, innocent in the background, complete in what it plants."""

import csv
import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from clew.declare import Dataset, Sample
from clew.declare.types import Date, Delivery, Money, PersonId, Timestamp
from clew.kernel.dates import parse_moment
from clew.kernel.identifiers import citizen_id
from clew.kernel.registrations import uscc
from clew.packs.medical_insurance.datasets import DATASETS
from clew.packs.medical_insurance.detectors import DETECTORS
from clew.packs.medical_insurance.sample import build, sample
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.papers import employer
from clew.packs.medical_insurance.sample.people import Births
from clew.packs.medical_insurance.sample.truth import BASE, read_planted

SEED, SMALL = 11, 2_000
RECEIVED = date(2023, 11, 1)
Truth = dict[str, Any]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return sample(tmp_path_factory.mktemp("small"), seed=SEED, visits=SMALL)


@pytest.fixture(scope="module")
def truth(small: Sample) -> Truth:
    read: Truth = json.loads(small.truth.read_text("utf-8"))
    return read


@pytest.fixture(scope="module")
def city() -> City:
    return build(SEED, 20_000, lambda share: None)


def contract_of(path: Path) -> type[Dataset]:
    return next(d for d in DATASETS if d.title.zh in path.name)


def files(small: Sample) -> Iterator[tuple[str, Path]]:
    for folder in small.deliveries:
        for path in sorted(folder.iterdir()):
            yield path.relative_to(small.truth.parent).as_posix(), path


def rows_of(path: Path) -> list[dict[str, str]]:
    """Rows by column name of the contract, as a reader of its headers sees them."""
    columns = contract_of(path).columns.values()
    known = {header: c.name for c in columns for header in (*c.headers, c.name)}
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        head, rows = table.column_names, [list(r.values()) for r in table.to_pylist()]
    else:
        encoding = "gb18030" if path.parent.name.startswith("02") else "utf-8-sig"
        with path.open(encoding=encoding, newline="") as file:
            head, *rows = list(csv.reader(file))
    return [{known[h]: text or "" for h, text in zip(head, r, strict=True)} for r in rows]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_same_seed_same_bytes(small: Sample, tmp_path: Path) -> None:
    sample(tmp_path / "again", seed=SEED, visits=SMALL)
    assert contents(tmp_path / "again") == contents(small.truth.parent)


def test_another_seed_another_city(small: Sample, tmp_path: Path) -> None:
    other = sample(tmp_path, seed=SEED + 1, visits=SMALL)
    assert {e.subject for e in read_planted(other.truth)}.isdisjoint(
        e.subject for e in read_planted(small.truth) if e.detector == "MI-01"
    )


def test_progress_is_told(tmp_path: Path) -> None:
    heard: list[tuple[str, float]] = []
    sample(tmp_path, seed=1, visits=400, progress=lambda stage, share: heard.append((stage, share)))
    assert {stage for stage, _ in heard} == {"visits", "files"}
    assert all(0 <= share <= 1 for _, share in heard)


def test_scale_restores_the_real_number_of_visits(small: Sample) -> None:
    keys = {
        row["setl_id"]
        for _, path in files(small)
        if contract_of(path).name == "mi_settlement"
        for row in rows_of(path)
    }
    assert 2.65e8 <= len(keys) * small.scale < 2.75e8
    assert small.today == date(2023, 10, 31)


def test_numbers_are_valid_and_in_the_reserved_sequence() -> None:
    births = Births(Random(3))
    people = [births.person(0, 95) for _ in range(3000)]
    for person in people:
        checked = citizen_id(person.number, as_of=RECEIVED)
        assert checked.ok and checked.normal == person.number and not checked.repaired
        assert 800 <= int(person.number[14:17]) <= 995
        assert int(person.number[16]) % 2 == person.sex % 2
    assert len({p.number for p in people}) == len({p.psn_no for p in people}) == len(people)
    assert all(uscc(employer(births)).ok for _ in range(50))


def test_no_employer_code_warns() -> None:
    births = Births(Random(4))
    assert {uscc(employer(births)).reason for _ in range(50)} == {""}


# The background, judged row by row without the engine.


def background(city: City, dataset: str) -> list[dict[str, str]]:
    return [r.cells for part in city.records.rows[dataset] for r in part if not r.planted]


def day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def background_stays(city: City) -> dict[str, list[tuple[date, date, str]]]:
    stays: dict[str, list[tuple[date, date, str]]] = defaultdict(list)
    for row in background(city, "mi_inpatient"):
        if row["newborn_flag"] == "1":
            continue
        span = (day(row["adm_time"]), day(row["dscg_time"]), row["fixmedins_code"])
        stays[row["certno"]].append(span)
    return stays


def test_background_stays_do_not_overlap(city: City) -> None:
    stays = background_stays(city)
    assert sum(map(len, stays.values())) > 150
    for spans in stays.values():
        spans.sort()
        for (_, left, _), (back, _, _) in itertools.pairwise(spans):
            assert back >= left


def test_background_patients_are_not_served_elsewhere(city: City) -> None:
    stays = background_stays(city)
    for row in background(city, "mi_settlement"):
        if row["med_type"] in ("21", "24", "52"):
            continue
        served = day(row["begntime"])
        assert not any(a <= served <= b for a, b, _ in stays[row["certno"]])


def test_background_dead_are_not_served(city: City) -> None:
    died: dict[str, date] = {}
    for dataset, column in (("death_health", "death_time"), ("death_police", "death_date")):
        for row in background(city, dataset):
            dated = day(row[column])
            died[row["certno"]] = min(dated, died.get(row["certno"], dated))
    assert len(died) > 8
    owners = {row["acct_owner_certno"] for row in background(city, "mi_settlement")}
    assert owners.isdisjoint(died)
    for row in background(city, "mi_settlement"):
        assert day(row["begntime"]) <= died.get(row["certno"], date.max)
    incurred = {row["setl_id"]: row["certno"] for row in background(city, "mi_settlement")}
    for fee in background(city, "mi_fee"):
        assert day(fee["fee_ocur_time"]) <= died.get(incurred[fee["setl_id"]], date.max)


def test_background_death_dates_agree(city: City) -> None:
    health = {r["certno"]: day(r["death_time"]) for r in background(city, "death_health")}
    compared = 0
    for row in background(city, "death_police"):
        if certified := health.get(row["certno"]):
            assert abs(day(row["death_date"]) - certified) <= timedelta(3)
            compared += 1
    for row in background(city, "death_civil"):
        if certified := health.get(row["certno"]):
            assert day(row["cremation_date"]) >= certified
    assert compared > 5


# The truth.


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.id)
def test_every_exclusion_has_three_look_alikes(truth: Truth, detector: Any) -> None:
    mine = [e for e in truth["planted"] if e["detector"] == detector.id]
    excuses = Counter(e["excluded_by"] for e in mine)
    assert excuses[""] >= 3
    assert {x.code: excuses[x.code] for x in detector.exclusions if excuses[x.code] < 3} == {}
    known = {BASE} | {x.code for x in (*detector.exclusions, *detector.conditions)}
    assert set(excuses) - {""} <= known


def test_severities(truth: Truth) -> None:
    graded = Counter((e["detector"], e["severity"]) for e in truth["planted"] if e["severity"])
    assert all(graded["MI-01", severity] >= 3 for severity in "HML")
    assert {s for _, s in graded} == set("HML")
    assert all(bool(e["severity"]) != bool(e["excluded_by"]) for e in truth["planted"])


def test_a_fact_is_planted_once(truth: Truth) -> None:
    facts = Counter((e["detector"], e["rule"], e["subject"], *e["fact"]) for e in truth["planted"])
    assert facts.most_common(1)[0][1] == 1


def test_story_is_told_in_both_languages(truth: Truth) -> None:
    told = {e["story"] for e in truth["planted"]} - {""}
    assert told == set(truth["stories"])
    assert all(set(text) == {"zh", "en"} for text in truth["stories"].values())


def test_planted_subjects_are_in_the_registers(small: Sample, truth: Truth) -> None:
    registers = {
        "mi_person": "certno", "mi_institution": "fixmedins_code", "org_registry": "emp_uscc",
        "mi_staff": "staff_codg",
    }  # fmt: skip
    subjects = set()
    for _, path in files(small):
        if column := registers.get(contract_of(path).name):
            for row in rows_of(path):
                checked = citizen_id(row[column], as_of=RECEIVED)
                subjects.add(checked.normal if checked.ok else row[column])
    assert {e["subject"] for e in truth["planted"]} - {""} <= subjects


def test_read_planted(small: Sample, truth: Truth) -> None:
    planted = read_planted(small.truth)
    assert [p.detector for p in planted] == [e["detector"] for e in truth["planted"]]
    assert all(isinstance(p.fact, tuple) for p in planted)


# The files.


def test_every_file_is_expected(small: Sample, truth: Truth) -> None:
    assert {name for name, _ in files(small)} == set(truth["expected"])
    assert {rows["rows"] for rows in truth["expected"].values()} - {0}


def test_names_of_files_name_dataset_and_department(small: Sample) -> None:
    words = {w: d.name for d in DATASETS for w in (d.title.zh, *d.synonyms)}
    for _, path in files(small):
        assert len({name for word, name in words.items() if word in path.name}) == 1
        assert any(owner in path.name for owner in contract_of(path).owners)


def test_encodings(small: Sample) -> None:
    first, second, third = small.deliveries
    assert all(p.read_bytes().startswith(b"\xef\xbb\xbf") for p in first.iterdir())
    for path in second.iterdir():
        with pytest.raises(UnicodeDecodeError):
            path.read_bytes().decode("utf-8")
    assert {p.suffix for p in third.iterdir()} == {".csv", ".parquet"}


def unusable(contract: type[Dataset], row: dict[str, str]) -> bool:
    """Whether a key part is empty, or a required date or amount is empty or unreadable."""
    for column in contract.columns.values():
        text = row.get(column.name, "")
        if isinstance(column.type, PersonId) or not column.required:
            continue
        if column.name in contract.key and not text:
            return True
        if isinstance(column.type, Timestamp | Date):
            if not parse_moment(text, not_after=RECEIVED).value:
                return True
        elif isinstance(column.type, Money) and not column.type.check(text, Delivery(RECEIVED)).ok:
            return True
    return False


def test_counts_of_every_file(small: Sample, truth: Truth) -> None:
    quarantined = duplicates = 0
    for name, path in files(small):
        expected = truth["expected"][name]
        contract, rows = contract_of(path), rows_of(path)
        assert len(rows) == expected["rows"]
        if expected["duplicates"] == expected["rows"]:
            twin = small.deliveries[0] / path.name
            assert path.read_bytes() == twin.read_bytes()
            continue
        good = [row for row in rows if not unusable(contract, row)]
        assert len(rows) - len(good) == expected["quarantined"], name
        assert len(good) - len({tuple(r.values()) for r in good}) == expected["duplicates"], name
        keys = {tuple(r[k] for k in contract.key) for r in good}
        assert len(good) - len(keys) == expected["duplicates"], name
        quarantined += expected["quarantined"]
        duplicates += expected["duplicates"]
    assert quarantined >= 30 and duplicates >= 10


def test_settlements_sent_again_are_later_and_different(small: Sample) -> None:
    paths = [p for _, p in files(small) if contract_of(p).name == "mi_settlement"]
    earlier = {r["setl_id"]: r for p in paths[:2] for r in rows_of(p) if r["setl_id"]}
    again = [r for r in rows_of(paths[2]) if r["setl_id"] in earlier]
    assert len(again) >= 10
    for row in again:
        old = earlier[row["setl_id"]]
        new_time, old_time = (
            parse_moment(r["upload_time"], not_after=RECEIVED).value for r in (row, old)
        )
        assert new_time and old_time and new_time > old_time
        assert row["medfee_sumamt"] != old["medfee_sumamt"]


def test_third_delivery_holds_reversals_and_late_rows(small: Sample) -> None:
    path = next(p for p in small.deliveries[2].iterdir() if contract_of(p).name == "mi_settlement")
    rows = rows_of(path)
    reversing = [r for r in rows if r["refd_setl_flag"] == "1"]
    assert {bool(r.get("init_setl_id")) for r in reversing} == {True, False}
    begins = [parse_moment(r["begntime"], not_after=RECEIVED).value for r in rows]
    assert sum(b is not None and b < datetime(2023, 5, 1) for b in begins) >= 5


def test_dirt_is_there_and_spares_the_truth(small: Sample, truth: Truth) -> None:
    subjects = {e["subject"] for e in truth["planted"]}
    forms: set[str] = set()
    usable: Counter[str] = Counter()
    for _, path in files(small):
        if contract_of(path).name != "mi_settlement":
            continue
        for row in rows_of(path):
            checked = citizen_id(row["certno"], as_of=RECEIVED)
            forms.add(checked.reason or checked.repaired)
            if checked.ok:
                usable[checked.normal or ""] += 1
    assert {"D01", "D01_PRECISION_LOST", ""} <= forms
    people = {s for s in subjects if citizen_id(s, as_of=RECEIVED).ok}
    served = {
        e["subject"]
        for e in truth["planted"]
        if e["excluded_by"] != "MUTUAL_AID" and e["detector"] != "MI-02"
    } & people
    assert all(usable[s] for s in served)
