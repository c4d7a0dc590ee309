"""A contribution base raised for the maternity allowance.

Looks for maternity claims with two of five signals: a base far above what was declared before, or
above that of colleagues from the first month; a base far above the wage that was taxed; an employer
joined shortly before the delivery; a base that falls, or contributions that end, soon after the
payment; a very small employer with many deliveries.

Why it matters: where the allowance follows the base, some months of higher contributions buy an
allowance of several times as much; the fund pays the difference.

Known gaps: whoever was insured before the files begin seems to have joined with them; the months
before are those at the same employer, so a rise that came with a change of employer shows against
colleagues alone; contributions delivered late look like contributions that ended.

To verify by hand: ask for labour contract, wage slips and bank statements of the counting months;
compare the wage tax with the base; ask the employer who decided on the rise, and whom else it met.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from clew.declare import (
    DATA_CORRECTION,
    HIGH,
    Condition,
    Detector,
    Exclusion,
    Param,
    Params,
    Relations,
    Signal,
    T,
    detector,
    severity_always,
)
from clew.packs.medical_insurance.detectors.inflated_base.amount import with_amount
from clew.packs.medical_insurance.detectors.inflated_base.excuses import with_excuses
from clew.packs.medical_insurance.detectors.inflated_base.months import claims, with_months
from clew.packs.medical_insurance.detectors.inflated_base.signals import with_signals


@detector(
    id="MI-10",
    title=T("虚报缴费基数骗取生育津贴", "Inflated base for a maternity allowance"),
    version=1,
    per="set",
    subject="organisation",
    fact_key=("person", "dlvy_date"),
    base=T("已支付的生育津贴申领", "Maternity claims that were paid"),
    required=("mi_maternity", "si_contribution"),
    optional=(
        "tax_wage", "org_registry", "org_tax", "mi_settlement", "mi_person", "reversals",
        "numbered_persons", "net_settlements", "months_paid",
    ),
    params=(
        Param(
            "allowance_basis", "employer_prev_year_avg", "",
            T("计发口径 (employer_prev_year_avg 或 own_base)",
              "Whose base counts (employer_prev_year_avg or own_base)"),
        ),
        Param("count_months", 6, "month", T("计发月数", "Months that count"), 1, 24),
        Param("before_months", 12, "month", T("此前月数", "Months before these"), 3, 60),
        Param("jump", Decimal("1.5"), "ratio", T("基数上升倍数", "Rise of the base"), 1, 10),
        Param(
            "first_jump", Decimal("2"), "ratio",
            T("首月基数与同事之比", "First base against colleagues"), 1, 10,
        ),
        Param("tax_ratio", Decimal("1.5"), "ratio", T("基数与工资之比", "Base to wage"), 1, 10),
        Param("join_months", 10, "month", T("入职至分娩月数", "Months to the delivery"), 0, 60),
        Param("fall", Decimal("0.7"), "ratio", T("基数回落比例", "Fall of the base"), 0, 1),
        Param("fall_months", 3, "month", T("支付后月数", "Months after the payment"), 1, 24),
        Param("small", 5, "person", T("小单位参保人数", "Insured of a small employer"), 0),
        Param("claims", 3, "delivery", T("申领次数", "Deliveries"), 2, 20),
        Param("claims_months", 24, "month", T("申领统计月数", "Months of these"), 1, 120),
        Param("unit_share", Decimal("0.8"), "ratio", T("普调人数比例", "Share of staff"), 0, 1),
        Param("unit_band", Decimal("0.05"), "ratio", T("普调幅度差", "Band of the ratio"), 0, 1),
        Param("days_per_month", 30, "day", T("每月天数", "Days of a month"), 28, 31),
    ),
    conditions=(Condition("TWO_SIGNALS", T("至少两项信号", "At least two signals")),),
    signals=(
        Signal("BASE_JUMP", T("基数陡升", "(i) Base far above before or colleagues")),
        Signal(
            "ABOVE_WAGE", T("基数高于计税工资", "(ii) Base far above the taxed wage"),
            sources=("tax_wage",),
        ),
        Signal("JOINED_LATE", T("分娩前不久入职", "(iii) Joined shortly before the delivery")),
        Signal("FELL_AFTER", T("支付后回落或停缴", "(iv) Falls or ends after the payment")),
        Signal("SMALL_EMPLOYER", T("小单位多次申领", "(v) Small employer with many deliveries")),
    ),
    exclusions=(
        Exclusion("UNIT_WIDE_ADJUSTMENT", T("单位普调", "Adjusted for the whole unit")),
        Exclusion(
            "PROMOTION_TAXED", T("升职且工资同步计税", "Promotion with matching wage tax"),
            sources=("tax_wage",),
        ),
        Exclusion(
            "EMPLOYER_MERGED", T("单位合并或集团内调动", "Merger, or moved within a group"),
            sources=("org_registry.merged_into", "org_registry.group_uscc"),
        ),
        Exclusion(
            "COURT_BACK_PAY", T("裁判补缴", "Back payment ordered by a court"),
            sources=("si_contribution.court_doc_no",),
        ),
        Exclusion(
            "UNIT_10K", T("基数或工资单位为万元", "Base or wage in units of ten thousand"),
            DATA_CORRECTION, sources=("tax_wage",),
        ),
    ),
    basis=("sil-88", "sil-56", "reg735-41", "crl-266", "npc2014-266"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    grade=severity_always(HIGH),
    tags=("虚报缴费基数",),
)  # fmt: skip
def _find(r: Relations, p: Params) -> ir.Table:
    base = with_months(r, p, claims(r))
    t = with_signals(r, p, base)
    t = with_excuses(r, p, base, t)
    t = with_amount(r, p, base, t)
    verdicts = [c for c in t.columns if c.startswith(("if_", "is_", "not_"))]
    return t.select(
        *verdicts, "person", "dlvy_date", "fund", "paid", "pay_date", "first_month", "fictitious",
        "with_contributions", "with_wages",
        subject=t.employer,
        row_id=t.claim,
        account=ibis.literal(0, "int64"),
        counting_months=t.months,
        counting_sum=t.declared,
        corrected_months=t.corrected_months,
        corrected_sum=t.corrected_sum,
        confirm_identity=t.doubted,
    )  # fmt: skip


inflated_base: Detector = _find

__all__ = ["inflated_base"]
