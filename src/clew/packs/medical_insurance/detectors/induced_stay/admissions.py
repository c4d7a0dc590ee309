"""Admissions that crowd together (MI-03), and what is known of each."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations, add_days, any_true
from clew.packs.medical_insurance.derived.terms import (
    T2,
    category,
    exact_sum,
    mark,
    stage,
    valid_on,
)

VILLAGE_DIGITS = 12
VILLAGE, EMPLOYER = "village", "employer"
WORDS = ("包吃住", "接送", "返现")
KEY = ("mdtrt_id", "place")


def crowded(r: Relations, p: Params) -> ir.Table:
    """Admissions, not of an emergency, with at least n of one place at one institution near in
    time; one row an admission and place.
    """
    s = r["stays"]
    s = s.filter(~s.emer_flag.fill_null(False), s.fixmedins_code.notnull()).select(
        "person", "tier", "mdtrt_id", "adm_date", "birth_date", "emer_flag", "fund", "account",
        "reversed", "row_id", "stay_rows", subject="fixmedins_code",
    )  # fmt: skip
    t = s.join(_places(r), "person")
    near = ibis.window(group_by=["subject", "place"], order_by=["adm_date", "mdtrt_id"])
    reach = t.adm_date.lead(p.n - 1).over(near)
    t = t.mutate(begins=reach <= add_days(t.adm_date, p.window))
    # Rows near a possible beginning, either side: which window they fall into is told later.
    starts = t.filter(t.begins.fill_null(False))
    starts = starts.select(begin_at="subject", begin_of="place", begun="adm_date").distinct()
    found = t.semi_join(
        starts,
        [
            t.subject == starts.begin_at,
            t.place == starts.begin_of,
            t.adm_date >= starts.begun,
            t.adm_date <= add_days(starts.begun, p.window),
        ],
    )
    return stage(found.drop("begins"), "crowded")


def _places(r: Relations) -> ir.Table:
    """Village and employer of each insured person."""
    m = r["mi_person"]
    m = m.filter(m.certno.notnull())
    village = m.filter(m.resd_village.length() == VILLAGE_DIGITS).select(
        person="certno", place="resd_village", sort=ibis.literal(VILLAGE)
    )
    employer = m.filter(m.emp_uscc.notnull()).select(
        person="certno", place="emp_uscc", sort=ibis.literal(EMPLOYER)
    )
    return village.union(employer).distinct()


def described(r: Relations, t: ir.Table, p: Params) -> ir.Table:
    """Adds diagnosis, weight, cash, referrer and phone, complaints, and whether the case is mild
    (null where neither weight nor diagnosis tells).
    """
    t = _with_diagnosis(r, _with_papers(r, t))
    c = r["mi_code_list"].select("list", "code", "start_date", "end_date")
    for name in ("mild", "infectious"):
        listed = c.filter(c.list == name)
        t = mark(
            t, name, KEY, listed,
            lambda a, b: [
                a.main_code.startswith(b.code), valid_on(a.adm_date, b.start_date, b.end_date)
            ],
        )
    known = t.main_code.notnull() & ibis.literal(r.held("mi_code_list"))
    by_list: Any = ibis.ifelse(known, t.mild, ibis.null("boolean"))
    t = t.mutate(
        mild=any_true(t.drg_weight < p.mild_weight, by_list),
        confirm_identity=(t.tier == T2).fill_null(False),
    )
    return _with_complaints(r, t, p)


def _with_papers(r: Relations, t: ir.Table) -> ir.Table:
    i = r["mi_inpatient"].select(
        "drg_weight", i_referrer="referrer", i_tel="tel", registered="mdtrt_id"
    )
    wanted = t.select("mdtrt_id").distinct()
    s = r["mi_settlement"]
    s = s.filter(s.begntime.date() <= r.today).semi_join(wanted, "mdtrt_id")
    back = s.refd_setl_flag.fill_null(False) | (s.medfee_sumamt < 0)
    cash = ibis.ifelse(back, -s.psn_cash_pay.abs(), s.psn_cash_pay)
    billed = s.group_by(billed="mdtrt_id").aggregate(
        cash=exact_sum(cash),
        s_referrer=s.referrer.nullif("").min(),
        s_tel=s.tel.nullif("").min(),
        dise_codg=s.dise_codg.min(),
    )
    t = t.left_join(i, t.mdtrt_id == i.registered).drop("registered")
    t = t.left_join(billed, t.mdtrt_id == billed.billed).drop("billed")
    return t.mutate(
        referrer=ibis.coalesce(t.i_referrer.nullif(""), t.s_referrer),
        tel=ibis.coalesce(t.i_tel.nullif(""), t.s_tel),
    ).drop("i_referrer", "s_referrer", "i_tel", "s_tel")


def _with_diagnosis(r: Relations, t: ir.Table) -> ir.Table:
    t = stage(t, "with_papers")
    d = r["mi_diagnosis"].semi_join(t.select("mdtrt_id").distinct(), "mdtrt_id")
    letter, c = d.diag_code.substr(0, 1).upper(), category(d.diag_code)
    found = d.group_by(diagnosed="mdtrt_id").aggregate(
        main=d.diag_code.argmin(d.diag_srt_no, where=d.diag_type == "1"),
        hurt=letter.isin(("S", "T", "X")).any(),
        series=c.isin(("Z49", "Z51")).any(),
    )
    t = t.left_join(found, t.mdtrt_id == found.diagnosed)
    own = t.dise_codg.nullif("")
    t = t.mutate(
        main_code=ibis.coalesce(t.main, own),
        hurt=any_true(t.hurt, own.substr(0, 1).upper().isin(("S", "T", "X"))),
        series=any_true(t.series, category(own).isin(("Z49", "Z51"))),
    )
    return t.mutate(category=category(t.main_code)).drop("diagnosed", "main", "dise_codg")


def _with_complaints(r: Relations, t: ir.Table, p: Params) -> ir.Table:
    """Adds `complaints`, the days on which one with those words named the institution."""
    c = r["mi_complaint"]
    said: Any = ibis.literal(False)
    for word in WORDS:
        said = said | c.content.contains(word)
    c = c.filter(said, c.recv_date <= r.today)
    i = r["mi_institution"].select(known_as="name", code="fixmedins_code")
    by_name = c.filter(c.fixmedins_code.isnull()).join(i, c.inst_name == i.known_as)
    by_name = by_name.select("recv_date", "row_id", named="code")
    named = c.filter(c.fixmedins_code.notnull()).select(
        "recv_date", "row_id", named="fixmedins_code"
    )
    heard = named.union(by_name)
    heard = heard.group_by("named").aggregate(
        complaints=heard.recv_date.collect(), complaint_rows=heard.row_id.collect()
    )
    return t.left_join(heard, t.subject == heard.named).drop("named")
