"""What explains that more is spent on something: it is new, its department is new, it is the
season.
"""

from __future__ import annotations

from typing import Any, cast

import ibis
import ibis.expr.types as ir

from clew.declare import Exclusion, Params, Relations, T, any_true

REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
NEW_LISTING = Exclusion(
    "NEW_LISTING", T("新挂网或集采切换", "Newly listed or switched to bulk purchase"),
    sources=("mi_catalogue.listed_date", "mi_catalogue.vbp_date"),
)  # fmt: skip
NEW_DEPARTMENT = Exclusion(
    "NEW_DEPARTMENT", T("新开科室", "New department"), sources=("mi_dept.start_date",)
)
EPIDEMIC_SEASON = Exclusion(
    "EPIDEMIC_SEASON", T("流行季节", "Epidemic season"), sources=("epi_season",)
)
EXCUSES = (REVERSED, NEW_LISTING, NEW_DEPARTMENT, EPIDEMIC_SEASON)
FLAGS = tuple(f"not_{e.code}" for e in EXCUSES)


def with_excuses(r: Relations, p: Params, t: ir.Table) -> ir.Table:
    """Adds the columns in FLAGS to lines with `day`, `listed_date`, `vbp_date`, `place`, `dept`,
    `category` and `reversed`.
    """
    end = _quarter_end(t.day)
    new = any_true(_new(t.listed_date, end, p), _new(t.vbp_date, end, p))
    t = t.mutate(
        not_REVERSED=t.reversed,
        # A code without dates is no new one. (A plain fill_null fails on one engine, which then
        # disagrees with itself on whether the column may be null.)
        not_NEW_LISTING=ibis.ifelse(new.isnull(), False, new),
        quarter_end=end,
    )
    return _season(r, p, _department(r, p, t))


def _quarter_end(day: Any) -> ir.DateValue:
    start = day.truncate("Q") + ibis.interval(months=3)
    return cast(ir.DateValue, (start - ibis.interval(days=1)).cast("timestamp").date())


def _new(since: Any, end: Any, p: Params) -> ir.BooleanValue:
    """Whether something began less than `new_months` before that day."""
    grown = (since + ibis.interval(months=int(p.new_months))).cast("timestamp").date()
    return cast(ir.BooleanValue, (since <= end) & (grown > end))


def _department(r: Relations, p: Params, t: ir.Table) -> ir.Table:
    """Unknown where a line names no department and the institution has a new one."""
    d = r["mi_dept"]
    d = d.filter(d.start_date.notnull()).select(
        dept_place="fixmedins_code", dept_code="dept_codg", opened="start_date"
    )
    ends = t.select("quarter_end").distinct()
    new = ends.join(d, [d.opened <= ends.quarter_end])
    new = new.filter(_new(new.opened, new.quarter_end, p))
    named = new.select(
        "dept_place", "dept_code", dept_end="quarter_end", new_dept=ibis.literal(True)
    )
    t = t.left_join(
        named.distinct(),
        [
            t.place == named.dept_place,
            t.dept == named.dept_code,
            t.quarter_end == named.dept_end,
        ],
    ).drop("dept_place", "dept_code", "dept_end")
    some = new.select(
        some_place="dept_place", some_end="quarter_end", some_new=ibis.literal(True)
    )
    t = t.left_join(
        some.distinct(), [t.place == some.some_place, t.quarter_end == some.some_end]
    ).drop("some_place", "some_end")
    unknown = t.dept.isnull() & t.some_new.fill_null(False)
    return t.mutate(
        not_NEW_DEPARTMENT=ibis.ifelse(
            unknown, ibis.null("boolean"), t.new_dept.fill_null(False)
        )
    ).drop("new_dept", "some_new")


def _season(r: Relations, p: Params, t: ir.Table) -> ir.Table:
    """Unknown where a bill names no diagnosis."""
    e = r["epi_season"]
    high = e.filter(e.index.cast("float64") >= float(p.season)).select(
        season_of=e.icd_category.upper(), season_month="month"
    )
    high = high.distinct().mutate(in_season=True)
    t = t.left_join(
        high, [t.category == high.season_of, t.day.truncate("M") == high.season_month]
    ).drop("season_of", "season_month")
    return t.mutate(
        not_EPIDEMIC_SEASON=ibis.ifelse(
            t.category.isnull(), ibis.null("boolean"), t.in_season.fill_null(False)
        )
    ).drop("in_season")
