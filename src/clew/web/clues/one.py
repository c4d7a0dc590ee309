"""One clue: what is suspected, on which rows, what was tested, what else is there to see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse

from clew.datasets import content, places
from clew.declare import Rule, T, registry
from clew.declare.types import Date, InstitutionCode, Timestamp
from clew.detection import access, queries
from clew.detection import tested as recomputed
from clew.detection.models import Clue, Evidence, Hit
from clew.detection.triage.confidence import confidences
from clew.detection.triage.marks import standing
from clew.detection.triage.params import values
from clew.detection.verdicts import codes
from clew.detection.verdicts.queries import history
from clew.matters import access as matter_access
from clew.matters import thread as threads
from clew.matters.queries import matter_of_clue
from clew.web.clues.drawing import network, timeline
from clew.web.door import Asked, page
from clew.web.threads import drawn

OTHERS = 12


def show(request: Asked, code: str) -> HttpResponse:
    clue = access.seen(request.account, code)
    template = "clues/panel.html" if request.GET.get("panel") else "clues/one.html"
    return page(request, template, told(request, clue, clear=False))


def in_clear(request: Asked, code: str) -> HttpResponse:
    """The same page with persons in clear, this once; the reason stands in the ledger first."""
    hit = queries.latest_hit(access.seen(request.account, code))
    access.unmask(
        by=request.account, subject=hit.clue.code, hits=[hit],
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    return page(request, "clues/one.html", told(request, hit.clue, clear=True))


def tested(request: Asked, code: str) -> HttpResponse:
    """What each condition and exclusion said of each row: asked again from the frozen inputs."""
    hit = queries.latest_hit(access.seen(request.account, code))
    answer = recomputed.tested([hit])[hit.clue.code]
    rule = registry.detector(hit.clue.detector).rule(hit.clue.rule)
    places_ = {e.row_id: f"{e.file}:{e.row}" for e in queries.evidence([hit])[hit.pk]}
    titles = {item.code: item.title for item in rule.asked}
    asked = [
        {"code": c, "title": titles.get(c), "answers": [
            (places_.get(row, "?"), said[c]) for row, said in answer.rows.items() if c in said
        ]}
        for c in dict.fromkeys(c for said in answer.rows.values() for c in said)
    ]  # fmt: skip
    template = "clues/tested.html" if getattr(request, "htmx", False) else "clues/asked.html"
    return page(request, template, {"answer": answer, "asked": asked, "hit": hit})


def told(request: Asked, clue: Clue, *, clear: bool) -> dict[str, Any]:
    hit = queries.latest_hit(clue)
    rows = queries.evidence([hit])[hit.pk]
    people = queries.Subjects.of([hit], rows, clear=clear)
    detector = registry.detector(clue.detector)
    rule = detector.rule(clue.rule)
    matter = matter_of_clue(clue.code)
    seen = matter is not None and matter_access.visible_matters(request.account).filter(
        pk=matter.pk
    ).exists()
    cells = content.cells((r.row_id for r in rows), Timestamp, Date, InstitutionCode)
    shown = people.subject(clue.subject_kind, clue.subject_key)
    return {
        "clue": clue, "hit": hit, "detector": detector, "rule": rule, "clear": clear,
        "subject": shown, "fact": people.fact(clue.fact_key),
        "evidence": _lines(rows, people), "matter": matter if seen else None,
        "held": matter is not None,
        "knots": drawn(
            threads.of_hit(request.account, hit), clue=clue.code,
            matter=matter.code if matter and seen else "",
        ),
        "params": _params(hit), "untested": _untested(rule, hit),
        "basis": _basis(hit), "history": history(clue),
        "trust": confidences([hit], {hit.pk: rows}, values())[hit.pk],
        "identity": queries.confirm_identity(rows),
        "mark": standing([clue.pk]).get(clue.pk), "codes": codes.known(detector),
        "timeline": timeline(rows, cells), "network": network(rows, cells, clue, people),
        "others": _others(request, clue), "doc": _paragraphs(detector.doc),
        "may_clear": request.scope.holds("unmask"),
    } | {
        f"may_{name}": request.scope.allows(act, domain=clue.domain, division=clue.division)
        for name, act in (("judge", "judge"), ("triage", "triage"), ("open", "open_matter"))
    }  # fmt: skip


def _lines(rows: Sequence[Evidence], people: queries.Subjects) -> list[dict[str, Any]]:
    gone = queries.stale(rows)
    return [
        {
            "row": r, "dataset": registry.dataset(r.dataset).title,
            "key": "/".join(map(str, people.key(r.dataset, r.key))),
            "values": _values(r),
            "fund": r.values.get("fund"), "account": r.values.get("account"),
            "gone": gone.get(r.row_id), "trace": f"{r.batch}:{r.row}",
            "withdrawn": gone.get(r.row_id) == places.WITHDRAWN,
        }
        for r in rows
    ]  # fmt: skip


def _values(row: Evidence) -> list[tuple[str | T, str]]:
    """What the detector saw of a row, under the titles of its columns where they are such."""
    columns = registry.dataset(row.dataset).columns
    return [
        (columns[name].title if name in columns else name,
         "、".join(map(str, value)) if isinstance(value, list) else str(value))
        for name, value in row.values.items() if name not in ("fund", "account")
    ]  # fmt: skip


def _params(hit: Hit) -> list[dict[str, Any]]:
    """Parameters as that run had them, beside what the detector declares."""
    declared = {p.name: p for p in registry.detector(hit.clue.detector).params}
    used: Mapping[str, str] = hit.run.params.get(hit.clue.detector, {})
    return [
        {"name": n, "value": v, "declared": declared.get(n),
         "changed": n in declared and str(declared[n].default) != v}
        for n, v in used.items()
    ]  # fmt: skip


def _untested(rule: Rule, hit: Hit) -> list[tuple[str, Any]]:
    titles = {item.code: item.title for item in rule.asked}
    return [(code, titles.get(code)) for code in hit.untested]


def _basis(hit: Hit) -> list[Any]:
    pack = registry.pack_of_detector(hit.clue.detector)
    detector = registry.detector(hit.clue.detector)
    return [pack.legal[name] for name in detector.basis if name in pack.legal]


def _others(request: Asked, clue: Clue) -> list[Hit]:
    """Other clues of the same subject that the account sees."""
    if clue.subject_kind == "set":
        return []
    same = access.visible_hits(request.account).filter(
        clue__subject_kind=clue.subject_kind, clue__subject_key=clue.subject_key
    )
    return list(same.exclude(clue=clue).order_by("-fund")[:OTHERS])


def _paragraphs(doc: str) -> list[str]:
    return [" ".join(part.split()) for part in doc.strip().split("\n\n")]
