"""People insured by an employer that does not exist but on paper.

Looks for employers without tax, invoices or wages of others, several of them at one address or
with one agent's phone, who insure somebody shortly before a first stay in hospital or a delivery.

Why it matters: contributions of a few months buy allowances and treatment of many years' worth; the
agent who sells the place in the books serves many others.

Known gaps: whoever was insured before the files begin seems to have joined with them; taxes of
months that were never delivered look like none; a person who claimed before is not seen.

To verify by hand: go to the address; ask for labour contract, attendance and wage slips; ask the
insured who took their papers and what was paid for it, and the agent for the other firms.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from clew.declare import (
    HIGH,
    Condition,
    Detector,
    Exclusion,
    Fact,
    Param,
    Params,
    Relations,
    T,
    any_of,
    days_between,
    detector,
    severity_always,
)
from clew.packs.medical_insurance.derived.months_paid import same_name
from clew.packs.medical_insurance.derived.terms import stage
from clew.packs.medical_insurance.detectors.shells import claimants, payments, shells


def holds(fact: Fact, p: Params) -> bool:
    """Whether an early claim is among what stands."""
    return any(row.early_claim for row in fact.rows)


@detector(
    id="MI-11",
    title=T("虚构劳动关系参保", "Fictitious employment"),
    version=1,
    per="set",
    subject="organisation",
    fact_key=("first_joined",),
    base=T(
        "有参保人入职后不久首次住院或申领生育津贴的用人单位",
        "Registered employers an insured person of whom first claims soon after joining",
    ),
    required=(
        "si_contribution", "org_registry", "org_tax", any_of("mi_settlement", "mi_maternity"),
    ),
    optional=(
        "tax_wage", "mi_person", "reversals", "numbered_persons", "net_settlements", "months_paid",
    ),
    params=(
        Param("quiet_months", 12, "month", T("无经营月数", "Months without business"), 1, 60),
        Param("address_n", 5, "employer", T("同址单位数", "Employers at one address"), 2),
        Param("phone_n", 2, "employer", T("同一代办电话单位数", "Employers of one agent"), 2),
        Param("claim_days", 60, "day", T("入职至首次申领天数", "Days to the first claim"), 0, 366),
        Param("startup_months", 6, "month", T("初创月数", "Months of a start-up"), 0, 36),
    ),
    conditions=(
        Condition("EMPTY", T("无纳税无开票, 或为已开票的初创单位",
                             "No tax and no invoices, or a start-up that invoices")),
        Condition(
            "NO_OTHER_WAGES", T("无其他人员工资", "No wages of others"), sources=("tax_wage",)
        ),
        Condition(
            "SHARED", T("与其他空壳单位同址或同一代办电话", "Shares address or agent with others"),
            sources=("org_registry.addr", "org_registry.agent_tel"),
        ),
    ),
    exclusions=(
        Exclusion("REVERSED", T("已冲销", "Reversed")),
        Exclusion(
            "STARTUP_WITH_INVOICES", T("已开票的初创单位", "Start-up that issues invoices"),
            sources=("org_registry.est_date",),
        ),
        Exclusion(
            "DISPATCH_LICENCE", T("有劳务派遣许可", "Licensed to dispatch labour"),
            sources=("org_registry.dispatch_licence",),
        ),
    ),
    basis=("sil-88", "reg735-41", "crl-266", "npc2014-266"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    grade=severity_always(HIGH),
    holds=holds,
    tags=("虚构劳动关系", "挂靠参保"),
)  # fmt: skip
def _find(r: Relations, p: Params) -> ir.Table:
    flagged = stage(claimants(r, p), "claimants")
    firms = shells(r, p, flagged)
    verdicts = [c for c in firms.columns if c.startswith(("if_", "not_"))]
    t = _paid(r, p, flagged)
    t = t.join(firms.select("employer", "first_joined", "registry_row", *verdicts), "employer")
    # What else was paid says nothing of an employer that is not empty.
    t = t.filter(t.if_EMPTY.fill_null(True) | t.claim)
    return t.select(
        *verdicts, "first_joined", "fund", "early_claim", "joined", "day",
        subject=t.employer,
        account=ibis.literal(0, "int64"),
        row_id=t.row,
        not_REVERSED=t.reversed,
        with_registry=t.registry_row,
        with_contribution=t.joined_rows,
        confirm_identity=t.doubted,
        insured=t.person,
    )  # fmt: skip


def _paid(r: Relations, p: Params, flagged: ir.Table) -> ir.Table:
    """What was paid to the flagged persons from joining on."""
    paid = payments(r).rename(payee="person")
    theirs = same_name(flagged.paid_key, paid.name_key)
    t = flagged.join(paid, [flagged.person == paid.payee, theirs])
    t = t.filter(t.day >= t.joined)
    soon = days_between(t.day, t.joined) <= p.claim_days
    return t.mutate(early_claim=t.claim & ~t.reversed & t.quick & soon)


fictitious_employment: Detector = _find
