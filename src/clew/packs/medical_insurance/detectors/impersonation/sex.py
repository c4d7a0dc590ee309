"""MI-09 (a): a diagnosis, operation or item that the holder of the card cannot need."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import (
    DATA_CORRECTION,
    MEDIUM,
    Condition,
    Exclusion,
    Params,
    Relations,
    T,
    names_agree,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.fee_lines import given_back
from clew.packs.medical_insurance.derived.terms import stage, valid_on
from clew.packs.medical_insurance.detectors.impersonation.visits import (
    FEMALE,
    MALE,
    NEWBORN_UNDER_MOTHER,
    REVERSED,
    listed,
    settled,
    with_newborn,
)

BIRTH = "O"
LISTS = {"female_only": FEMALE, "male_only": MALE}


@rule(
    code="a",
    title=T("性别不符", "Not for this sex"),
    per="person",
    subject="person",
    fact_key=("visit",),
    base=T(
        "含限定性别的诊断、手术或项目的就诊",
        "Visits with a diagnosis, operation or item that is limited to one sex",
    ),
    required=("mi_settlement", "mi_code_list"),
    conditions=(
        Condition("OTHER_SEX", T("与本人性别不符", "Not of the holder's sex")),
    ),
    exclusions=(
        REVERSED,
        NEWBORN_UNDER_MOTHER,
        Exclusion(
            "CODING_ERROR_ONLY", T("仅门诊诊断编码差错", "An outpatient diagnosis alone"),
            sources=("mi_fee", "mi_operation"),
        ),
        Exclusion(
            "SEX_CHANGED", T("户籍性别已变更", "Sex changed in the household register"),
            sources=("police_person",),
        ),
        Exclusion(
            "SEX_CONFLICT", T("证件号与登记性别不一致", "Number and stated sex disagree"),
            outcome=DATA_CORRECTION,
        ),
    ),
    grade=severity_always(MEDIUM),
)
def sex(r: Relations, p: Params) -> ir.Table:
    limits = stage(_limited(r), "limited")
    s = settled(r)
    t = s.join(limits, s.mdtrt_id == limits.visit)
    conflict = (t.number_sex != t.stated_sex).fill_null(False)
    own = ibis.coalesce(t.number_sex, t.stated_sex)
    other = (own != t.only).fill_null(False)
    stated_other = (t.stated_sex != t.only).fill_null(False)
    # Where the sources disagree, either may be the one that is wrong.
    t = t.mutate(conflict=conflict, mismatch=other | (conflict & stated_other))
    t = t.filter(t.mismatch)
    t = t.group_by(
        "row_id", "visit", "person", "name_key", "institution", "service_date", "inpatient",
        "brdy", "fund", "account", "reversed", "confirm_identity", "dise_codg", "mdtrt_id",
    ).aggregate(
        conflict=t.conflict.any(),
        firm=t.firm.any(),
        with_codes=t.limited_row.collect(),
        codes=t.limited_code.collect(distinct=True),
        sex_of_number=t.number_sex.max(),
    )  # fmt: skip
    t = _changed(r, with_newborn(r, t))
    return t.select(
        "visit", "row_id", "fund", "account", "with_codes", "codes", "institution",
        "service_date", "confirm_identity", "not_NEWBORN_UNDER_MOTHER", "not_SEX_CHANGED",
        subject="person",
        if_OTHER_SEX=ibis.literal(True),
        not_REVERSED=t.reversed,
        not_CODING_ERROR_ONLY=~t.inpatient & ~t.firm,
        not_SEX_CONFLICT=t.conflict,
    )


def _limited(r: Relations) -> ir.Table:
    """Rows with a code of one sex: `visit`, `only` (that sex), `limited_row`, `limited_code`,
    `firm` where it is more than a diagnosis.

    A list is held against the distinct codes, since few codes stand in many rows.
    """
    entries = listed(r, *LISTS)
    only = ibis.cases(*((entries.list == name, sex) for name, sex in LISTS.items()), else_=None)
    entries = entries.mutate(only=only).drop("list", "note")
    d, o, f = r["mi_diagnosis"], r["mi_operation"], r["mi_fee"]
    s = r["net_settlements"]
    bills = s.select(bill="setl_id", visit="mdtrt_id")
    charged = f.filter(f.cnt > 0).select(
        "setl_id", limited_row="row_id", code="med_list_codg", day=f.fee_ocur_time.date()
    )
    rows = (
        (d.select(visit="mdtrt_id", limited_row="row_id", code="diag_code",
                  day=ibis.null("date")), _of_births(entries, d.select(code="diag_code")), False),
        (s.select(visit="mdtrt_id", limited_row="row_id", code="dise_codg", day="service_date"),
         _of_births(entries, s.select(code="dise_codg")), False),
        (o.select(visit="mdtrt_id", limited_row="row_id", code="oprn_code", day="oprn_date"),
         _matching(entries, o.select(code="oprn_code")), True),
        (charged, _items(r, entries, charged.select("code")), True),
    )  # fmt: skip
    found = []
    for t, codes, firm in rows:
        codes = codes.rename(limited_code="code")
        t = t.join(
            codes,
            [
                t.code == codes.limited_code,
                t.day.isnull() | valid_on(t.day, codes.listed_from, codes.listed_to),
            ],
        )
        if "setl_id" in t.columns:
            g = given_back(r)
            t = t.anti_join(g, [t.setl_id == g.bill, t.code == g.item, t.day == g.fee_date])
            t = t.join(bills, t.setl_id == bills.bill)
        found.append(
            t.select("visit", "limited_row", "limited_code", "only", firm=ibis.literal(firm))
        )
    return ibis.union(*found)


def _matching(entries: ir.Table, codes: ir.Table) -> ir.Table:
    """Codes that begin as an entry does, with `only` and the entry's spell."""
    codes = codes.distinct()
    codes = codes.filter(codes.code.notnull())
    t = codes.join(entries, codes.code.startswith(entries.prefix))
    return t.select("code", "only", "listed_from", "listed_to").distinct()


def _of_births(entries: ir.Table, codes: ir.Table) -> ir.Table:
    """Diagnoses of the lists, and all of pregnancy and childbirth."""
    births = codes.filter(codes.code.startswith(BIRTH)).select(
        "code", only=ibis.literal(FEMALE), listed_from=ibis.date(1900, 1, 1),
        listed_to=ibis.null("date"),
    )  # fmt: skip
    return _matching(entries, codes).union(births.distinct())


def _items(r: Relations, entries: ir.Table, codes: ir.Table) -> ir.Table:
    """Items of the lists, by national or former local code, and those that the catalogue limits."""
    c = r["mi_catalogue"]
    by_local = c.join(entries, c.local_code.startswith(entries.prefix)).select(
        "only", "listed_from", "listed_to", code="med_list_codg"
    )
    limited = c.filter(c.sex_limit.notnull()).select(
        code="med_list_codg", only="sex_limit", listed_from="start_date", listed_to="end_date"
    )
    columns = ("code", "only", "listed_from", "listed_to")
    parts = (t.select(*columns) for t in (_matching(entries, codes), by_local, limited))
    return ibis.union(*parts).distinct()


def _changed(r: Relations, t: ir.Table) -> ir.Table:
    h = r["police_person"]
    h = h.filter(h.sex_change_date.notnull(), h.certno.notnull()).select(
        changed_person="certno", changed_key="psn_name_key"
    )
    on: list[Any] = [
        t.person == h.changed_person, names_agree(t.name_key, h.changed_key)
    ]  # fmt: skip
    t = t.left_join(h.distinct(), on)
    return t.mutate(not_SEX_CHANGED=t.changed_person.notnull()).drop("changed_person")
