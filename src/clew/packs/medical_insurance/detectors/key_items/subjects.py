"""Institutions and doctors beside their peers and beside last year."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Params,
    Relations,
    Signal,
    T,
    any_of,
    apportion,
    ratio,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.peers import MIN_PEERS, wide, z_of
from clew.packs.medical_insurance.derived.terms import exact_sum, stage
from clew.packs.medical_insurance.detectors.key_items.excuses import EXCUSES, FLAGS
from clew.packs.medical_insurance.detectors.key_items.judge import (
    PER_MILLION,
    judged,
    still_stands,
)
from clew.packs.medical_insurance.detectors.key_items.ranking import beside_last_year, key_codes
from clew.packs.medical_insurance.detectors.key_items.spend import spend

WHO = ("subject", "level", "specialty")
FEN = 100


@rule(
    code="",
    title=T("重点药品耗材异常", "Key drugs and consumables"),
    per="set",
    subject="organisation",
    fact_key=("item", "quarter"),
    base=T("排名前列的品种在各机构和医师的基金支出", "Spending on the leading codes"),
    required=(
        "mi_settlement", "mi_fee", any_of("mi_drug", "mi_catalogue"), "mi_institution",
        "mi_institution.hosp_lv",
    ),
    conditions=(
        Condition("KEY_CODE", T("位列全市排名", "Leads a ranking of the city")),
        Condition("STANDS_OUT", T("占比或增幅突出", "Stands out by share or growth")),
    ),
    signals=(
        Signal("SHARE", T("占比高于同级同专业", "Share far above the peers")),
        Signal("GROWTH", T("同比增长", "Growth on last year")),
    ),
    exclusions=EXCUSES,
    grade=severity_always(MEDIUM),
    after=judged,
    holds=still_stands,
)  # fmt: skip
def key_item(r: Relations, p: Params) -> ir.Table:
    lines = stage(spend(r, p), "spending_lines")
    spent = stage(_spending(r, lines), "spending")
    city = lines.group_by("item", "q").aggregate(
        net=exact_sum(ibis.ifelse(lines.reversed, 0, lines.spent))
    )
    key = key_codes(p, stage(city, "city_spending"))
    facts = _measured(p, spent, key)
    facts = stage(facts, "outstanding")
    rows = _rows(lines, facts, "place").union(_rows(lines, facts, "doctor"))
    t = rows.group_by(*facts.columns, *FLAGS).aggregate(
        row_id=rows.line.min(), with_lines=rows.line.collect(), spent=exact_sum(rows.spent)
    )
    return t.mutate(if_KEY_CODE=ibis.literal(True), if_STANDS_OUT=ibis.literal(True))


def _spending(r: Relations, lines: ir.Table) -> ir.Table:
    """By subject, kind, item and quarter: `net` after reversals, `every` with what was reversed.

    Institutions are compared within their level, doctors within the level of their institution and
    the scope of practice that the register names.
    """
    i = r["mi_institution"]
    i = i.filter(i.hosp_lv.notnull()).select(level="hosp_lv", at="fixmedins_code")
    t = lines.join(i, lines.place == i.at)
    net = exact_sum(ibis.ifelse(t.reversed, 0, t.spent))
    places = t.group_by("level", "kind", "item", "q", subject="place").aggregate(
        net=net, every=exact_sum(t.spent)
    )
    places = places.mutate(specialty=ibis.literal(""))
    s = r["mi_staff"]
    s = s.filter(s.scope.nullif("").notnull()).select(specialty="scope", staff="staff_codg")
    d = t.join(s, t.doctor == s.staff)
    # Who works at two levels counts at the higher one.
    highest = d.group_by(staff_of="doctor", q_of="q").aggregate(highest=d.level.max())
    d = d.join(highest, [d.doctor == highest.staff_of, d.q == highest.q_of])
    doctors = d.group_by(
        "specialty", "kind", "item", "q", subject="doctor", level="highest"
    ).aggregate(
        net=exact_sum(ibis.ifelse(d.reversed, 0, d.spent)), every=exact_sum(d.spent)
    )
    return places.select(*doctors.columns).union(doctors)


def _measured(p: Params, spent: ir.Table, key: ir.Table) -> ir.Table:
    """Key codes of subjects that stand out, with all that the judgement needs.

    `share` in a million of the subject's spending on that kind; `peers`, `peer_sum`,
    `peer_squares` over the others of the group, those that spend nothing on the code included.
    """
    group = ("level", "specialty", "kind", "q")
    totals = spent.group_by(*WHO, "kind", "q").aggregate(
        total=exact_sum(spent.net), total_all=exact_sum(spent.every)
    )
    members = totals.filter(totals.total > 0).group_by(*group).aggregate(
        members=lambda t: t.count()
    )
    old = beside_last_year(spent.select("subject", "item", "q", "net"), "subject", "item")
    t = spent.semi_join(key, ["item", "q"])
    t = t.join(totals, [*WHO, "kind", "q"]).left_join(members, list(group), rname="{name}_group")
    t = t.join(old.select("subject", "item", "q", "old"), ["subject", "item", "q"])
    million: Any = ibis.literal(PER_MILLION, "int64")
    share = ibis.ifelse(t.total > 0, apportion(million, t.net, t.total), 0)
    t = t.mutate(share=share, share_all=apportion(million, t.every, t.total_all))
    window = ibis.window(group_by=[*group, "item"])
    own = ibis.ifelse(t.total > 0, 1, 0)
    x = wide(t.share)
    t = t.mutate(
        peers=t.members.fill_null(0) - own,
        peer_sum=wide(x.sum().over(window)) - x,
        peer_squares=wide((x * x).sum().over(window)) - x * x,
    )
    share_seen = _z(t) >= float(p.z)
    increase = t.every - t.old
    grown = ratio(increase, t.old) >= float(p.growth)
    grown = grown & (increase > int(p.growth_amount) * FEN)
    t = t.mutate(
        is_SHARE=ibis.ifelse(t.peers >= MIN_PEERS, share_seen, ibis.null("boolean")),
        is_GROWTH=ibis.ifelse(t.old > 0, grown, ibis.null("boolean")),
    )
    t = t.filter(t.is_SHARE.fill_null(False) | t.is_GROWTH.fill_null(False))
    return t.select(
        *WHO, "kind", "item", "q", "total", "share", "peers", "old", "is_SHARE",
        "is_GROWTH",
        peer_sum=t.peer_sum.cast("int64"),
        peer_squares=t.peer_squares.cast("int64"),
    )  # fmt: skip


def _z(t: ir.Table) -> ir.FloatingValue:
    """z of the share with reversed lines among the peers."""
    n, x = wide(t.peers), wide(t.share_all)
    distance = n * x - t.peer_sum
    spread = n * t.peer_squares - t.peer_sum * t.peer_sum
    return z_of(distance, spread)


def _rows(lines: ir.Table, facts: ir.Table, who: str) -> ir.Table:
    """Lines of the facts, beside all that is known of each."""
    own = lines.select("line", "spent", *FLAGS, who=who, of_item="item", of_q="q")
    t = own.join(
        facts, [own.who == facts.subject, own.of_item == facts.item, own.of_q == facts.q]
    )
    return t.drop("who", "of_item", "of_q")
