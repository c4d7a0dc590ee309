"""Clues in a list: filtered, ordered and paged in the database; grouped; taken away as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse

from clew.accounts.access import without_numbers
from clew.declare import Detector, T, registry
from clew.detection import access, queries
from clew.detection.models import Clue, Hit, Mark
from clew.detection.triage import groups as grouping
from clew.detection.triage.confidence import confidences
from clew.detection.triage.marks import standing
from clew.detection.triage.order import ordered
from clew.detection.triage.params import values
from clew.kernel.divisions import division_name
from clew.kernel.errors import Refused
from clew.kernel.money import yuan
from clew.matters.models import Matter, MatterClue
from clew.reports import exports
from clew.reports.releases import access as releases
from clew.reports.releases.actions import asked_for
from clew.web.door import Asked, done, page
from clew.web.files import sent
from clew.web.home.filters import saved
from clew.web.work import actions as work
from clew.web.work.models import Work

PAGE = 50
CONFIDENCE = "confidence"
WEIGHED = 2_000
"""As many clues are weighed for a list by confidence."""
ORDERS: Mapping[str, tuple[Any, ...]] = {
    "amount": ((F("fund") + F("account")).desc(), "clue__code"),
    "severity": ("gravity", (F("fund") + F("account")).desc(), "clue__code"),
    "detector": ("clue__detector", "clue__code"),
}
GRAVITY = Case(
    *(When(severity=s, then=Value(n)) for n, s in enumerate("HML")), output_field=IntegerField()
)


@dataclass(frozen=True, slots=True)
class Line:
    """One clue of a list, its subject masked but under a release."""

    hit: Hit
    detector: Detector
    subject: str
    division: str
    matter: Matter | None
    mark: Mark | None


def list_(request: Asked) -> HttpResponse:
    pages = Paginator(_trusted(request), PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context = {"page": shown, "lines": lines(list(shown)), "total": pages.count,
               "may_clear": request.scope.holds("unmask"),
               "saved": saved(request, "clues")}  # fmt: skip
    return page(request, "clues/list.html", context | choices(request))


def choices(request: HttpRequest) -> dict[str, Any]:
    """What the filters offer, and what is chosen."""
    return {
        "detectors": list(registry.detectors().values()),
        "areas": _areas(),
        "divisions": _divisions(),
        "asked": request.GET,
        "filtered": any(v for k, v in request.GET.items() if k not in ("page", "sort")),
    }


def chosen(request: Asked) -> QuerySet[Hit]:
    """Sightings that the filters in the address leave, in the order it asks for."""
    asked = request.GET
    held = Exists(MatterClue.objects.filter(clue=OuterRef("clue"), held=True))
    found = access.visible_hits(request.account).annotate(gravity=GRAVITY)
    equal = {"clue__detector": "detector", "severity": "severity", "clue__status": "status",
             "clue__division": "division"}  # fmt: skip
    found = found.filter(**{c: asked[name] for c, name in equal.items() if asked.get(name)})
    if area := asked.get("focus"):
        found = found.filter(clue__detector__in=[
            d.id for d in registry.detectors().values() if area in d.focus
        ])  # fmt: skip
    if asked.get("matter") == "yes":
        found = found.filter(held)
    elif asked.get("matter") == "no":
        found = found.filter(~held)
    return found.order_by(*ORDERS.get(asked.get("sort", ""), ORDERS["amount"]))


def _trusted(request: Asked) -> QuerySet[Hit] | list[Hit]:
    """The chosen sightings; by confidence, which is no column, where that is asked.

    Raises:
        Refused: too many to weigh each for one page.
    """
    found = chosen(request)
    if request.GET.get("sort") != CONFIDENCE:
        return found
    hits = list(found[: WEIGHED + 1])
    if len(hits) > WEIGHED:
        raise Refused(
            f"超过 {WEIGHED} 条, 不能按可信度排序 (too many clues to order by confidence)",
            next_step="先按模型、区划或专项筛选 (choose a detector, division or focus area first)",
        )
    return ordered(hits, confidences(hits, queries.evidence(hits), values()), CONFIDENCE)


def lines(hits: Sequence[Hit], *, clear: bool = False) -> list[Line]:
    """Clues as they are listed; a fixed number of queries, however many there are. In clear only
    where a release was taken.
    """
    people = queries.Subjects.of(hits, [], clear=clear)
    ids = [h.clue_id for h in hits]
    members = MatterClue.objects.filter(clue_id__in=ids, held=True).select_related("matter")
    matters = {m.clue_id: m.matter for m in members}
    marks = standing(ids)
    return [
        Line(
            h, registry.detector(h.clue.detector),
            people.subject(h.clue.subject_kind, h.clue.subject_key),
            division_name(h.clue.division) or "",
            matters.get(h.clue_id), marks.get(h.clue_id),
        )
        for h in hits
    ]  # fmt: skip


def groups(request: Asked) -> HttpResponse:
    """Clues of one institution, employer or person and one way of working: proposed matters."""
    found = grouping.groups(hits=free(request))
    pages = Paginator(found, PAGE)
    shown = pages.get_page(request.GET.get("page"))
    names = anchors(list(shown))
    rows = [
        {
            "group": g,
            "title": registry.detector(g.hits[0].clue.detector).title,
            "anchor": names[g.id],
            "clues": [h.clue.code for h in g.hits],
        }
        for g in shown
    ]  # fmt: skip
    return page(request, "clues/groups.html", {"rows": rows, "page": shown, "total": len(found)})


def free(request: Asked) -> list[Hit]:
    """Open clues that the account may triage and no matter holds."""
    seen = access.seen_hits(request.account, queries.current_hits(), "triage")
    held = set(MatterClue.objects.filter(held=True).values_list("clue_id", flat=True))
    return [h for h in seen if h.clue.status == Clue.OPEN and h.clue_id not in held]


def anchors(groups: Sequence[grouping.Group]) -> dict[str, str]:
    """Group's id → whom it is about, persons masked."""
    persons = {g.id: int(g.anchor.key) for g in groups if g.anchor.kind == grouping.PERSON}
    people = queries.Subjects(list(persons.values()))
    return {
        g.id: people.person(persons[g.id]) if g.id in persons else g.name or g.anchor.key
        for g in groups
    }


def export(request: Asked) -> HttpResponse:
    """The filtered list, persons masked, as a workbook or as text with commas."""
    found = lines(list(_trusted(request)[: exports.LARGEST]))
    return sent(request, "clues", listed(found))


def package(request: Asked) -> HttpResponse:
    """Queues an evidence package: of one clue or of several, or of all that a release holds."""
    form = request.POST
    codes = form.getlist("clue")
    if release := form.get("release", ""):
        codes = releases.seen(request.account, release).clues
    hits = asked_for(request.account, codes)
    made = work.ask(
        by=request.account, kind=Work.PACKAGE, title=f"{hits[0].clue.code} +{len(hits) - 1}",
        argument={"clues": [h.clue.code for h in hits], "release": release,
                  "reason": without_numbers(form.get("reason", ""))},
    )  # fmt: skip
    said = T("正在生成证据包。", "The package is being made.")
    return done(request, said, "work-one", code=made.code)


def listed(found: Sequence[Line]) -> exports.Table:
    return exports.Table(
        "线索 clues",
        ("线索", "模型", "名称", "级别", "状态", "对象", "区划", "基金 元", "个账 元", "事项"),
        [
            (x.hit.clue.code, x.hit.clue.detector, x.detector.title.zh, x.hit.severity,
             x.hit.clue.status, x.subject, x.division, yuan(x.hit.fund), yuan(x.hit.account),
             x.matter.number if x.matter else "")
            for x in found
        ],
    )  # fmt: skip


def _areas() -> dict[str, T]:
    """Focus areas of the detectors, with their titles."""
    return {
        area: registry.pack_of_detector(each.id).focus[area]
        for each in registry.detectors().values()
        for area in each.focus
    }


def _divisions() -> list[str]:
    known = Clue.objects.order_by("division").values_list("division", flat=True).distinct()
    return [code for code in known if code]
