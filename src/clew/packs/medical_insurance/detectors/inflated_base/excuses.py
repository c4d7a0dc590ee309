"""MI-10: what explains a signal, and whether too few are left without those it explains."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations, any_true, months_between, previous, ratio, to_int
from clew.packs.medical_insurance.derived.medians import middle
from clew.packs.medical_insurance.derived.months_paid import same_name
from clew.packs.medical_insurance.derived.terms import inside, stage
from clew.packs.medical_insurance.detectors.inflated_base.months import LEAST_EARLIER, beside
from clew.packs.medical_insurance.detectors.inflated_base.signals import after_payment

ENOUGH = 2
"""Signals that make a clue."""

SCALE = 10_000
MATCHING = 0.8
"""Part of the ratio of the base by which the wage must have risen."""

LEAST_RISEN = 2
"""She and somebody else: one alone is no whole unit."""


def with_excuses(r: Relations, p: Params, base: ir.Table, c: ir.Table) -> ir.Table:
    """Adds the columns `is_` of the signals, `if_TWO_SIGNALS` and `not_` of each exclusion."""
    for found in (_unit_wide(r, p, base), _merged(r, p, base)):
        c = beside(c, found)
    c = c.mutate(
        unit_wide=c.unit_wide.fill_null(False),
        merged_before=c.merged_before.fill_null(False),
        merged_after=c.merged_after.fill_null(False),
        promoted=_promoted(c),
        jump_left=c.jump_own.fill_null(False),
        gap_left=c.wage_gap_own.fill_null(False),
        late=c.joined_late.fill_null(False),
        down=c.fell.fill_null(False),
        few=c.small.fill_null(False),
    )
    return _verdicts(c)


def _verdicts(c: ir.Table) -> ir.Table:
    """Each excuse takes out what it explains; it counts where, with all of them, less than two
    signals are left.
    """
    jumped, gap = any_true(c.jump, c.jump_own), any_true(c.wage_gap, c.wage_gap_own)
    promoted = c.promoted.fill_null(False)
    raised = c.unit_wide | promoted
    of_merger = (c.late & c.merged_before, c.down & c.merged_after)
    fall_taxed = c.down & c.wage_fell

    def left(*, raise_explained: Any = False, fall_explained: Any = False) -> Any:
        explained = raised | raise_explained
        signals = (
            c.jump_left & ~explained,
            c.gap_left & ~explained,
            c.late & ~of_merger[0],
            c.down & ~of_merger[1] & ~(promoted & fall_taxed) & ~fall_explained,
            c.few,
        )
        return sum((ibis.ifelse(s, 1, 0) for s in signals), ibis.literal(0))

    too_few = left() < ENOUGH
    if_promoted = left(raise_explained=True, fall_explained=fall_taxed) < ENOUGH
    either = c.jump_left | c.gap_left
    ordered = (c.jump & ~c.jump_left) | (c.wage_gap & ~c.gap_left)
    signals = (jumped, gap, c.joined_late, c.fell, c.small)
    number = sum((ibis.ifelse(s.fill_null(False), 1, 0) for s in signals), ibis.literal(0))
    return c.mutate(
        is_BASE_JUMP=jumped,
        is_ABOVE_WAGE=gap,
        is_JOINED_LATE=c.joined_late,
        is_FELL_AFTER=c.fell,
        is_SMALL_EMPLOYER=c.small,
        if_TWO_SIGNALS=number >= ENOUGH,
        not_UNIT_WIDE_ADJUSTMENT=c.unit_wide & either & too_few,
        not_PROMOTION_TAXED=c.promoted & (either | fall_taxed) & if_promoted,
        not_EMPLOYER_MERGED=(of_merger[0] | of_merger[1]) & too_few,
        not_COURT_BACK_PAY=ordered.fill_null(False) & too_few,
        not_UNIT_10K=ibis.ifelse(c.seen_waged > 0, c.scaled > 0, ibis.null("boolean")),
    )


def _promoted(c: ir.Table) -> ir.BooleanValue:
    """Whether the wage rose with the base; unknown where wages before or then are not held."""
    base = ratio(c.declared * 2, c.months * c.twice_earlier)
    wage = ratio(c.wage * 2, c.wage_months * c.twice_wage)
    compared = (c.earlier >= LEAST_EARLIER) & (c.months > 0) & (base > 1)
    known = (c.wage_months > 0) & (c.earlier_waged > 0)
    risen = (wage > 1) & (ratio(wage, base) >= MATCHING)
    unknown: Any = ibis.ifelse(known.fill_null(False), risen.fill_null(False), None)
    return ibis.ifelse(compared.fill_null(False), unknown, False)


def _unit_wide(r: Relations, p: Params, base: ir.Table) -> ir.Table:
    """`unit_wide`: in the month of her largest rise most of the staff rose by much the same."""
    steps = stage(_steps(r, base), "steps")
    own = base.join(steps, [base.person == steps.mover, base.employer == steps.firm])
    span = p.count_months + p.before_months
    own = own.filter(inside(months_between(own.dlvy_date, own.month), 1, span), own.step > SCALE)
    largest = ibis.window(group_by="claim", order_by=[ibis.desc("step"), "month"])
    own = own.mutate(place=ibis.row_number().over(largest))
    hers = own.filter(own.place == 0).select("claim", "firm", "month", her_step="step")

    t = steps.semi_join(hers, ["firm", "month"])
    t = t.mutate(rose=t.step > SCALE)
    t = t.mutate(middle=t.rose & middle(t, ("firm", "month", "rose"), "step"))
    month = ibis.window(group_by=["firm", "month"])
    halves = ibis.ifelse(t.middle, 1, 0).sum().over(month)
    total = ibis.ifelse(t.middle, t.step, 0).sum().over(month)
    t = t.mutate(twice=ibis.ifelse(halves == 1, total * 2, total).cast("decimal(38, 0)"))
    band = int(p.unit_band * SCALE) * 2
    t = t.mutate(alike=t.rose & ((t.step * 2 - t.twice.cast("int64")).abs() <= band))
    months = t.group_by("firm", "month").aggregate(
        staff=t.count(), alike=ibis.ifelse(t.alike, 1, 0).sum(), twice=t.twice.max()
    )
    j = hers.join(months, ["firm", "month"])
    most = ratio(j.alike.cast("int64"), j.staff.cast("int64")) >= float(p.unit_share)
    with_her = (j.her_step * 2 - j.twice.cast("int64")).abs() <= band
    return j.select("claim", unit_wide=most & with_her & (j.alike >= LEAST_RISEN))


def _steps(r: Relations, base: ir.Table) -> ir.Table:
    """Changes of a person's base from one month to the next, in ten-thousandths of the base."""
    t = previous(
        r["months_paid"], ("month", "base"), by=("employer", "person"), order=("month",)
    )
    t = t.filter(months_between(t.month, t.previous_month) == 1)
    step = to_int(ratio(t.base, t.previous_base) * float(SCALE))
    t = t.select("month", step=step, firm=t.employer, mover=t.person)
    return t.semi_join(base.select(firm="employer").distinct(), "firm")


def _merged(r: Relations, p: Params, base: ir.Table) -> ir.Table:
    """`merged_before`, `merged_after`: the employer before her first month, and one after the
    payment, is one with hers by merger or group.
    """
    m = r["months_paid"].select(
        "month", someone="person", someone_key="name_key", other="employer"
    )
    t = base.join(m, [base.person == m.someone, same_name(base.name_key, m.someone_key)])
    t = t.filter(t.other != t.employer, t.month < t.first_month)
    latest = t.month.max().over(ibis.window(group_by="claim"))
    t = t.mutate(latest=latest)
    before = t.filter(t.month == t.latest).select("claim", "employer", "other", after=False)
    a = after_payment(r, p, base)
    after = a.filter(a.firm != a.employer).select("claim", "employer", other="firm", after=True)
    t = _one_group(r, before.union(after))
    return t.group_by("claim").aggregate(
        merged_before=(t.one & ~t.after).any(), merged_after=(t.one & t.after).any()
    )


def _one_group(r: Relations, t: ir.Table) -> ir.Table:
    """Adds `one`: the employers of a row were merged, or belong to one group."""
    o = r["org_registry"]
    for side in ("employer", "other"):
        own = o.select(
            **{
                f"{side}_code": o.emp_uscc,
                f"{side}_into": o.merged_into,
                f"{side}_group": o.group_uscc,
            }
        )
        t = t.left_join(own, t[side] == own[f"{side}_code"])
    one = any_true(
        t.employer_into == t.other, t.other_into == t.employer,
        t.employer_group == t.other_group,
    )  # fmt: skip
    return t.mutate(one=one.fill_null(False))
