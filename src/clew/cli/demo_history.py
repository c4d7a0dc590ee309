"""Plays what a sample city had settled before its today, through the ordinary verbs.

Every matter is a little story of dated steps. All stories run side by side in the order of their
days, with the clock on each of these days, so that the ledger's times only go forward. Amounts come
from the sample; whom a matter is about comes from the clues of the first delivery.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from clew.accounts.models import Account
from clew.declare import Past, registry
from clew.detection.models import Clue, Hit
from clew.detection.queries import confirm_identity, current_hits, evidence
from clew.kernel import clock
from clew.matters import actions, queries
from clew.matters.clocks.actions import ask_extension, decide_request
from clew.matters.look_back.actions import look_back
from clew.matters.models import Matter, MatterClue, Money
from clew.matters.money.actions import ask_write_off, book, reverse
from clew.matters.opening.actions import open_matter
from clew.matters.outcomes.actions import answer_exclusion, confirm_subject, settle_clue
from clew.matters.papers.actions import Paper

OPERATORS = ("demo-operator", "demo-operator-2", "demo-operator-3")
REVIEWER, LEADER, COORDINATOR = "demo-reviewer", "demo-leader", "demo-coordinator"
ON_SITE = ("evidence_list", "records", "interview_notes", "expert_opinion", "statement",
           "legal_review")  # fmt: skip
RECOVERING = ("closed", "recheck", "rectifying", "handling")
Tell = Callable[[str, float], None]
Days = Iterator[int]


@dataclass
class Office:
    """Who acts, and the papers that they attach."""

    people: Mapping[str, Account]
    folder: Path
    papers: dict[str, Path] = field(default_factory=dict)

    def paper(self, kind: str) -> Paper:
        if kind not in self.papers:
            path = self.folder / f"{kind}.txt"
            path.write_text(f"样本材料 {kind}\nA paper of the sample city.\n", encoding="utf-8")
            self.papers[kind] = path
        return Paper(kind, self.papers[kind], f"{kind}.txt")


def play(
    history: Sequence[Past], people: Mapping[str, Account], folder: Path, until: date, tell: Tell
) -> int:
    """Runs the stories up to a day, steps of that day included; returns how many matters began.

    The clock stands on `until` afterwards.
    """
    office = Office(people, folder)
    free = _free()
    stories = [
        (past.opened, n, _story(office, past, free[n]))
        for n, past in enumerate(history) if n < len(free)
    ]  # fmt: skip
    queue = list(stories)
    heapq.heapify(queue)
    total, done = len(queue), 0
    while queue:
        day, n, story = heapq.heappop(queue)
        if day > until:
            continue
        clock.fix(day)
        try:
            heapq.heappush(queue, (max(day, day + timedelta(days=next(story))), n, story))
        except StopIteration:
            done += 1
            tell("办理往期事项", done / total)
    clock.fix(until)
    return total


def _free() -> list[Hit]:
    """Clues that past matters take, the detectors in turn, so that all ways of working and all
    counties are met.
    """
    by_detector: dict[str, list[Hit]] = {}
    for hit in current_hits():
        if hit.clue.status == Clue.OPEN:
            by_detector.setdefault(hit.clue.detector, []).append(hit)
    queues = [hits for _, hits in sorted(by_detector.items())]
    longest = max(map(len, queues), default=0)
    return [hits[n] for n in range(longest) for hits in queues if n < len(hits)]


def _story(office: Office, past: Past, hit: Hit) -> Days:
    """One matter's steps; each `yield` says how many days pass before the next."""
    by = office.people
    op, reviewer = by[OPERATORS[0]], by[REVIEWER]
    matter = open_matter(by=op, clues=[hit.clue.code])
    yield 2
    if past.stage in ("found", "overdue", "soon"):
        return
    for code in hit.untested:
        answer_exclusion(
            by=op, matter=matter.code, clue=hit.clue.code, code=code, answer=MatterClue.NOT_MET,
            reason="已向机构和部门核对",
        )  # fmt: skip
    _go(office, matter, "screen", op, "exclusion_answers")
    yield 2
    if past.stage == "screened":
        return
    if past.stage == "merged":
        yield from _merged(office, matter)
        return
    if past.stage == "rebutted":
        yield from _rebutted(office, matter, hit)
        return
    actions.assign(by=reviewer, matter=matter.code, handlers=list(OPERATORS))
    yield 1
    if past.stage == "assigned":
        return
    if past.stage == "returned":
        actions.return_once(by=op, matter=matter.code, reason="机构已搬迁, 请改派")
        return
    yield from _verified(office, past, matter, hit)


def _verified(office: Office, past: Past, matter: Matter, hit: Hit) -> Days:
    op = office.people[OPERATORS[0]]
    _go(office, matter, "verify", op)
    yield 3
    _go(office, matter, "file", op, filed_on=_today())
    yield 4
    if past.stage == "waiting":
        ask_extension(
            by=op, matter=matter.code, code="on_site", amount=10, reason="待专家会审病历"
        )
        return
    if past.stage == "suspended":
        actions.suspend(
            by=op, matter=matter.code, ground="appraisal", reason="送鉴定",
            paper=office.paper("suspension_paper"),
        )  # fmt: skip
        return
    if past.stage == "verifying":
        return
    if confirm_identity(evidence([hit])[hit.pk]):
        confirm_subject(by=op, matter=matter.code, clue=hit.clue.code, reason="核对证件原件")
    settle_clue(
        by=op, matter=matter.code, clue=hit.clue.code, outcome=MatterClue.CONFIRMED,
        reason="调阅病历与账册, 属实",
    )  # fmt: skip
    _go(office, matter, "notify", op, "notice", *ON_SITE, notified_on=_today())
    yield 20  # five working days to ask for a hearing, with the longest holidays among them
    _go(office, matter, "decide", office.people[REVIEWER])
    yield 2
    if past.stage in RECOVERING:
        yield from _settled(office, past, matter)


def _settled(office: Office, past: Past, matter: Matter) -> Days:
    op = office.people[OPERATORS[0]]
    book(by=op, matter=matter.code, kind=Money.DUE, fen=past.due, reason="按处理决定")
    _go(office, matter, "handle", op, "decision", measure="refund")
    yield 1
    _go(office, matter, "serve", op, "service_receipt", served_on=_today())
    yield 9
    if past.wrong:
        entry = book(by=op, matter=matter.code, kind=Money.RECOVERED, fen=past.wrong)
        reverse(by=op, matter=matter.code, entry=entry.code, reason="误记, 属另一单位")
    first = past.recovered // 3
    book(by=op, matter=matter.code, kind=Money.RECOVERED, fen=first, reason="首笔退回")
    yield 4
    book(by=op, matter=matter.code, kind=Money.RECOVERED, fen=past.recovered - first,
         reason="其余退回")  # fmt: skip
    if past.returned:
        book(by=op, matter=matter.code, kind=Money.RETURNED, fen=past.returned, reason="多收退还")
    if past.written_off:
        asked = ask_write_off(
            by=op, matter=matter.code, fen=past.written_off, reason="机构注销, 法院终结执行"
        )
        decide_request(
            by=office.people[REVIEWER], matter=matter.code, request=asked.code, granted=True,
            answer="同意",
        )  # fmt: skip
    yield 1
    if past.stage == "handling":
        return
    _go(office, matter, "rectify", op)
    yield 14
    if past.stage == "rectifying":
        return
    _go(office, matter, "recheck", op, "rectification_report")
    yield 5
    if past.stage == "recheck":
        return
    if look_back(by=op, matter=matter.code).result == "pass":
        _go(office, matter, "close", office.people[LEADER], "archive",
            credit_event="已报信用平台", published_on=_today())  # fmt: skip


def _merged(office: Office, matter: Matter) -> Days:
    """Into the oldest matter that is still open."""
    coordinator = office.people[COORDINATOR]
    oldest = queries.of_domain(matter.domain).filter(closed=False, state="FOUND").order_by("id")
    target = oldest.exclude(pk=matter.pk).first()
    if target is not None:
        actions.merge(by=coordinator, matter=matter.code, into=target.code, reason="同一机构")
    yield 1


def _rebutted(office: Office, matter: Matter, hit: Hit) -> Days:
    op = office.people[OPERATORS[0]]
    codes = [e.code for e in registry.detector(hit.clue.detector).exclusions]
    settle_clue(
        by=op, matter=matter.code, clue=hit.clue.code, outcome=MatterClue.REBUTTED,
        code=codes[-1] if codes else "LAWFUL", reason="核实后不成立",
    )  # fmt: skip
    yield 1
    _go(office, matter, "rebut", office.people[REVIEWER], reason="线索已排除")


def _go(
    office: Office, matter: Matter, name: str, by: Account, *kinds: str, **answers: str
) -> None:
    actions.advance(
        by=by, matter=matter.code, transition=name, answers=answers,
        attachments=[office.paper(kind) for kind in kinds],
    )  # fmt: skip


def _today() -> str:
    return clock.today().isoformat()
