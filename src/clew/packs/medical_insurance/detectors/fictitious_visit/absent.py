"""Who could not have been there (MI-08 a): in custody, abroad, dead."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Relations, names_agree
from clew.packs.medical_insurance.derived.terms import T1, linked
from clew.packs.medical_insurance.detectors.death_card import death_card, services_of_the_dead

CUSTODY, ABROAD, DEAD = "custody", "abroad", "dead"


def spells(r: Relations) -> ir.Table:
    """Absences of persons: `away_from` and `away_to` are days on which they may have been there."""
    today = r.today
    parts = []
    for name, kind, first, last in (
        ("mi_custody", CUSTODY, "start_date", "end_date"),
        ("mi_border", ABROAD, "exit_date", "entry_date"),
    ):
        t = linked(r, r[name], "certno")
        parts.append(
            t.select(
                gone=ibis.coalesce(t.certno, t.linked_person),
                gone_name=t.psn_name_key,
                away_from=t[first],
                away_to=ibis.ifelse(t[last] <= today, t[last], today).fill_null(today),
                kind=ibis.literal(kind),
                proof=t.row_id,
                # Null where nobody is named. One engine fails on `… | x.fill_null(False)` here.
                exact=ibis.ifelse(t.certno.notnull(), True, t.linked_tier == T1),
            )
        )
    return ibis.union(*parts)


def absences(visits: ir.Table, away: ir.Table) -> ir.Table:
    """Settlements of the absent that their spell touches, one row a settlement and spell."""
    last_day = ibis.coalesce(
        ibis.greatest(visits.end_date, visits.settled_date), visits.settled_date
    )
    touched = visits.join(
        away,
        [
            visits.person == away.gone,
            names_agree(visits.name_key, away.gone_name),
            visits.service_date < away.away_to,
            last_day > away.away_from,
        ],
    )
    return touched.select("setl_id", "away_from", "away_to", "kind", "proof", "exact")


def services_after_death(r: Relations) -> ir.Table:
    """Services that MI-01 flags and that the fund paid, with what it uses by default."""
    t = services_of_the_dead(r, death_card.values())
    stands = t.if_AFTER_DEATH & (t.fund_whole > 0) & ~t.reversed & ~t.revoked & ~t.only_bound
    for column in t.columns:
        if column.startswith("not_"):
            stands = stands & ~t[column].fill_null(False)
    t = t.filter(stands, ~t.by_owner)
    return t.select("setl_id", dead_row=ibis.coalesce(t.line_id, t.setl_row), proof="with_death")
