"""The thread, completed: what became of a clue in its matter, up to the money.

    rows ─ link ─ hit ─ clue ─ matter ─ decision ─ rectified ─ look-back ─ money

A matter's own line runs through its first confirmed clue, else its first.
"""

from __future__ import annotations

from dataclasses import replace

from clew.accounts.models import Account
from clew.declare import Lifecycle, T
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
    told: dict[str, tuple[T | None, str]] = {
        k.name: (k.note, k.way_in) for k in detection.of_hit(hit)
    }
    rules = lifecycle_of(matter)
    state = rules.state(matter.state).title
    told["matter"] = (T(f"{matter.number} {state.zh}", f"{matter.number} {state.en}"), way)
    for knot, note in _notes(matter, rules, hit, steps, money).items():
        told[knot] = (note, way)
    return detection.line(_present(matter, rules, money), told)


def _notes(
    matter: Matter, rules: Lifecycle, hit: Hit, steps: list[Step], money: Sums
) -> dict[str, T]:
    found: dict[str, T] = {}
    member = matter.clues.select_related("clue").filter(clue=hit.clue).first()
    if member and member.outcome != MatterClue.PENDING:
        held = member.outcome == MatterClue.CONFIRMED
        found["decision"] = T(
            f"线索 {hit.clue.code} " + ("属实" if held else f"排除 {member.code}"),
            f"clue {hit.clue.code} " + ("confirmed" if held else f"rebutted {member.code}"),
        )
    for taken in steps:
        if taken.before != taken.after and rules.state(taken.after).knot == "rectified":
            title = rules.state(taken.after).title
            found["rectified"] = T(f"{title.zh}, 自 {taken.on}", f"{title.en}, since {taken.on}")
    if last := matter.look_backs.order_by("-id").first():
        day, n = f"{last.at:%Y-%m-%d}", len(last.found)
        found["look_back"] = T(
            f"{last.result} {day}, 新见 {n} 条", f"{last.result} {day}, {n} seen anew"
        )
    if money.due or money.recovered:
        due, back = yuan_text(money.due), yuan_text(money.recovered)
        found["money"] = T(
            f"应追 {due} 元, 已追 {back} 元", f"{due} yuan due, {back} recovered"
        )
    return found


def _present(matter: Matter, rules: Lifecycle, money: Sums) -> str:
    """How far the matter has come; a suspended one is where it was suspended."""
    if matter.closed and money.due:
        return "money"
    return rules.state(matter.previous or matter.state).knot
