"""More tests billed than reported, than reagents allow, than the year before."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Fact,
    Params,
    Relations,
    T,
    apportion,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import (
    UNIT,
    month,
    quarter,
    summed,
    with_money,
)
from clew.packs.medical_insurance.derived.quantities import scaled
from clew.packs.medical_insurance.derived.terms import exact_sum, stage
from clew.packs.medical_insurance.detectors.laboratory.lines import (
    REQUIRED,
    RESEARCH_FUNDED,
    REVERSED,
    SHOWN,
    VERDICTS,
    judged,
    lab_lines,
)
from clew.packs.medical_insurance.detectors.shares import (
    ITEM_MONTH,
    beyond,
    beyond_reports,
    facts_of,
    still_beyond,
)

EXCLUSIONS = (REVERSED, RESEARCH_FUNDED)
ITEM_QUARTER = ("code", "quarter")


@rule(
    code="d",
    title=T("检验收费多于报告", "More billed than reported"),
    per="institution",
    subject="organisation",
    fact_key=ITEM_MONTH,
    base=T("报送日志的机构当月检验收费", "Tests of months whose log was delivered"),
    required=(*REQUIRED, "mi_lab_log"),
    conditions=(
        Condition("MORE_THAN_REPORTS", T("收费数量大于报告数", "More billed than reports")),
    ),
    exclusions=EXCLUSIONS,
    grade=severity_always(MEDIUM),
    holds=still_beyond,
)
def billed_beyond_reports(r: Relations, p: Params) -> ir.Table:
    t = beyond_reports(r, lab_lines(r), "research")
    t = judged(with_money(r, t, "reported"))
    return t.select(*SHOWN, *ITEM_MONTH, "if_MORE_THAN_REPORTS", *VERDICTS, **facts_of(t))


def _still_unbought(fact: Fact, p: Params) -> bool:
    billed = sum(row.used_units for row in fact.rows)
    return bool(fact.rows[0].allowed_units < p.reagent * billed)


@rule(
    code="e",
    title=T("试剂购进少于检验收费", "Fewer tests bought than billed"),
    per="institution",
    subject="organisation",
    fact_key=ITEM_QUARTER,
    base=T("有进销存的检验项目", "Tests whose reagents are in the stock book"),
    required=(*REQUIRED, "mi_stock"),
    conditions=(
        Condition(
            "FEWER_BOUGHT",
            T("可做次数小于收费的规定比例", "The reagents allow fewer than the share billed"),
        ),
    ),
    exclusions=EXCLUSIONS,
    grade=severity_always(MEDIUM),
    holds=_still_unbought,
)
def reagents_short(r: Relations, p: Params) -> ir.Table:
    t = lab_lines(r)
    t = t.mutate(quarter=quarter(t.day))
    s = _reagents(r)
    t = t.join(
        s,
        [
            t.subject == s.buyer,
            t.code == s.bought,
            t.quarter == s.stock_quarter,
            t.day >= s.stock_from,
            t.day <= s.stock_to,
        ],
    )
    listed_unit = t.listed_unit.fill_null("")
    same_unit = t.stock_unit.fill_null(listed_unit) == listed_unit
    t = t.mutate(tests=ibis.coalesce(t.factor, ibis.ifelse(same_unit, UNIT, None)))
    t = t.filter(t.tests.notnull())
    # Purchases in tests; what is on the shelf stands in the book as counted.
    bought = apportion(t.bought_units, t.tests, ibis.literal(UNIT))
    t = t.mutate(allowed=bought + t.opened - t.closed)
    t = summed(t, *ITEM_QUARTER, "allowed", "stock_row", "research", "out")
    t = beyond(t, ("subject", *ITEM_QUARTER))
    share = int(p.reagent * UNIT)
    t = t.mutate(if_FEWER_BOUGHT=t.allowed * UNIT < t.every * share)
    t = judged(with_money(r, t, "reagents"))
    return t.select(
        *SHOWN, *ITEM_QUARTER, "if_FEWER_BOUGHT", *VERDICTS, with_stock=t.stock_row, **facts_of(t)
    )


def _reagents(r: Relations) -> ir.Table:
    """The stock book of a quarter: what the first line opened with, the last closed with, and
    what was bought between, in ten-thousandths of a unit of stock.
    """
    s = r["mi_stock"]
    s = s.filter(s.end_date <= r.today, quarter(s.start_date) == quarter(s.end_date))
    s = s.mutate(
        # A line's place in the book: periods by their dates, lines within them.
        place=s.start_date.year().cast("int64") * 100_000_000
        + s.start_date.month().cast("int64") * 1_000_000
        + s.start_date.day().cast("int64") * 10_000
        + s.line_no.fill_null(1).cast("int64"),
        stock_quarter=quarter(s.start_date),
    )
    return s.group_by(
        "stock_quarter", buyer="fixmedins_code", bought="med_list_codg"
    ).aggregate(
        stock_from=s.start_date.min(),
        stock_to=s.end_date.max(),
        bought_units=exact_sum(scaled(s.purc_cnt.fill_null(0))),
        opened=scaled(s.open_cnt).argmin(s.place, where=s.open_cnt.notnull()).fill_null(0),
        closed=scaled(s.close_cnt).argmax(s.place, where=s.close_cnt.notnull()).fill_null(0),
        factor=scaled(s.pack_factor).max(),
        stock_unit=s.stock_unit.max(),
        stock_row=s.row_id.min(),
    )  # fmt: skip


def _still_grown(fact: Fact, p: Params) -> bool:
    return bool(sum(row.used_units for row in fact.rows) >= p.growth * fact.rows[0].allowed_units)


@rule(
    code="f",
    title=T("检验量同比剧增", "Many times the tests of the year before"),
    per="institution",
    subject="organisation",
    fact_key=ITEM_MONTH,
    base=T("去年同月达到基数的检验", "Tests with enough in the same month last year"),
    required=REQUIRED,
    conditions=(
        Condition("GROWTH", T("达到去年同月的倍数", "As many times those of the year before")),
    ),
    exclusions=EXCLUSIONS,
    grade=severity_always(MEDIUM),
    holds=_still_grown,
)
def grown(r: Relations, p: Params) -> ir.Table:
    t = lab_lines(r)
    number = t.day.year().cast("int64") * 12 + t.day.month().cast("int64")
    t = t.mutate(month=month(t.day), number=number)
    t = stage(summed(t, *ITEM_MONTH, "number", "research", "out"), "monthly_tests")
    before = t.filter(~t.out).group_by(once_at="subject", once="code", then="number").aggregate(
        allowed=lambda x: exact_sum(x.qty)
    )
    before = before.filter(before.allowed >= p.growth_n * UNIT)
    t = t.join(
        before,
        [t.subject == before.once_at, t.code == before.once, t.number == before.then + 12],
    )
    t = beyond(t, ("subject", *ITEM_MONTH))
    t = t.mutate(if_GROWTH=t.every * UNIT >= t.allowed * int(p.growth * UNIT))
    t = judged(with_money(r, t, "grown"))
    return t.select(*SHOWN, *ITEM_MONTH, "if_GROWTH", *VERDICTS, **facts_of(t))
