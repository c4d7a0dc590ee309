"""Who is dead, since when, by which sources; and what speaks against it."""

from __future__ import annotations

from typing import Any, cast

import ibis
import ibis.expr.types as ir

from clew.declare import Relations, T, days_between, derived, month_end
from clew.packs.medical_insurance.derived.terms import (
    MONTH_PRECISION,
    T1,
    YEAR_PRECISION,
    linked,
)

SOURCES = ("death_health", "death_police", "death_civil", "court_death")
DEATH, BOUND, ANNULLED, REVOKED = "death", "bound", "annulled", "revoked"
POLICE_REASON = "死亡"


def last_day(day: Any, precision: Any) -> ir.DateValue:
    """Last day that a time of coarse precision may mean."""
    year_end = month_end(day.truncate("Y") + ibis.interval(months=11))
    end = ibis.cases(
        (precision == YEAR_PRECISION, year_end), (precision == MONTH_PRECISION, month_end(day)),
        else_=day,
    )
    return cast(ir.DateValue, end)


def _source(r: Relations, name: str) -> ir.Table:
    """A file of deaths with `person` and `exact`, whether the link to that person is T1."""
    t = linked(r, r[name], "certno")
    return t.mutate(
        person=ibis.coalesce(t.certno, t.linked_person),
        exact=t.certno.notnull() | (t.linked_tier == T1).fill_null(False),
    )


def _statement(t: ir.Table, kind: Any, day: Any, precision: Any) -> ir.Table:
    return t.select(
        "person",
        "exact",
        name_key=t.psn_name_key,
        source_row=t.row_id,
        kind=ibis.literal(kind) if isinstance(kind, str) else kind,
        first_day=day,
        day=last_day(day, precision),
    )


def _statements(r: Relations) -> ir.Table:
    """Every dated statement on a death, one row each."""
    health, police, civil, court = (_source(r, name) for name in SOURCES)
    reason = police.reason.fill_null("").strip()
    police = police.filter(reason.isin(("", POLICE_REASON)))
    parts = (
        _statement(
            health, DEATH, health.death_time.date(), health.death_time_precision
        ),
        _statement(police, DEATH, police.death_date, police.death_date_precision),
        _statement(police, BOUND, police.cancel_date, police.cancel_date_precision),
        _statement(civil, BOUND, civil.cremation_date, civil.cremation_date_precision),
        _judgments(court),
    )
    t = ibis.union(*parts)
    return t.filter(
        t.person.notnull(), t.first_day.notnull(), t.first_day <= r.today
    ).drop("first_day")


def _judgments(court: ir.Table) -> ir.Table:
    """Declarations that stand are deaths; those revoked later are kept apart."""
    revoked = court.filter(court.kind == "revoked").group_by("person").aggregate(
        last_revoked=lambda t: t.judg_date.max()
    )
    t = court.left_join(revoked, "person", rname="{name}_revoked")
    standing = t.last_revoked.isnull() | (t.last_revoked < t.judg_date)
    kind = ibis.cases(
        (t.kind == "revoked", REVOKED), (standing, DEATH), else_=ANNULLED
    )
    t = t.mutate(judgment=kind)
    return _statement(t, t.judgment, t.judg_date, t.judg_date_precision)


def _present_names(r: Relations, statements: ir.Table) -> ir.Table:
    """Statements under a former name of the household register are put under the present one."""
    p = r["police_person"]
    former = p.filter(p.former_name_key.notnull(), p.certno.notnull()).select(
        holder="certno", present="psn_name_key", former="former_name_key"
    )
    t = statements.left_join(
        former, [statements.person == former.holder, statements.name_key == former.former]
    )
    return t.mutate(name_key=ibis.coalesce(t.present, t.name_key)).select(*statements.columns)


@derived(
    title=T("死亡", "Credible deaths"),
    inputs=(*SOURCES, "police_person"),
    order=("person", "name_key"),
)
def deaths(r: Relations) -> ir.Table:
    """One row per person and name: a death file that bears another person's number must not
    blend with that person's own.

    Only true dates of death count; the latest is in use. Dates of registration and cremation are
    upper bounds: alone, the earliest of them stands in and `only_bound` is true. `earliest`,
    `latest` span the true dates, `spread` is their distance in days. A revoked declaration is no
    source; where nothing else is known its date is shown, so that `revoked` can excuse. `names`
    are all names of the person's number, `former_key` a former one, `first_name` marks one row
    per person. `exact` tells that statements linked by T1 alone give the same date of death.
    """
    s = _present_names(r, _statements(r))
    t = s.group_by("person", "name_key").aggregate(
        latest=s.day.max(where=s.kind == DEATH),
        latest_exact=s.day.max(where=(s.kind == DEATH) & s.exact),
        bound_exact=s.day.min(where=(s.kind == BOUND) & s.exact),
        annulled_exact=s.day.max(where=(s.kind == ANNULLED) & s.exact),
        earliest=s.day.min(where=s.kind == DEATH),
        bound=s.day.min(where=s.kind == BOUND),
        annulled=s.day.max(where=s.kind == ANNULLED),
        revoked_on=s.day.max(where=s.kind == REVOKED),
        death_rows=s.source_row.collect(distinct=True),
    )
    instead = ibis.coalesce(t.bound, t.annulled)
    instead_exact = ibis.coalesce(t.bound_exact, t.annulled_exact)
    t = t.mutate(
        exact=ibis.ifelse(
            t.latest.notnull(), t.latest == t.latest_exact, instead == instead_exact
        ).fill_null(False),
        death_date=ibis.coalesce(t.latest, instead),
        earliest=ibis.coalesce(t.earliest, instead),
        only_bound=t.latest.isnull() & t.bound.notnull(),
    )
    t = t.filter(t.death_date.notnull())
    t = t.mutate(
        spread=days_between(t.death_date, t.earliest),
        revoked=(t.revoked_on >= t.death_date).fill_null(False),
        after_bound=(t.latest > t.bound).fill_null(False),
    )
    return _named(r, t)


def _named(r: Relations, t: ir.Table) -> ir.Table:
    names = t.group_by("person").aggregate(names=t.name_key.collect())
    t = t.join(names, "person")
    window = ibis.window(
        group_by="person", order_by=[ibis.desc(t.death_date), t.name_key.fill_null("~")]
    )
    t = t.mutate(first_name=ibis.row_number().over(window) == 0)
    p = r["police_person"]
    former = p.filter(p.former_name_key.notnull()).group_by("certno", "psn_name_key").aggregate(
        former_key=lambda x: x.former_name_key.min()
    )
    t = t.left_join(
        former, [t.person == former.certno, t.name_key == former.psn_name_key]
    )
    return t.select(
        "person", "name_key", "death_date", "earliest", "spread", "bound", "only_bound",
        "after_bound", "revoked", "exact", "names", "former_key", "first_name", "death_rows",
    )


@derived(
    title=T("在世证据", "Evidence of life"),
    inputs=(
        *SOURCES, "police_person", "deaths", "mi_settlement", "mi_person", "reversals",
        "numbered_persons", "net_settlements", "mi_border", "civil_marriage", "tax_wage",
    ),
    order=("person", "name_key", "source", "life_row"),
)
def life_evidence(r: Relations) -> ir.Table:
    """What only the living do, dated after the date of death in use: one row per source row.

    A face-verified service, a border crossing, an appearance at the marriage registry, wage tax
    for a later month.
    """
    d = r["deaths"].select("person", "name_key", "death_date")
    s, b, m, w = (r[n] for n in ("net_settlements", "mi_border", "civil_marriage", "tax_wage"))
    face = s.filter(s.verify_mode == "face")
    parts = (
        _seen(face, "mi_settlement", face.person, face.service_date),
        _seen(b, "mi_border", b.certno, b.exit_date),
        _seen(b, "mi_border", b.certno, b.entry_date),
        _seen(m, "civil_marriage", m.certno, m.reg_date),
        _seen(m, "civil_marriage", m.spouse_certno, m.reg_date),
        # The month of death itself proves nothing, so the wage month counts from its first day.
        _seen(w, "tax_wage", w.certno, w.month),
    )
    seen = ibis.union(*parts)
    t = seen.join(d, seen.alive_person == d.person)
    alive = t.seen_on > t.death_date
    return t.filter(alive, t.seen_on <= r.today).select(
        "person", "name_key", "source", "life_row", "seen_on"
    ).distinct()


def _seen(t: ir.Table, source: str, person: Any, day: Any) -> ir.Table:
    return t.select(
        alive_person=person, source=ibis.literal(source), life_row=t.row_id, seen_on=day
    )
