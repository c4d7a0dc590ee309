"""MI-02 by cases. P1 died on 2023-03-05, so that the grace of one month ends with April."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.benefit_after_death import benefit_after_death
from tests.spec.harness import Case, check

DEAD = """
death_health
cert_no | certno | death_time
C1      | P1     | 2023-03-05 14:00
"""


def death(who: str = "P1", day: str = "2023-03-05", name: str = "") -> str:
    return f"""
death_health
cert_no | certno | psn_name             | death_time
C1      | {who}  | {name or "name of P1"} | {day}
"""


def paid(
    start: str = "2023-05-01",
    *,
    kind: str = "chronic",
    until: str = "",
    on: str = "2023-05-10",
    served: str = "",
    flag: str = "0",
    back: str = "",
    back_on: str = "",
    who: str = "P1",
    amount: str = "300",
) -> str:
    return f"""
mi_benefit
bnft_id | certno | psn_name | kind | period_start | period_end | pay_date | service_date \
| inherit_flag | amount | refund_amt | refund_date
B       | {who}  | name of P1 | {kind} | {start} | {until} | {on} | {served} \
| {flag} | {amount} | {back} | {back_on}
"""


def clue(kind: str = "chronic", fund: str = "300.00", level: str = "M") -> str:
    return f"P1 | 2023-03-05 | {kind} | clue | | {fund} | 0.00 | {level}"


def other(code: str, outcome: str = "excluded", kind: str = "chronic") -> str:
    return f"P1 | 2023-03-05 | {kind} | {outcome} | {code} | 0.00 | 0.00 |"


REVIEW, CORRECTION = "review_list", "data_correction"

CASES = (
    Case(T("次次月起算", "From the second month on"), DEAD + paid(), clue(), untested=()),
    Case(
        T("宽限月内", "Within the month of grace"),
        DEAD + paid("2023-04-30", until="2023-05-30"), "none",
    ),
    Case(T("宽限零月", "No grace"), DEAD + paid("2023-04-01"), clue(), params={"lag_months": "0"}),
    Case(
        T("宽限零月, 死亡当月", "No grace, the month of death"),
        DEAD + paid("2023-03-31", until="2023-04-30"), "none", params={"lag_months": "0"},
    ),
    Case(T("宽限两月", "Two months of grace"), DEAD + paid(), "none", params={"lag_months": "2"}),
    Case(
        T("月末死亡, 闰日", "Death at the end of a month"),
        death(day="2023-01-31") + paid("2023-03-01"),
        "P1 | 2023-01-31 | chronic | clue | | 300.00 | 0.00 | M",
    ),
    Case(
        T("年末跨年", "Across the new year"),
        death(day="2022-12-01") + paid("2023-01-31", until="2023-02-28"), "none",
    ),
    *(
        Case(T(f"待遇类别 {kind}", f"Kind {kind}"), DEAD + paid(kind=kind), clue(kind))
        for kind in ("acct_credit", "ltc", "maf", "premium")
    ),
    Case(
        T("每类待遇一条", "One clue a kind, payments added"),
        DEAD + paid() + paid("2023-06-01", on="2023-06-10", amount="200") + paid(kind="ltc"),
        clue(fund="500.00") + "\n" + clue("ltc"),
    ),
    Case(
        T("零星报销看就诊日期", "A repaid bill counts by the day of care"),
        DEAD + paid("2023-01-01", kind="reimburse", served="2023-05-01"), clue("reimburse"),
    ),
    Case(
        T("零星报销, 生前就诊", "A repaid bill of a day before the death"),
        DEAD + paid("2023-05-01", kind="reimburse", served="2023-03-01"), "none",
    ),
    Case(
        T("零星报销, 无就诊日期", "A repaid bill without its day of care"),
        DEAD + paid("2023-05-01", kind="reimburse", until="2023-05-31"),
        clue("reimburse", level="L"), untested=("AFTER_LIMIT",),
    ),
    Case(
        T("支付日在截至日之后的不读", "Paid after the run's day"),
        DEAD + paid(on="2023-11-01"), "none",
    ),
    Case(T("未死亡", "Nobody died"), paid(), "none"),
    Case(
        T("一次性支付", "A single payment"), DEAD + paid(kind="lump"),
        other("INHERITANCE", kind="lump"),
    ),
    Case(T("继承标志", "Marked as inherited"), DEAD + paid(flag="1"), other("INHERITANCE")),
    Case(T("继承标志为空", "The mark is empty"), DEAD + paid(flag=""), clue(), untested=()),
    Case(
        T("补发死亡当月及以前", "Arrears up to the month of death"),
        DEAD + paid("2023-01-01", until="2023-03-31"), other("ARREARS_BEFORE_DEATH"),
    ),
    Case(
        T("补发至次月一日", "Arrears one day longer"),
        DEAD + paid("2023-01-01", until="2023-04-01"), "none",
    ),
    Case(
        T("补发在宽限内支付不是候选", "Arrears paid within the grace are no candidates"),
        DEAD + paid("2023-01-01", until="2023-03-31", on="2023-04-30"), "none",
    ),
    Case(
        T("全额退回", "Returned in full"),
        DEAD + paid(back="300", back_on="2023-10-31"), other("REFUNDED"),
    ),
    Case(
        T("部分退回", "Returned in part"),
        DEAD + paid(back="100.01", back_on="2023-07-01"), clue(fund="199.99"),
    ),
    Case(
        T("截至日之后才退回", "Returned after the run's day"),
        DEAD + paid(back="300", back_on="2023-11-01"), clue(),
    ),
    Case(
        T("退回日期为空", "Returned on a day that nobody wrote down"),
        DEAD + paid(back="300"), clue(fund="0.00", level="L"), untested=("REFUNDED",),
    ),
    Case(
        T("未归集退回", "Returns were not delivered"),
        DEAD + paid(), clue(level="L"), lacks=("mi_benefit.refund_amt",), untested=("REFUNDED",),
    ),
    Case(
        T("姓名不符", "The number of another name"),
        death(name="somebody else") + paid(), other("LINK_BELOW_T1", REVIEW),
    ),
    Case(
        T("错号经修复关联", "A mistyped number that is repaired"),
        DEAD + paid(who="") + """
        links
        row          | person
        mi_benefit:1 | P1
        """,
        other("LINK_BELOW_T1", REVIEW),
    ),
    Case(
        T("死亡后刷脸", "A face verified after the death"),
        DEAD + paid() + """
        mi_settlement
        certno | begntime   | verify_mode
        P1     | 2023-04-02 | face
        """,
        other("ALIVE_EVIDENCE", CORRECTION),
    ),
    Case(
        T("死亡前刷脸", "A face verified before the death"),
        DEAD + paid() + """
        mi_settlement
        certno | begntime   | verify_mode
        P1     | 2023-03-05 | face
        """,
        clue(),
    ),
    Case(
        T("宣告死亡已撤销", "The declaration was revoked"),
        """
        court_death
        case_no | certno | psn_name   | kind     | judg_date
        J1      | P1     | name of P1 | declared | 2023-03-05
        J2      | P1     | name of P1 | revoked  | 2023-06-05
        """ + paid(),
        other("DECLARED_REVOKED"),
    ),
    Case(
        T("死亡日期相差超过三日, 两限之间", "Dates of death apart, due between their limits"),
        death() + """
        death_police
        certno | cancel_date | death_date
        P1     | 2023-04-20  | 2023-04-20
        """ + paid("2023-05-01"),
        "P1 | 2023-04-20 | chronic | review_list | PENDING_DEATH_DATE | 0.00 | 0.00 |",
    ),
    Case(
        T("死亡日期相差超过三日, 晚于两限", "Dates of death apart, due after both limits"),
        death() + """
        death_police
        certno | cancel_date | death_date
        P1     | 2023-04-20  | 2023-04-20
        """ + paid("2023-06-01"),
        "P1 | 2023-04-20 | chronic | clue | | 300.00 | 0.00 | M",
    ),
    Case(
        T("相差三日跨月, 取最晚", "Three days apart across a month: the latest"),
        death(day="2023-03-30") + """
        death_police
        certno | cancel_date | death_date
        P1     | 2023-04-20  | 2023-04-02
        """ + paid("2023-05-01"),
        "none",
    ),
    Case(
        T("仅有注销日期", "Only a date of cancellation"),
        """
        death_police
        certno | cancel_date | death_date
        P1     | 2023-03-05  |
        """ + paid(),
        other("ONLY_UPPER_BOUND", REVIEW),
    ),
    Case(
        T("未归集的排除项列为未检验", "What was not delivered is listed as untested"),
        DEAD + paid(), clue(level="L"),
        lacks=(
            "court_death", "mi_settlement", "mi_border", "civil_marriage", "tax_wage",
        ),
        untested=("ALIVE_EVIDENCE", "DECLARED_REVOKED"),
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, benefit_after_death, engine)


SPECIFIED = (benefit_after_death, {"": CASES})
