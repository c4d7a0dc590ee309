"""The thread, completed: what became of a clue in its matter, up to the money.

    rows ─ link ─ hit ─ clue ─ matter ─ decision ─ rectified ─ look-back ─ money

A matter's own line runs through its first confirmed clue, else its first.
"""

from __future__ import annotations

from dataclasses import replace

from clew.accounts.models import Account
from clew.declare import Lifecycle
from clew.detection import thread as detection
from clew.detection.access import check_thread
from clew.detection.models import Hit
from clew.detection.queries import latest_hit
from clew.detection.thread import CLOSED, Knot
from clew.kernel.errors import NotFound
from clew.kernel.money import yuan_text
from clew.matters import access
from clew.matters.facts import CONFIRMED
from clew.matters.models import Matter, MatterClue, Step
from clew.matters.money.sums import Sums, sums
from clew.matters.queries import matter_of_clue
from clew.matters.record import lifecycle_of

_WAY = "clew matters show {}"


def thread(account: Account, text: str) -> list[Knot]:
    """The line of a matter (by number or id), a clue, or a source row.

    The knots of a matter that the account does not see are closed: that they are there is told,
    nothing more.

    Raises:
        NotFound: the text names none of these.
    """
    try:
        matter = access.seen(account, text)
    except NotFound:
        check_thread(account, text)
        hit = detection.sighting(text)
        if hit is None:
            return detection.thread(text)
        return of_hit(account, hit)
    return of_matter(matter)


def of_hit(account: Account, hit: Hit) -> list[Knot]:
    """The line of a sighting with what became of its clue."""
    matter = matter_of_clue(hit.clue.code)
    base = detection.of_hit(hit)
    if matter is None:
        return base
    if not access.visible_matters(account).filter(pk=matter.pk).exists():
        return [k if k.state != detection.AHEAD else replace(k, state=CLOSED) for k in base]
    return _through(matter, hit)


def of_matter(matter: Matter) -> list[Knot]:
    """The line of a matter, through its first confirmed clue, else its first."""
    members = sorted(
        MatterClue.objects.filter(matter=matter).select_related("clue"),
        key=lambda m: (m.outcome != CONFIRMED, m.pk),
    )
    return _through(matter, latest_hit(members[0].clue))


def _through(matter: Matter, hit: Hit) -> list[Knot]:
    way = _WAY.format(matter.code)
    steps = list(Step.objects.filter(matter=matter).order_by("id"))
    money = sums(matter.money.all())
    told = {k.name: (k.note, k.way_in) for k in detection.of_hit(hit)}
    rules = lifecycle_of(matter)
    told["matter"] = (f"{matter.number} {rules.state(matter.state).title.zh}", way)
    for knot, note in _notes(matter, rules, hit, steps, money).items():
        told[knot] = (note, way)
    return detection.line(_present(matter, rules, money), told)


def _notes(
    matter: Matter, rules: Lifecycle, hit: Hit, steps: list[Step], money: Sums
) -> dict[str, str]:
    found: dict[str, str] = {}
    member = matter.clues.select_related("clue").filter(clue=hit.clue).first()
    if member and member.outcome != MatterClue.PENDING:
        said = "属实" if member.outcome == MatterClue.CONFIRMED else f"排除 {member.code}"
        found["decision"] = f"线索 {hit.clue.code} {said}"
    for taken in steps:
        if taken.before != taken.after and rules.state(taken.after).knot == "rectified":
            found["rectified"] = f"{rules.state(taken.after).title.zh}, 自 {taken.on}"
    if last := matter.look_backs.order_by("-id").first():
        found["look_back"] = f"{last.result} {last.at:%Y-%m-%d}, 新见 {len(last.found)} 条"
    if money.due or money.recovered:
        found["money"] = f"应追 {yuan_text(money.due)} 元, 已追 {yuan_text(money.recovered)} 元"
    return found


def _present(matter: Matter, rules: Lifecycle, money: Sums) -> str:
    """How far the matter has come; a suspended one is where it was suspended."""
    if matter.closed and money.due:
        return "money"
    return rules.state(matter.previous or matter.state).knot
