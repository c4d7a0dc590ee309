"""The verb of this room: run detectors and keep what they saw."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from clew.accounts.models import Account
from clew.audit.actions import append
from clew.datasets.places import RowPlace, evidence_keys
from clew.declare import (
    CLUE,
    DATA_CORRECTION,
    REVIEW_LIST,
    Detector,
    Pack,
    Params,
    Rule,
    registry,
)
from clew.detection import access, code, facts_file, inputs
from clew.detection.divisions import Sighted, divisions, shown
from clew.detection.engines import duck, spark
from clew.detection.engines.base import Engine
from clew.detection.facts import Candidate, Result, shown_values
from clew.detection.models import NOT_RUN, RAN, Clue, Evidence, Hit, Run
from clew.detection.plan import NotRun, Plan, Progress, Stage, execute, explain, plan
from clew.detection.verdicts.actions import reopen_changed
from clew.kernel import clock
from clew.kernel.errors import InputError
from clew.kernel.keys import clue_id
from clew.kernel.workspace import Workspace


@dataclass
class Outcome:
    """One detector's line in a run's answer. `excluded` counts facts by the code that decided,
    `rules` the clues of each rule that ran; `reason` tells what rules that did not run lack.
    """

    id: str
    status: str
    candidates: int = 0
    excluded: Mapping[str, int] | None = None
    review_list: int = 0
    data_correction: int = 0
    untested: Sequence[str] = ()
    clues: int = 0
    new: int = 0
    fund: int = 0
    account: int = 0
    reason: str = ""
    rules: Mapping[str, int] = field(default_factory=dict)


@dataclass
class RunAnswer:
    run: str
    outcomes: list[Outcome]


def run(
    *,
    by: Account,
    detectors: Sequence[Detector],
    overrides: Mapping[str, Mapping[str, str]],
    as_of: date | None = None,
    progress: Progress = lambda text, share: None,
    dry_run: bool = False,
) -> RunAnswer:
    """Runs detectors over all that is published now; one ledger entry.

    A detector that lacks a required input is `not_run`. A dry run keeps nothing.

    Raises:
        InputError: an unknown parameter, or a value outside its bounds.
        Denied: no post that runs detectors over the whole domain.
    """
    for pack, _ in by_pack(detectors):
        access.require_domain(by, "run", pack.name)
    workspace = Workspace.current()
    day = as_of or clock.today()
    params = _params(detectors, overrides)
    plans = _plans(detectors, params, day)
    results: list[Result] = []
    with open_engine(workspace) as engine:
        for work in plans:
            results += execute(work, engine, progress)
    not_run = [n for work in plans for n in work.not_run]
    if dry_run:
        return RunAnswer("", _outcomes(detectors, results, not_run, {}))
    return _keep(by, workspace, plans, params, day, results, not_run, detectors)


def stages(
    *, detectors: Sequence[Detector], overrides: Mapping[str, Mapping[str, str]], as_of: date | None
) -> list[Stage]:
    """What a run would do, stage by stage, with the SQL of each."""
    plans = _plans(detectors, _params(detectors, overrides), as_of or clock.today())
    with open_engine(Workspace.current()) as engine:
        return [stage for work in plans for stage in explain(work, engine)]


def _params(
    detectors: Sequence[Detector], overrides: Mapping[str, Mapping[str, str]]
) -> dict[str, Params]:
    return {d.id: d.values(overrides.get(d.id, {})) for d in detectors}


def _plans(
    detectors: Sequence[Detector], params: Mapping[str, Params], day: date
) -> list[Plan]:
    return [
        plan(pack, chosen, params, inputs.freeze(pack.datasets, day))
        for pack, chosen in by_pack(detectors)
    ]


def open_engine(workspace: Workspace) -> AbstractContextManager[Engine]:
    """The engine that $CLEW_ENGINE names; DuckDB unless told otherwise."""
    chosen = os.environ.get("CLEW_ENGINE", "duckdb")
    if chosen == "duckdb":
        return duck.session(workspace)
    if chosen == "spark":
        return spark.session(workspace)
    raise InputError(
        f"CLEW_ENGINE={chosen} 不可用 (no such engine)", next_step="CLEW_ENGINE=duckdb 或 spark"
    )


def by_pack(detectors: Iterable[Detector]) -> list[tuple[Pack, list[Detector]]]:
    grouped: dict[str, list[Detector]] = {}
    for detector in detectors:
        grouped.setdefault(registry.pack_of_detector(detector.id).name, []).append(detector)
    return [(registry.pack(name), found) for name, found in sorted(grouped.items())]


def identity(detector: Detector, rule: Rule, candidate: Candidate) -> str:
    """The clue's outside id: it depends on detector, rule, subject and fact key alone."""
    return clue_id(
        Workspace.current().key, detector.id, rule.code, rule.subject, candidate.subject,
        list(candidate.key),
    )  # fmt: skip


def _keep(
    by: Account,
    workspace: Workspace,
    plans: Sequence[Plan],
    params: Mapping[str, Params],
    day: date,
    results: Sequence[Result],
    not_run: Sequence[NotRun],
    detectors: Sequence[Detector],
) -> RunAnswer:
    frozen = {k: v for work in plans for k, v in work.inputs.as_json().items()}
    record = Run(
        code=secrets.token_hex(6),
        as_of=day,
        started_at=clock.now(),
        started_by=by,
        engine=os.environ.get("CLEW_ENGINE", "duckdb"),
        inputs=frozen,
        held=sorted({h for work in plans for h in work.inputs.held}),
        versions={d.id: d.version for d in detectors},
        params={d: {k: str(v) for k, v in p.items()} for d, p in params.items()},
        code_hash=code.digest(registry.pack_of_detector(d.id) for d in detectors),
    )
    places = evidence_keys(
        sorted({row for r in results for c in r.clues for row in evidence_rows(c)})
    )
    record.facts_file = facts_file.write(workspace, results)
    new: Counter[str] = Counter()
    with transaction.atomic():
        record.save()
        for result in results:
            new[result.detector.id] += _sight(record, result, places)
        outcomes = _outcomes(detectors, results, not_run, new)
        record.results = [asdict(o) for o in outcomes]
        record.save()
        append(
            by=by, verb="detection.run", subject=record.code,
            facts={
                "detectors": [d.id for d in detectors],
                "clues": sum(o.clues for o in outcomes),
                "new": sum(o.new for o in outcomes),
                "code_hash": record.code_hash,
            },
        )  # fmt: skip
        reopen_changed(by=by, run=record)
    return RunAnswer(record.code, outcomes)


def _sight(record: Run, result: Result, places: Mapping[int, RowPlace]) -> int:
    """Keeps a rule's clues: known ones get another sighting. Returns how many are new."""
    detector, rule = result.detector.id, result.rule
    codes = {identity(result.detector, rule, c): c for c in result.clues}
    known = set(Clue.objects.filter(detector=detector).values_list("code", flat=True))
    unknown = {clue: c for clue, c in codes.items() if clue not in known}
    pack = registry.pack_of_detector(detector)
    whereabouts = divisions(pack, [_sighted(rule, c) for c in unknown.values()])
    fresh = [
        Clue(
            code=clue, detector=detector, rule=rule.code, subject_kind=rule.subject,
            subject_key=str(c.subject), fact_key=[str(part) for part in c.key],
            domain=pack.name, division=division, first_run=record, last_run=record,
        )
        for (clue, c), division in zip(unknown.items(), whereabouts, strict=True)
    ]  # fmt: skip
    Clue.objects.bulk_create(fresh)
    ids = dict(Clue.objects.filter(detector=detector).values_list("code", "id"))
    hits = Hit.objects.bulk_create(
        Hit(
            run=record, clue_id=ids[clue], severity=c.severity, fund=c.fund, account=c.account,
            untested=list(c.untested), digest=digest(result.detector, rule, c),
        )
        for clue, c in codes.items()
    )  # fmt: skip
    Evidence.objects.bulk_create(
        evidence
        for hit, candidate in zip(hits, codes.values(), strict=True)
        for evidence in _evidence(hit, rule, candidate, places)
    )
    Clue.objects.filter(detector=detector, hits__run=record).update(last_run=record)
    return len(fresh)


def _sighted(rule: Rule, candidate: Candidate) -> Sighted:
    values = [v for j in candidate.flagged for v in shown_values(j.row.values, ()).values()]
    return Sighted(
        rule.subject, str(candidate.subject), tuple(shown(values)),
        tuple(j.row_id for j in candidate.flagged),
        tuple(row for j in candidate.flagged for _, row in j.others),
    )  # fmt: skip


def evidence_rows(candidate: Candidate) -> list[int]:
    rows = [j.row_id for j in candidate.flagged]
    return rows + [row for j in candidate.flagged for _, row in j.others]


def _evidence(
    hit: Hit, rule: Rule, candidate: Candidate, places: Mapping[int, RowPlace]
) -> Iterable[Evidence]:
    seen: dict[tuple[str, int], dict[str, Any]] = {}
    for judged in candidate.flagged:
        seen[("flagged", judged.row_id)] = shown_values(judged.row.values, rule.fact_key) | {
            "fund": judged.row.values["fund"],
            "account": judged.row.values["account"],
        }
    flagged = {row for _, row in seen}
    for judged in candidate.flagged:
        for role, row in judged.others:
            if row not in flagged:
                seen.setdefault((role, row), {})
    for (role, row), values in seen.items():
        place = places[row]
        yield Evidence(
            hit=hit, role=role, row_id=row, dataset=place.dataset, batch=place.batch,
            file=place.file, row=place.row, key=list(place.key), values=values,
        )  # fmt: skip


def digest(detector: Detector, rule: Rule, candidate: Candidate) -> str:
    """Names everything that a run says of a clue; equal digests are equal clues."""
    content = {
        "detector": f"{detector.id}{rule.code}",
        "severity": candidate.severity,
        "fund": candidate.fund,
        "account": candidate.account,
        "untested": list(candidate.untested),
        "rows": [
            [j.row_id, j.others, j.row.values["fund"], j.row.values["account"],
             shown_values(j.row.values, rule.fact_key), dict(j.tested)]
            for j in candidate.flagged
        ],
    }  # fmt: skip
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _outcomes(
    detectors: Sequence[Detector],
    results: Sequence[Result],
    not_run: Sequence[NotRun],
    new: Mapping[str, int],
) -> list[Outcome]:
    return [
        _outcome(
            detector,
            [r for r in results if r.detector.id == detector.id],
            [n for n in not_run if n.detector.id == detector.id],
            new.get(detector.id, 0),
        )
        for detector in detectors
    ]


def _outcome(
    detector: Detector, seen: Sequence[Result], not_run: Sequence[NotRun], new: int
) -> Outcome:
    """A detector ran where one of its rules did; what the others lack is told."""
    reason = "; ".join(f"{n.rule.code} {n.reason}".strip() for n in not_run)
    if not seen:
        return Outcome(detector.id, NOT_RUN, excluded={}, reason=reason)
    excluded: Counter[str] = Counter()
    for result in seen:
        excluded.update(result.excluded)
    clues = [c for r in seen for c in r.clues]
    return Outcome(
        detector.id, RAN, sum(len(r.candidates) for r in seen), dict(excluded),
        sum(r.count(REVIEW_LIST) for r in seen), sum(r.count(DATA_CORRECTION) for r in seen),
        tuple(dict.fromkeys(code for r in seen for code in r.untested)), len(clues), new,
        sum(c.fund for c in clues), sum(c.account for c in clues), reason,
        {r.rule.code: r.count(CLUE) for r in seen if r.rule.code},
    )  # fmt: skip
