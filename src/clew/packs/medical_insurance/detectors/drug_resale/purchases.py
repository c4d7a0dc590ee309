"""What people took home: outpatient and pharmacy lines of drugs with known doses, and excuses."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations
from clew.declare.detector import Cells
from clew.packs.medical_insurance.derived.quantities import quantities
from clew.packs.medical_insurance.derived.terms import T2, category, valid_on

GROUP_PICKUP, PROGRAMME = ("nursing_home", "bulk_pickup"), "drug_programme"


def drugs(r: Relations, p: Params) -> ir.Table:
    """One row a spell of mi_drug, with the catalogue's unit."""
    d, c = r["mi_drug"], r["mi_catalogue"]
    units = c.group_by(unit_of="med_list_codg").aggregate(catalogue_unit=c.unit.nullif("").max())
    t = d.left_join(units, d.med_list_codg == units.unit_of)
    first = t.med_list_codg.substr(0, p.substance_len)
    return t.select(
        "catalogue_unit",
        drug_code=t.med_list_codg,
        drug_from=t.start_date,
        drug_to=t.end_date,
        substance=ibis.coalesce(t.substance.nullif(""), first),
        dose=t.dose_per_unit,
        daily=t.max_daily_dose,
        pack=t.unit_per_pack,
        resale=t.resale_flag.fill_null(False),
    )


def other_unit(t: ir.Table) -> ir.BooleanValue:
    """Whether a line counts in another unit than the catalogue's, which an empty unit is."""
    found: ir.BooleanValue = (t.unit.nullif("") != t.catalogue_unit).fill_null(False)
    return found


def visits(r: Relations) -> ir.Table:
    """Settlements outside the wards: what a ward gives is not taken home."""
    s = r["itemised"]
    s = s.filter(~s.inpatient, s.person.notnull())
    return s.select(
        "setl_id", "mdtrt_id", "person", "reversed", "dise_codg",
        institution=s.fixmedins_code,
        settlement_row=s.row_id,
        fund_whole=s.fund,
        account_whole=s.account,
        confirm_identity=s.tier == T2,
    )  # fmt: skip


def first_lines(r: Relations, known: ir.Table) -> ir.Table:
    """Charged lines of the drugs `known`, on the days of their spell, nothing netted yet."""
    fee = r["mi_fee"]
    day = fee.fee_ocur_time.date()
    fee = fee.filter(day <= r.today, fee.cnt > 0).select(
        "setl_id", "med_list_codg", "unit", "cnt", day=day
    )
    return fee.join(
        known,
        [fee.med_list_codg == known.drug_code, valid_on(fee.day, known.drug_from, known.drug_to)],
    )


def purchases(r: Relations, known: ir.Table, persons: ir.Table) -> ir.Table:
    """Lines of those drugs bought by `persons` (a column `person`), after reversals, with money."""
    s = visits(r)
    s = s.semi_join(persons.select("person").distinct(), "person")
    q = quantities(r, s)
    q = q.join(
        known,
        [
            q.med_list_codg == known.drug_code,
            valid_on(q.fee_date, known.drug_from, known.drug_to),
        ],
    )
    t = q.join(s, "setl_id")
    return t.mutate(day=t.fee_date, other=other_unit(t)).mutate(
        not_REVERSED=t.reversed | (t.cnt <= 0)
    )


def with_excuses(r: Relations, p: Params, t: ir.Table) -> ir.Table:
    """Adds `not_BULK_PICKUP`, `not_ONCOLOGY_TRANSPLANT`, and the categories `main` and `listed`.

    One row a line, membership of its buyer and listed diagnosis of its visit: an excuse holds where
    one of a line's rows says so (`merged`). Joins of this kind read each table once, which engines
    that copy a named step wherever it is used are grateful for.
    """
    m = members(r, (*GROUP_PICKUP, PROGRAMME))
    t = t.left_join(
        m,
        [
            t.person == m.member,
            valid_on(t.day, m.member_from, m.member_to),
            valid_on(t.day, m.programme_from, m.programme_to),
        ],
    )
    d = r["mi_diagnosis"]
    d = d.select(visit="mdtrt_id", listed=category(d.diag_code))
    t = t.left_join(d, t.mdtrt_id == d.visit).mutate(main=lambda x: category(x.dise_codg))
    first = t.programme_drug.substr(0, p.substance_len)
    same_drug = ((t.substance == first) | (t.med_list_codg == t.programme_drug)).fill_null(False)
    same_illness = (t.icd == t.listed).fill_null(False) | (t.icd == t.main).fill_null(False)
    enrolled = (t.programme_kind == PROGRAMME).fill_null(False)
    return t.mutate(
        not_BULK_PICKUP=t.programme_kind.isin(GROUP_PICKUP).fill_null(False),
        not_ONCOLOGY_TRANSPLANT=enrolled & (same_drug | same_illness),
    )


def members(r: Relations, kinds: tuple[str, ...]) -> ir.Table:
    """Spells of persons in registered programmes of those kinds."""
    m, g = r["mi_resident"], r["mi_programme"]
    g = g.filter(g.kind.isin(kinds)).select(
        programme="prog_id",
        programme_kind="kind",
        programme_from="start_date",
        programme_to="end_date",
        programme_drug="med_list_codg",
        icd=category(g.icd_category),
    )
    t = m.join(g, m.prog_id == g.programme)
    return t.filter(t.certno.notnull()).select(
        "programme_kind", "programme_from", "programme_to", "programme_drug", "icd",
        member="certno", member_from="start_date", member_to="end_date",
    )  # fmt: skip


def merged(rows: Iterable[Cells], flags: Iterable[str]) -> list[Cells]:
    """One row a line: a flag is true where it is on one of the line's rows."""
    lines: dict[int, Cells] = {}
    for row in rows:
        known = lines.setdefault(row["row_id"], row)
        for flag in flags:
            known[flag] = known[flag] or row[flag]
    return list(lines.values())
