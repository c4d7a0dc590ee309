"""Benefits that went on after the death of the one they were for.

Looks for payments (credits to the account, chronic illness, long-term care, medical assistance,
premiums paid by the treasury, bills repaid) for a period that begins after the month of death and
the months of grace that follow it.

Why it matters: whoever stops paying late has no process that hears of deaths, and somebody
collects. The agency that pays is answerable beside the relatives: a gap to be closed, not a
suspect alone.

Known gaps: a repaid bill without its date of care cannot be told from one that the dead had left;
a premium for a coming year paid while the person lived counts by the year it is for; money taken
back by a row of its own rather than as a refund is not seen.

To verify by hand: compare the death records with each other, ask the agency when it learnt of the
death and whether the sum was returned, and see who owns the account that was paid.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from clew.declare import (
    DATA_CORRECTION,
    MEDIUM,
    REVIEW_LIST,
    Condition,
    Detector,
    Exclusion,
    Param,
    Params,
    Relations,
    T,
    any_of,
    any_true,
    detector,
    month_end,
    names_agree,
    severity_always,
)
from clew.packs.medical_insurance.derived.terms import T2, linked, mark

LUMP, REPAID = "lump", "reimburse"
DEATH_CONFLICT_DAYS = 3
"""The spread of death dates up to which MI-01 takes them as one."""
KEY = ("row_id",)


@detector(
    id="MI-02",
    title=T("死亡后仍享受待遇", "Benefit after death"),
    version=1,
    per="person",
    subject="person",
    fact_key=("death_date", "kind"),
    base=T(
        "已死亡人员在死亡及宽限月之后支付或所属期在其后的待遇",
        "Benefits of the dead that were due or paid after the month of death and the grace",
    ),
    required=("mi_benefit", any_of("death_health", "death_police")),
    optional=(
        "death_civil", "court_death", "police_person", "mi_settlement", "mi_person", "mi_border",
        "tax_wage", "civil_marriage", "reversals", "numbered_persons", "net_settlements",
        "deaths", "life_evidence",
    ),
    params=(Param("lag_months", 1, "month", T("宽限月数", "Months of grace"), 0, 24),),
    conditions=(
        Condition(
            "AFTER_LIMIT",
            T("所属期在宽限之后, 或仅支付在其后", "Due after the grace, or only paid after it"),
        ),
    ),
    exclusions=(
        Exclusion("LINK_BELOW_T1", T("身份关联不足", "Link below T1"), REVIEW_LIST),
        Exclusion(
            "ALIVE_EVIDENCE", T("有在世证据", "Evidence of life"), DATA_CORRECTION,
            sources=("mi_settlement.verify_mode", "mi_border", "civil_marriage", "tax_wage"),
        ),
        Exclusion(
            "DECLARED_REVOKED", T("宣告死亡已撤销", "Declaration of death revoked"),
            sources=("court_death",),
        ),
        Exclusion("INHERITANCE", T("账户余额继承", "Inherited balance")),
        Exclusion("ARREARS_BEFORE_DEATH", T("补发生前待遇", "Arrears from before the death")),
        Exclusion(
            "REFUNDED", T("已退回", "Returned already"), sources=("mi_benefit.refund_amt",)
        ),
        Exclusion(
            "PENDING_DEATH_DATE", T("待核死亡日期", "Death date to be settled"), REVIEW_LIST
        ),
        Exclusion(
            "ONLY_UPPER_BOUND", T("仅有注销或火化日期", "Only registration or cremation dates"),
            REVIEW_LIST,
        ),
    ),
    basis=("reg735-17", "reg735-20", "sil-88"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    grade=severity_always(MEDIUM),
    tags=("死亡冒领", "死亡后享受待遇"),
)  # fmt: skip
def _find(r: Relations, p: Params) -> ir.Table:
    t = _payments(r, p)
    after = t.due > t.grace_ends
    pending = (t.due > t.earliest_end) & (t.due <= t.grace_ends) & (t.spread > DEATH_CONFLICT_DAYS)
    before = _arrears(t)
    returned = t.refund_amt.fill_null(0)
    t = t.mutate(
        if_AFTER_LIMIT=after | pending | (before.fill_null(False) & (t.pay_date > t.grace_ends)),
        not_ARREARS_BEFORE_DEATH=before,
        not_INHERITANCE=any_true(t.kind == LUMP, t.inherit_flag),
        # A sum returned on a day that nobody wrote down may still be to come.
        not_REFUNDED=(returned >= t.amount) & _returned_in_time(r, t),
        not_PENDING_DEATH_DATE=pending.fill_null(False) & ~after.fill_null(True),
        paid_back=ibis.ifelse(_returned_in_time(r, t).fill_null(True), returned, 0),
    )
    t = mark(
        t, "not_ALIVE_EVIDENCE", (*KEY, "person", "name_key"), r["life_evidence"],
        lambda a, b: [a.person == b.person, a.name_key.identical_to(b.name_key)],
    )
    verdicts = [c for c in t.columns if c.startswith(("if_", "not_"))]
    return t.select(
        *verdicts, "row_id", "death_date", "kind", "period_start", "period_end", "service_date",
        "pay_date", "paid_back", "with_death",
        subject=t.person,
        fund=ibis.greatest(t.amount - t.paid_back, 0),
        account=ibis.literal(0, "int64"),
    )


benefit_after_death: Detector = _find


def _payments(r: Relations, p: Params) -> ir.Table:
    """Payments beside the death of their person: due or paid after the earliest limit.

    `due` is the first day of the period, or the day of care that a bill repays; null where that is
    not known. A limit is the last day of the month that lies `lag_months` after the death.
    """
    b = linked(r, r["mi_benefit"], "certno")
    b = b.filter(b.pay_date <= r.today, b.amount > 0)
    b = b.select(
        "row_id", "kind", "period_start", "period_end", "service_date", "pay_date", "amount",
        "inherit_flag", "refund_amt", "refund_date",
        person=ibis.coalesce(b.certno, b.linked_person),
        paid_to=b.psn_name_key,
        repaired=b.certno.isnull() & (b.linked_tier == T2).fill_null(False),
        due=ibis.ifelse(b.kind == REPAID, b.service_date, b.period_start),
    )
    d = r["deaths"].rename(dead="person")
    t = b.join(d, b.person == d.dead)
    former = (t.paid_to == t.former_key).fill_null(False)
    agrees = names_agree(t.paid_to, t.name_key) | former
    named = t.names.contains(t.paid_to) | t.names.contains("") | (t.paid_to == "")
    # A death under another name counts only where none of that number is under this one.
    t = t.filter(agrees | (t.first_name & ~named.fill_null(False)))
    t = t.mutate(
        not_LINK_BELOW_T1=~agrees | t.repaired | ~t.exact,
        not_DECLARED_REVOKED=t.revoked,
        not_ONLY_UPPER_BOUND=t.only_bound,
        grace_ends=_limit(t.death_date, p.lag_months),
        earliest_end=_limit(t.earliest, p.lag_months),
        month_of_death=month_end(t.death_date),
        with_death=t.death_rows,
    )
    late = (t.due > t.earliest_end).fill_null(False) | (t.period_start > t.earliest_end)
    return t.filter(late | (t.pay_date > t.earliest_end))


def _limit(day: ir.DateValue, months: int) -> ir.DateValue:
    return month_end(day.truncate("M") + ibis.interval(months=months))


def _arrears(t: ir.Table) -> ir.BooleanValue:
    """Whether the period ended by the month of death; without an end, its beginning may tell."""
    began_later = ibis.ifelse(t.due > t.month_of_death, False, ibis.null("boolean"))
    return ibis.ifelse(t.period_end.notnull(), t.period_end <= t.month_of_death, began_later)


def _returned_in_time(r: Relations, t: ir.Table) -> ir.BooleanValue:
    """Unknown where a sum was returned and the day is missing."""
    by_now = t.refund_date <= r.today
    return ibis.ifelse(t.refund_amt.fill_null(0) > 0, by_now, False)
