"""The small city from its deliveries to its clues: as planted, again and again, on every engine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from clew.cli import main, verdict
from clew.datasets.ingest.deliver import Request, deliver
from clew.datasets.lake.engine import connect, files_sql
from clew.datasets.models import LakeFile
from clew.datasets.queries import paths
from clew.declare import Detector, Pack, Rule, registry
from clew.detection import actions, inputs, queries, reproduce, why
from clew.detection.actions import digest, identity
from clew.detection.engines import duck, spark
from clew.detection.engines.base import Engine
from clew.detection.facts import Result
from clew.detection.inputs import Inputs
from clew.detection.models import Run
from clew.detection.plan import execute, plan
from clew.kernel import clock
from clew.kernel.identifiers import citizen_id, person_scheme, uscc
from clew.kernel.keys import person_key
from clew.kernel.workspace import Workspace
from clew.linkage import queries as linkage
from clew.linkage.models import Link
from clew.reports import queries as reports
from tests.journeys.conftest import SEEDS, TODAY, City

pytestmark = pytest.mark.django_db
PACK = registry.pack("medical_insurance")
LOWER = {"H": "M", "M": "L", "L": "L"}
GRADED = ("MI-01",)
"""Whose grade depends on what the clue holds, and so on the input that is withheld."""
one_city = pytest.mark.parametrize("city", SEEDS[:1], indirect=True)


def current() -> dict[str, str]:
    return {h.clue.code: h.digest for h in queries.current_hits()}


def digests(results: list[Result]) -> dict[str, str]:
    return {
        identity(r.detector, r.rule, c): digest(r.detector, r.rule, c)
        for r in results
        for c in r.clues
    }


def frozen(city: City) -> Inputs:
    run = Run.objects.get(code=city.answer.run)
    return Inputs.from_json(run.inputs, run.held, run.as_of)


def run_on(
    engine: Engine, given: Inputs, detectors: tuple[Detector, ...] = PACK.detectors
) -> list[Result]:
    params = {d.id: d.values() for d in detectors}
    return execute(plan(PACK, detectors, params, given), engine)


def test_the_truth_is_met(city: City) -> None:
    scores = verdict.score(city.truth, Run.objects.get(code=city.answer.run))
    assert [w for s in scores for w in s.wrong] == []
    assert {s.detector for s in scores} == {d.id for d in PACK.detectors}
    for score in scores:
        assert score.found == score.planted > 0
        assert (score.missed, score.false) == (0, 0)
        assert score.unjudged == 0 or registry.detector(score.detector).scored
        assert score.look_alikes > 0


def test_every_file_counts_as_planted(city: City) -> None:
    assert verdict.deliveries(city.truth, city.receipts) == []
    for receipts in city.receipts.values():
        for receipt in receipts:
            assert receipt.rows == receipt.accepted + receipt.quarantined + receipt.duplicates


def test_an_unmet_truth_is_noticed(city: City) -> None:
    run = Run.objects.get(code=city.answer.run)
    schemes = [c for c in city.truth["planted"] if not c["excluded_by"]]
    lost = city.truth | {"planted": schemes[1:]}
    assert [w for s in verdict.score(lost, run) for w in s.wrong if w.startswith("误")]
    invented = schemes[0] | {"fact": ["1999-01-01"] * len(schemes[0]["fact"])}
    more = city.truth | {"planted": [*city.truth["planted"], invented]}
    assert [w for s in verdict.score(more, run) for w in s.wrong if w.startswith("漏")]
    graver = schemes[0] | {"severity": "H" if schemes[0].get("severity") == "L" else "L"}
    other = city.truth | {"planted": [graver, *schemes[1:]]}
    assert [w for s in verdict.score(other, run) for w in s.wrong if w.startswith("级别")]
    excused = next(c for c in city.truth["planted"] if c["excluded_by"] == "REVERSED")
    named = city.truth | {"planted": [*schemes, excused | {"excluded_by": "SAME_STAY"}]}
    assert [w for s in verdict.score(named, run) for w in s.wrong if w.startswith("理由")]
    name = next(iter(city.truth["expected"]))
    assert verdict.deliveries(city.truth, {k: v for k, v in city.receipts.items() if k != name})


def test_wrong_numbers_conflict_and_former_names_do_not(city: City) -> None:
    key = Workspace.current().key

    cases = [c for c in city.truth["planted"] if c["excluded_by"] == "LINK_BELOW_T1"]
    planted = {person_key(key, person_scheme(c["subject"], None), c["subject"]) for c in cases}
    found = [c for c in linkage.conflicts() if c.kind == linkage.TWO_NAMES]
    wrong = planted - set(Link.objects.values_list("person", flat=True))
    assert wrong
    assert wrong <= {m.person for c in found for m in c.mentions}
    formerly = _former_names()
    assert formerly
    for mention in (m for c in found for m in c.mentions):
        assert mention.name_key not in formerly.get(mention.person, set())
    totals = {(x.a, x.b): x for x in linkage.links()}
    assert totals["death_health", "mi_person"].conflicting >= len(wrong)


def _former_names() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    workspace = Workspace.current()
    with connect(workspace) as con:
        files = files_sql(paths(workspace, "police_person", LakeFile.ROWS))
        for person, name in con.execute(
            f"SELECT certno, former_name_key FROM {files} WHERE former_name_key <> ''"
        ).fetchall():
            found.setdefault(person, set()).add(name)
    return found


def test_every_figure_is_what_its_rows_give(city: City) -> None:
    page = reports.brief(PACK.name)
    figures = {f.id: f for f in page.figures}
    hits = queries.current_hits()
    assert figures["A1.20"].value == len(hits)
    assert figures["A1.20a"].value == _yuan(h.fund for h in hits if h.clue.detector == "MI-01")
    assert figures["A1.20b"].value == _yuan(h.fund + h.account for h in hits)
    settled = [r for rs in city.receipts.values() for r in rs if r.dataset == "mi_settlement"]
    assert figures["A1.19"].value == sum(r.accepted for r in settled)
    assert figures["A1.19b"].value == len(settled)
    for figure in page.figures:
        assert len(reports.rows_behind(PACK.name, figure.id)) == figure.rows


def _yuan(amounts: Iterator[int]) -> str:
    total = sum(amounts)
    return f"{total // 100}.{total % 100:02d}"


def test_no_list_shows_a_number_in_clear(
    city: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clue = queries.current_hits("MI-06")[0].clue.code
    batch = next(r.batch for rs in city.receipts.values() for r in rs if r.quarantined)
    conflict = linkage.conflicts()[0].mentions[0].example
    monkeypatch.setattr("clew.cli.session.current_account", lambda: city.by)
    numbers = {
        c["subject"]
        for c in city.truth["planted"]
        if citizen_id(c["subject"], as_of=TODAY).ok
    }
    assert numbers
    for line in (
        "clues list", "clues list --json", "clues export", f"clues show {clue}", f"thread {clue}",
        "quarantine list", "quarantine list --json", f"datasets show {batch}", "datasets batches",
        "link --conflicts", "link --conflicts --json", f"trace {conflict}",
        "brief medical_insurance", "audit list --limit 100", "audit list --json",
    ):  # fmt: skip
        assert main.run(line.split()) == 0, line
        out, err = capsys.readouterr()
        assert not [n for n in numbers if n in out + err], line
        long = re.findall(r"(?<![\dA-Za-z])\d{17,}[\dXx]?(?![\dA-Za-z])", out + err)
        # An organisation's code may be all digits; it is no secret.
        assert not [n for n in long if not uscc(n).ok], line


@one_city
@pytest.mark.parametrize("detector", ["MI-05", "MI-06"])
def test_a_failed_condition_is_the_answer(city: City, detector: str) -> None:
    declared = registry.detector(detector)
    conditions = {c.code for c in declared.conditions}
    cases = [
        c for c in city.truth["planted"]
        if c["detector"] == detector and c["excluded_by"] in conditions
    ]  # fmt: skip
    assert cases
    case = cases[0]
    stays = [part for part in case["fact"] if not part.startswith(verdict.PERSON)]
    reasons = [r for stay in stays for r in why.why(stay, [declared])]
    failed = {r.decided_by for r in reasons if r.outcome == why.CONDITION_FAILED}
    assert failed == {case["excluded_by"]}


@one_city
def test_every_clue_is_reproduced(city: City) -> None:
    run = Run.objects.get(code=city.answer.run)
    found: dict[str, str] = {}
    for detector in PACK.detectors:
        found |= reproduce.again(run, detector)
    assert found == current()


@one_city
def test_threads_and_hash_seeds_change_nothing(city: City, tmp_path: Path) -> None:
    """With the city's own run, five runs of all detectors."""
    expected = current()
    given = frozen(city)
    request = tmp_path / "inputs.json"
    request.write_text(json.dumps([given.as_json(), sorted(given.held), TODAY.isoformat()]))
    for threads, hash_seed in ((1, 0), (2, 1), (1, 2), (2, 3)):
        answer = subprocess.run(
            [sys.executable, "-c", RECOMPUTE, str(request)],
            env={**os.environ, "CLEW_THREADS": str(threads), "PYTHONHASHSEED": str(hash_seed),
                 "DJANGO_SETTINGS_MODULE": "clew.settings"},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert answer.returncode == 0, answer.stderr
        assert json.loads(answer.stdout) == expected


RECOMPUTE = """
import json, sys
from datetime import date
from pathlib import Path
import django
django.setup()
from clew.declare import registry
from clew.detection.actions import digest, identity
from clew.detection.engines import duck
from clew.detection.inputs import Inputs
from clew.detection.plan import execute, plan
from clew.kernel.workspace import Workspace
frozen, held, day = json.loads(Path(sys.argv[1]).read_text())
pack = registry.pack("medical_insurance")
given = Inputs.from_json(frozen, held, date.fromisoformat(day))
with duck.session(Workspace.current()) as engine:
    params = {d.id: d.values() for d in pack.detectors}
    results = execute(plan(pack, pack.detectors, params, given), engine)
found = {
    identity(r.detector, r.rule, c): digest(r.detector, r.rule, c)
    for r in results
    for c in r.clues
}
json.dump(found, sys.stdout)
"""


@one_city
def test_spark_sees_what_duckdb_sees(
    city: City, spark_remote: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK_REMOTE", spark_remote)
    workspace = Workspace.current()
    with spark.session(workspace) as engine:
        results = run_on(engine, frozen(city))
    assert digests(results) == current()
    for outcome in city.answer.outcomes:
        seen = [r for r in results if r.detector.id == outcome.id]
        assert sum(len(r.candidates) for r in seen) == outcome.candidates > 0
        assert sum((Counter(r.excluded) for r in seen), Counter()) == outcome.excluded
    assert not list(workspace.staging.glob("spark-*"))


@one_city
def test_the_wall_clock_is_not_asked(city: City) -> None:
    """G11: only the run's day counts."""
    expected = current()
    with clock.fixed(date(2031, 2, 3)):
        given = inputs.freeze(PACK.datasets, TODAY)
        with duck.session(Workspace.current()) as engine:
            assert digests(run_on(engine, given)) == expected


@one_city
def test_an_earlier_day_reads_no_later_fact(city: City) -> None:
    day = date(2023, 6, 30)
    given = inputs.freeze(PACK.datasets, day)
    with duck.session(Workspace.current()) as engine:
        results = run_on(engine, given)
    rows = {j.row_id for r in results for c in r.candidates for j in c.rows}
    rows |= {row for r in results for c in r.candidates for j in c.rows for _, row in j.others}
    dates = _main_dates(sorted(rows))
    assert dates
    assert max(dates) <= day
    assert 0 < len(digests(results)) < len(current())


def _main_dates(row_ids: list[int]) -> list[date]:
    workspace, found = Workspace.current(), []
    with connect(workspace) as con:
        for contract in PACK.datasets:
            files = paths(workspace, contract.name, LakeFile.ROWS)
            if files and contract.main_date:
                found += con.execute(
                    f"SELECT CAST({contract.main_date} AS DATE) FROM {files_sql(files)} "
                    f"WHERE row_id IN (SELECT unnest(?)) AND {contract.main_date} IS NOT NULL",
                    [row_ids],
                ).fetchall()
    return [day for (day,) in found]


def optional_datasets(pack: Pack) -> list[str]:
    named = {d.name for d in pack.datasets}
    return sorted({n for d in pack.detectors for n in d.optional if n in named})


def without(given: Inputs, *datasets: str) -> Inputs:
    held = {h for h in given.held if h.partition(".")[0] not in datasets}
    files = {n: f for n, f in given.frozen.items() if n not in datasets}
    return replace(given, frozen=files, held=frozenset(held))


@one_city
@pytest.mark.parametrize("dataset", optional_datasets(PACK))
def test_without_an_optional_input_a_detector_runs_and_says_so(city: City, dataset: str) -> None:
    """G12: the codes that nothing is left to test are untested, their clues one step lower."""
    whole = frozen(city)
    given = without(whole, dataset)
    detectors = tuple(d for d in PACK.detectors if dataset in d.optional)
    with duck.session(Workspace.current()) as engine:
        results = run_on(engine, given, detectors)
    severities = {h.clue.code: (h.severity, h.untested) for h in queries.current_hits()}
    asked = plan(PACK, detectors, {d.id: d.values() for d in detectors}, given).rules
    assert [(r.detector, r.rule) for r in results] == list(asked)
    for result in results:
        lost = _left_without_source(result.rule, given.held)
        assert lost <= set(result.untested)
        if dataset in whole.held:
            before = _left_without_source(result.rule, whole.held)
            assert set(result.untested) >= before
        for candidate in result.clues:
            assert lost <= set(candidate.untested)
            clue = identity(result.detector, result.rule, candidate)
            known, untested = severities.get(clue, ("", []))
            lowering = lost - {s.code for s in result.rule.signals}
            if known and lowering and not untested and result.detector.id not in GRADED:
                assert candidate.severity == LOWER[known]


def _left_without_source(rule: Rule, held: frozenset[str]) -> set[str]:
    return {i.code for i in rule.asked if i.sources and not held & set(i.sources)}


RULES = [(d, r) for d in PACK.detectors for r in d.rules]


@one_city
@pytest.mark.parametrize(("detector", "rule"), RULES, ids=[f"{d.id}{r.code}" for d, r in RULES])
def test_without_a_required_input_a_rule_is_not_run(
    city: City, detector: Detector, rule: Rule
) -> None:
    whole = frozen(city)

    def lacking(*datasets: str) -> list[str]:
        params = {detector.id: detector.values()}
        work = plan(PACK, [detector], params, without(whole, *datasets))
        return [n.reason for n in work.not_run if n.rule is rule]

    assert lacking() == []
    for item in rule.required:
        choices = getattr(item, "datasets", (item,))
        (reason,) = lacking(*(c.partition(".")[0] for c in choices))
        assert all(name in reason for name in choices)
        for kept in choices if len(choices) > 1 else ():
            assert lacking(*(c for c in choices if c != kept)) == []


@one_city
def test_rows_sent_again_leave_the_clues_as_they_are(city: City, tmp_path: Path) -> None:
    """G13: the settlements of the first delivery once more, in two files."""
    expected = current()
    (source,) = (f for f in city.sample.deliveries[0].iterdir() if "结算信息" in f.name)
    header, *rows = source.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    half = len(rows) // 2
    for number, part in enumerate((rows[:half], rows[half:])):
        path = tmp_path / f"{number}_{source.name}"
        path.write_text("".join([header, *part]), encoding="utf-8")
        (receipt,) = deliver(Request(path), by=city.by)
        assert receipt.status == "published", receipt
    answer = actions.run(by=city.by, detectors=PACK.detectors, overrides={})
    assert set(current()) == set(expected)
    assert [o.new for o in answer.outcomes] == [0] * len(PACK.detectors)
