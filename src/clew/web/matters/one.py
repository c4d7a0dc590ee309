"""One matter: where it stands, what may be done now, what was done; opening a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpResponse

from clew.accounts.access import scope_of
from clew.accounts.models import Account
from clew.declare import Lifecycle, T, Transition, registry
from clew.detection import access as clue_access
from clew.detection.models import Clue
from clew.detection.queries import Subjects, confirm_identity, evidence, latest_hit
from clew.detection.verdicts import codes
from clew.kernel.errors import InputError
from clew.matters import queries, thread
from clew.matters.models import Matter, MatterClue, Money, Request
from clew.matters.money.actions import BOOKED
from clew.matters.opening.actions import open_matter
from clew.matters.papers.actions import read_paper
from clew.web.door import Asked, done, page
from clew.web.threads import drawn

ANSWERS = {
    MatterClue.MET: T("成立", "applies"),
    MatterClue.NOT_MET: T("不成立", "does not apply"),
    MatterClue.UNCLEAR: T("查不清", "cannot be told"),
}
ACTS = ("attach", "settle", "book", "approve", "extend", "look_back", "merge", "advance")
KINDS = {
    Money.DUE: T("应追", "due"),
    Money.RECOVERED: T("追回", "recovered"),
    Money.RETURNED: T("退还", "returned"),
    Money.WRITTEN_OFF: T("核销", "written off"),
    Money.FINE: T("罚款", "fine"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A transition as a form: the papers it still wants, and what plainly stands against it."""

    transition: Transition
    missing: tuple[tuple[str, str], ...]
    barred: T | None


def show(request: Asked, code: str) -> HttpResponse:
    found = queries.page(request.account, code)
    matter, rules = found.matter, found.lifecycle
    mine = request.account.code in found.handlers
    first = next(iter(found.clues), None)
    context = {
        "p": found, "m": matter, "rules": rules, "state": rules.state(matter.state),
        "knots": drawn(
            thread.of_matter(matter), clue=first.clue.code if first else "", matter=matter.code
        ),
        "ways": [_way(request.account, found, t) for t in found.ways if not t.by_verb],
        "verbs": {t.by_verb for t in found.ways if t.by_verb},
        "clues": _clues(found), "steps": _steps(found), "kinds": KINDS, "booked": BOOKED,
        "can_handle": _able(matter), "answers": ANSWERS, "papers": rules.papers,
        "may": {
            act: request.scope.allows(
                act, domain=matter.domain, division=matter.division,
                department=matter.department.code, mine=mine,
            )
            for act in ACTS
        },
        "waiting": [r for r in found.requests if r.granted is None],
        "request_kinds": {Request.EXTENSION: T("延期", "more time"),
                          Request.WRITE_OFF: T("核销", "write-off")},
        "outcomes": {MatterClue.CONFIRMED: T("属实", "confirmed"),
                     MatterClue.REBUTTED: T("排除", "rebutted"),
                     MatterClue.PENDING: T("待认定", "pending")},
    }  # fmt: skip
    return page(request, "matters/one.html", context)


def open_(request: Asked) -> HttpResponse:
    """Shows what the new matter would hold; made on the form's word."""
    form = request.POST if request.method == "POST" else request.GET
    chosen = list(dict.fromkeys(form.getlist("clue")))
    if not chosen:
        raise InputError(
            "没有选中线索 (no clue is chosen)", next_step="从线索清单勾选 (tick some in the list)"
        )
    if request.method == "POST":
        made = open_matter(
            by=request.account, clues=chosen, title=form.get("title", ""),
            department=form.get("department", ""),
        )  # fmt: skip
        said = T(f"已立事项 {made.number}。", f"Matter {made.number} is open.")
        return done(request, said, "matter", code=made.code)
    seen = {c.code: c for c in clue_access.visible_clues(request.account).filter(code__in=chosen)}
    held = _held(list(seen.values()))
    free = [c for c in seen.values() if c.pk not in held and c.status != Clue.REBUTTED]
    context = {
        "free": [
            {"clue": c, "hit": latest_hit(c), "detector": registry.detector(c.detector)}
            for c in free
        ],
        "left": [(c, held.get(c.pk)) for c in seen.values() if c not in free],
        "unseen": [code for code in chosen if code not in seen],
    }
    return page(request, "matters/open.html", context)


def paper(request: Asked, code: str, paper: str) -> FileResponse:
    """The paper as a file to keep, never shown by the browser; the ledger has it first."""
    found, path = read_paper(by=request.account, matter=code, paper=paper)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=found.name, content_type=found.media
    )


def _way(account: Account, found: queries.Page, transition: Transition) -> Way:
    there = {p.kind for p in found.papers}
    papers = found.lifecycle.papers
    missing = []
    for need in transition.needs:
        kinds = (need,) if isinstance(need, str) else need
        if not there & set(kinds):
            missing.append((kinds[0], papers[kinds[0]]))
    return Way(transition, tuple(missing), _barred(account, found, transition))  # type: ignore[arg-type]


def _barred(account: Account, found: queries.Page, transition: Transition) -> T | None:
    """What is plain before the click; the lifecycle may still know more."""
    hands = set(found.matter.hands.values_list("account__code", flat=True))
    if transition.by_handler and account.code not in found.handlers:
        return T("须由承办人办理", "only its handlers may do this")
    if transition.four_eyes and account.code in hands:
        return T("承办过的人不得审核 (四眼)", "who handled it may not decide it (four eyes)")
    taken = {s.transition for s in found.steps}
    if transition.once and transition.name in taken:
        return T("已经办过", "done already")
    for name in transition.after:
        if name not in taken:
            before = found.lifecycle.transition(name)
            title = before.title if before else T(name, name)
            return T(f"须先{title.zh}", f"first: {title.en}")
    return None


def _clues(found: queries.Page) -> list[dict[str, Any]]:
    hits = [latest_hit(member.clue) for member in found.clues]
    rows = evidence(hits)
    people = Subjects.of(hits, [])
    return [
        {
            "member": m, "hit": h, "detector": registry.detector(m.clue.detector),
            "subject": people.subject(m.clue.subject_kind, m.clue.subject_key),
            "open": [c for c in h.untested if c not in m.answers],
            "titles": _titles(m), "identity": confirm_identity(rows[h.pk]) and m.identity is None,
            "codes": codes.known(registry.detector(m.clue.detector)),
        }
        for m, h in zip(found.clues, hits, strict=True)
    ]  # fmt: skip


def _titles(member: MatterClue) -> dict[str, T]:
    rule = registry.detector(member.clue.detector).rule(member.clue.rule)
    return {item.code: item.title for item in rule.asked}


def _steps(found: queries.Page) -> list[dict[str, Any]]:
    rules: Lifecycle = found.lifecycle
    known = {t.name: t.title for t in rules.transitions}
    return [
        {"step": s, "title": known.get(s.transition, T("立事项", "opened")),
         "state": rules.state(s.after).title}
        for s in reversed(found.steps)
    ]  # fmt: skip


def _able(matter: Matter) -> Sequence[Account]:
    """Active accounts that could handle the matter."""
    everybody = Account.objects.filter(is_active=True).select_related("department").order_by("code")
    return [
        a for a in everybody
        if scope_of(a).allows(
            "advance", domain=matter.domain, division=matter.division,
            department=matter.department.code, mine=True,
        )
    ]  # fmt: skip


def _held(clues: Sequence[Clue]) -> dict[int, Matter]:
    members = MatterClue.objects.filter(clue__in=clues, held=True).select_related("matter")
    return {m.clue_id: m.matter for m in members}
