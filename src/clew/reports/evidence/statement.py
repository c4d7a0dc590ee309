"""What an evidence package states, as one JSON document: the whole of which the sheets are views.

    format      name and edition of this shape; another shape is another edition
    made        when, by which account, by which Clew, masked or not
    group       the proposed matter, if the package is one
    clues       each with rule, parameters, legal basis, what was tested, its rows' places
    tables      the evidence rows under their owners' headers
    sources     the batches, with the SHA-256 of each delivered file

Money is text in yuan with two decimals. Nothing here depends on anything but its arguments and what
is stored, so the same clue at the same time gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

from clew.accounts.models import Account
from clew.datasets import content
from clew.datasets.models import Batch
from clew.datasets.places import evidence_keys
from clew.declare import Condition, Detector, Exclusion, Rule, Signal, T, registry
from clew.declare.types import PersonId
from clew.detection import code, queries
from clew.detection.models import Clue, Evidence, Hit
from clew.detection.tested import Tested, tested
from clew.detection.triage.confidence import WHOLE, confidences
from clew.detection.triage.groups import PERSON, Group
from clew.detection.triage.params import values
from clew.detection.verdicts.queries import history
from clew.kernel.money import yuan
from clew.reports.evidence.masks import Persons
from clew.reports.evidence.package import FORMAT
from clew.reports.evidence.tables import tables

_KINDS = {Condition: "condition", Signal: "signal", Exclusion: "exclusion"}


def statement(
    hits: Sequence[Hit], *, by: Account, at: datetime, clear: bool, group: Group | None = None
) -> dict[str, Any]:
    """Everything that a package of these clues says, masked unless `clear`."""
    rows = queries.evidence(hits)
    every = [row for found in rows.values() for row in found]
    persons = Persons(_person_keys(hits, every), clear=clear)
    shown = queries.Subjects.of(hits, every, clear=clear)
    trust = confidences(hits, rows, values())
    answers = tested(hits)
    return {
        "format": FORMAT,
        "made": {"at": at.isoformat(timespec="seconds"), "by": by.code, "clew": version("clew"),
                 "masked": not clear},
        "group": _group(group, shown) if group else None,
        "clues": [
            _clue(hit, rows[hit.pk], answers[hit.clue.code], shown)
            | {"confidence": {
                "value": trust[hit.pk].value / WHOLE, "weakest": trust[hit.pk].weakest,
                "precision": trust[hit.pk].verdicts.as_json()}}
            for hit in hits
        ],
        "tables": tables(hits, rows, persons),
        "sources": _sources({row.batch for row in every}),
    }  # fmt: skip


def _group(group: Group, shown: queries.Subjects) -> dict[str, Any]:
    key = group.anchor.key
    return {
        "group": group.id, "family": group.family, "kind": group.anchor.kind,
        "anchor": shown.person(int(key)) if group.anchor.kind == PERSON
        else "/".join(shown.fact(key.split("/"))),
        "name": group.name, "clues": len(group.hits), "persons": group.persons,
        "fund_amount": yuan(group.fund), "account_amount": yuan(group.account),
        "severity": group.severity,
        "period": [day.isoformat() if day else "" for day in group.period],
    }  # fmt: skip


def _clue(
    hit: Hit, rows: Sequence[Evidence], answer: Tested, shown: queries.Subjects
) -> dict[str, Any]:
    detector = registry.detector(hit.clue.detector)
    rule = detector.rule(hit.clue.rule)
    return {
        "clue": hit.clue.code,
        "detector": detector.id, "rule": rule.code,
        "title": {"zh": _title(detector, rule).zh, "en": _title(detector, rule).en},
        "status": hit.clue.status, "severity": hit.severity,
        "fund_amount": yuan(hit.fund), "account_amount": yuan(hit.account),
        "subject_kind": hit.clue.subject_kind,
        "subject": shown.subject(hit.clue.subject_kind, hit.clue.subject_key),
        "fact": [
            {"name": name, "title": _fact_title(name, rows), "value": value}
            for name, value in zip(rule.fact_key, shown.fact(hit.clue.fact_key), strict=False)
        ],
        "confirm_identity": queries.confirm_identity(rows),
        "rows": [
            {"role": row.role, "dataset": row.dataset, "batch": row.batch, "row": row.row,
             "fund_amount": yuan(int(row.values.get("fund") or 0)),
             "account_amount": yuan(int(row.values.get("account") or 0))} for row in rows
        ],
        "method": _method(hit, detector),
        "tests": _tests(hit, rule, answer),
        "recomputed": {"state": answer.state, "reason": answer.reason},
        "set_aside": _set_aside(answer),
        "verdicts": [
            {"kind": v.kind, "code": v.code, "reason": v.reason, "by": v.by.code,
             "at": v.at.isoformat(timespec="seconds"), "version": v.version}
            for v in history(hit.clue)
        ],
    }  # fmt: skip


def _fact_title(name: str, rows: Sequence[Evidence]) -> str:
    """What the contracts of a clue's rows call a column of this name; else the name itself."""
    own = [registry.dataset(row.dataset) for row in rows]
    for contract in (*own, *registry.datasets().values()):
        if name in contract.columns:
            return contract.columns[name].title.zh
    return "个人" if name == "person" else name


def _method(hit: Hit, detector: Detector) -> dict[str, Any]:
    """The version that saw the clue, with its own values; titles are those of today's detector."""
    pack = registry.pack_of_detector(detector.id)
    values_ = hit.run.params[detector.id]
    seen = hit.run.versions[detector.id]
    return {
        "version": seen, "current_version": detector.version,
        "about": detector.doc.partition("\n\n")[0].replace("\n", " "),
        "owner": detector.owner,
        "run": hit.run.code, "as_of": hit.run.as_of.isoformat(), "engine": hit.run.engine,
        "code": hit.run.code_hash, "code_unchanged": _code_unchanged(hit),
        "digest": hit.digest,
        "parameters": [
            {"name": p.name, "value": str(values_[p.name]), "default": str(p.default),
             "unit": p.unit, "title": p.title.zh, "title_en": p.title.en}
            for p in detector.params if p.name in values_
        ],
        "basis": [
            {"document": pack.legal[b].document.zh, "article": pack.legal[b].article,
             "verified": pack.legal[b].verified} for b in detector.basis
        ],
    }  # fmt: skip


def _code_unchanged(hit: Hit) -> bool:
    """Whether the code of every pack in the run is the one that runs now."""
    known = registry.detectors()
    packs = {registry.pack_of_detector(d).name for d in hit.run.versions if d in known}
    return code.digest([registry.pack(name) for name in sorted(packs)]) == hit.run.code_hash


def _title(detector: Detector, rule: Rule) -> T:
    if not rule.code:
        return detector.title
    return T(f"{detector.title.zh} · {rule.title.zh}", f"{detector.title.en}: {rule.title.en}")


def _tests(hit: Hit, rule: Rule, answer: Tested) -> list[dict[str, Any]]:
    """Each condition, signal and exclusion with the number of flagged rows by what was found. Where
    nothing could be recomputed only what the run kept is told: what it could not test.
    """
    told = []
    for item in rule.asked:
        found = Counter(tests.get(item.code) for tests in answer.rows.values())
        lost = not answer.rows and item.code in hit.untested
        told.append(
            {"code": item.code, "kind": _KINDS[type(item)], "title": item.title.zh,
             "title_en": item.title.en, "yes": found[True], "no": found[False],
             "untested": found[None] or int(lost), "known": bool(answer.rows) or lost}
        )  # fmt: skip
    return told


def _set_aside(answer: Tested) -> list[dict[str, Any]]:
    places = evidence_keys(list(answer.set_aside))
    return [
        {"dataset": places[i].dataset, "batch": places[i].batch, "file": places[i].file,
         "row": places[i].row, "excluded_by": excluded}
        for i, excluded in sorted(answer.set_aside.items()) if i in places
    ]  # fmt: skip


def _sources(codes: set[str]) -> list[dict[str, Any]]:
    listed = Batch.objects.filter(code__in=sorted(codes)).select_related("department")
    return [
        {"batch": b.code, "dataset": b.dataset, "title": registry.dataset(b.dataset).title.zh,
         "department": b.department.name_zh, "file": b.file_name, "sha256": b.file_hash,
         "period": [day.isoformat() if day else "" for day in (b.period_start, b.period_end)],
         "received": b.received_at.date().isoformat(), "status": b.status, "rows": b.rows,
         "accepted": b.accepted, "quarantined": b.quarantined, "duplicates": b.duplicates,
         "mapping": b.mapping}
        for b in listed.order_by("dataset", "id")
    ]  # fmt: skip


def _person_keys(hits: Sequence[Hit], rows: Sequence[Evidence]) -> set[int]:
    """Every person whom a cell of these rows may name."""
    cells = content.cells((row.row_id for row in rows), PersonId)
    named = {int(v) for row in cells.values() for v in row.values() if v is not None}
    return named | {int(h.clue.subject_key) for h in hits if h.clue.subject_kind == "person"}


def sightings(codes: Sequence[str]) -> list[Hit]:
    """The latest sighting of each clue named, each once, in order of detector and id.

    Raises:
        NotFound: no such clue, or one that was never sighted.
    """
    found: Mapping[str, Clue] = {c.code: c for c in map(queries.clue, codes)}
    return sorted(
        (queries.latest_hit(c) for c in found.values()),
        key=lambda h: (h.clue.detector, h.clue.rule, h.clue.code),
    )
