"""How many of an institution's admissions of a month are elderly, against its level (MI-03)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations, apportion
from clew.packs.medical_insurance.derived.peers import z_scores
from clew.packs.medical_insurance.derived.terms import exact_sum, stage

PER_MILLION = 1_000_000


def with_elderly_rate(r: Relations, t: ir.Table, p: Params) -> ir.Table:
    """Adds `elderly_rate`, in a million admissions of the month of admission, and `z` (null where
    the level is unknown or has too few peers).
    """
    t = stage(t.mutate(month=t.adm_date.truncate("M")), "by_month")
    months = t.select("month").distinct()
    s = r["stays"]
    s = s.filter(~s.reversed, s.fixmedins_code.notnull())
    s = s.mutate(month=s.adm_date.truncate("M")).semi_join(months, "month")
    known = r["holders"].select(holder="person", known_birth="born")
    s = s.left_join(known, s.person == known.holder)
    born = ibis.coalesce(s.known_birth, s.birth_date)
    birthday = (s.adm_date.month() * 100 + s.adm_date.day()) >= (born.month() * 100 + born.day())
    age = s.adm_date.year() - born.year() - ibis.ifelse(birthday, 0, 1)
    s = s.mutate(old=ibis.ifelse(age >= p.elderly_age, 1, 0).cast("int64"))
    # Where no date of birth is known the admission counts neither way.
    s = s.filter(born.notnull())
    rates = s.group_by(rate_of="fixmedins_code", rate_month="month").aggregate(
        elderly=exact_sum(s.old), admitted=s.count()
    )
    i = r["mi_institution"].select(code="fixmedins_code", level="hosp_lv")
    rates = rates.join(i.filter(i.level.notnull()), rates.rate_of == i.code)
    million = ibis.literal(PER_MILLION, "int64")
    rates = rates.mutate(elderly_rate=apportion(million, rates.elderly, rates.admitted))
    rates = z_scores(rates, group=("level", "rate_month"), value="elderly_rate")
    rates = rates.select("rate_of", "rate_month", "elderly_rate", "z")
    t = t.left_join(rates, [t.subject == rates.rate_of, t.month == rates.rate_month])
    return t.drop("month", "rate_of", "rate_month")
