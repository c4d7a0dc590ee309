"""MI-05 by cases."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.overlapping_stays import overlapping_stays
from tests.spec.harness import Case, check

STAYS = """
mi_settlement
mdtrt_id | certno | fixmedins_code | med_type | begntime   | fund_pay_sumamt
A        | P1     | H1             | 21       | 2023-05-01 | 900
B        | P1     | H2             | 21       | 2023-05-07 | 400
mi_inpatient
mdtrt_id | adm_time   | dscg_time  | newborn_flag | home_bed_flag | infant_days
A        | 2023-05-01 | 2023-05-10 | 0            | 0             |
B        | 2023-05-07 | 2023-05-12 | 0            | 0             |
"""

CLUE = "P1 | A | B | clue | | 240.00 | 0.00 | M"


def excluded(code: str) -> str:
    return f"P1 | A | B | excluded | {code} | 0.00 | 0.00 |"


def spans(a: str, b: str, flags: str = "0 | 0 | ") -> str:
    """Stays A at H1 and B at H2, each given as "05-01 05-10"."""
    rows = []
    for visit, span in (("A", a), ("B", b)):
        adm, dscg = span.split()
        rows.append(f"{visit} | 2023-{adm} | 2023-{dscg} | {flags}")
    body = "\n".join(rows)
    return f"""
mi_settlement
mdtrt_id | certno | fixmedins_code | med_type | begntime   | fund_pay_sumamt
A        | P1     | H1             | 21       | 2023-05-01 | 900
B        | P1     | H2             | 21       | 2023-05-07 | 400
mi_inpatient
mdtrt_id | adm_time | dscg_time | newborn_flag | home_bed_flag | infant_days
{body}
"""


def infant_holder(born: str) -> str:
    """A ward for childbirth, then another hospital 28 days after the ninth of April."""
    return STAYS + f"""
mi_diagnosis
mdtrt_id | diag_code
A        | O80.0
holders
person | sex | born
P1     | 2   | {born}
"""


CASES = (
    Case(
        T("重叠三夜, 取较小一方的三夜", "Three nights shared; the smaller part is at stake"),
        STAYS, CLUE, untested=(),
    ),
    Case(
        T("A 五夜 B 更便宜", "The part goes by the nights of each stay"),
        spans("05-01 05-11", "05-07 05-09"),
        "P1 | A | B | clue | | 180.00 | 0.00 | M",
    ),
    Case(
        T("同日转院", "Transferred the same day"),
        spans("05-01 05-10", "05-10 05-12"), excluded("SAME_DAY_TRANSFER"),
    ),
    Case(T("恰好一夜", "Exactly one night"), spans("05-01 05-10", "05-09 05-12"), "none"),
    Case(
        T("恰好一夜, 参数零夜", "Exactly one night, none allowed"),
        spans("05-01 05-10", "05-09 05-12"),
        "P1 | A | B | clue | | 100.00 | 0.00 | M",
        params={"nights": "0"},
    ),
    Case(
        T("参数零夜, 同日转院仍排除", "None allowed, a same-day transfer stays excused"),
        spans("05-01 05-10", "05-10 05-12"), excluded("SAME_DAY_TRANSFER"),
        params={"nights": "0"},
    ),
    Case(T("不相接", "Apart"), spans("05-01 05-06", "05-07 05-12"), "none"),
    Case(T("同一机构", "The same institution"), STAYS.replace("H2", "H1"), "none"),
    Case(T("两人", "Two persons"), STAYS.replace("B        | P1", "B        | P2"), "none"),
    Case(
        T("末次费用日早于出院两天以上", "Discharge entered late: last fee day counts"),
        spans("05-01 05-10", "05-06 05-12") + """
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt
        S1      | 2023-05-01    | 100
        S1      | 2023-05-06    | 100
        """,
        excluded("LATE_DISCHARGE_ENTRY"),
    ),
    Case(
        T("末次费用日在出院前一天是常态", "A last fee day one day before discharge is the rule"),
        spans("05-01 05-10", "05-07 05-12") + """
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt
        S1      | 2023-05-01    | 600
        S1      | 2023-05-07    | 100
        S1      | 2023-05-09    | 100
        S1      | 2023-05-10    | 100
        """,
        "P1 | A | B | clue | | 200.00 | 0.00 | M",
    ),
    Case(
        T("未出院取末次费用日", "Still in: the last fee day is the end"),
        """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime   | fund_pay_sumamt
        A        | P1     | H1             | 21       | 2023-05-01 | 900
        B        | P1     | H2             | 21       | 2023-05-07 | 400
        mi_inpatient
        mdtrt_id | adm_time   | dscg_time  | newborn_flag | home_bed_flag
        A        | 2023-05-01 |            | 0            | 0
        B        | 2023-05-07 | 2023-05-12 | 0            | 0
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt
        S1      | 2023-05-01    | 700
        S1      | 2023-05-09    | 200
        """,
        "P1 | A | B | clue | | 0.00 | 0.00 | M",
    ),
    Case(
        T("未出院且无明细则不检验", "Still in and no lines: not tested"),
        STAYS.replace("2023-05-01 | 2023-05-10", "2023-05-01 |"), "none",
    ),
    Case(
        T("新生儿标志", "Marked as newborn"),
        STAYS.replace("2023-05-12 | 0            | 0", "2023-05-12 | 1            | 0"),
        excluded("NEWBORN"),
    ),
    Case(
        T("日龄二十八天, 另一住院为产科", "An infant of 28 days beside an obstetric stay"),
        spans("05-01 05-10", "05-07 05-12") .replace("05-12 | 0 | 0 |", "05-12 | 0 | 0 | 28") + """
        mi_diagnosis
        mdtrt_id | diag_code
        A        | O80.0
        """,
        excluded("NEWBORN"),
    ),
    Case(
        T("日龄二十九天", "An infant of 29 days"),
        spans("05-01 05-10", "05-07 05-12") .replace("05-12 | 0 | 0 |", "05-12 | 0 | 0 | 29") + """
        mi_diagnosis
        mdtrt_id | diag_code
        A        | O80.0
        """,
        CLUE,
    ),
    Case(
        T("日龄二十八天, 另一住院非产科", "An infant beside a stay that is not obstetric"),
        spans("05-01 05-10", "05-07 05-12") .replace("05-12 | 0 | 0 |", "05-12 | 0 | 0 | 28"),
        CLUE,
    ),
    Case(
        T("按出生日期的新生儿, 另一住院为生育住院", "An infant by birth date, a maternity stay"),
        """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime   | fund_pay_sumamt | brdy
        A        | P1     | H1             | 52       | 2023-05-01 | 900 | 1995-01-01
        B        | P1     | H2             | 21       | 2023-05-07 | 400 | 2023-05-02
        mi_inpatient
        mdtrt_id | adm_time   | dscg_time
        A        | 2023-05-01 | 2023-05-10
        B        | 2023-05-07 | 2023-05-12
        """,
        excluded("NEWBORN"),
    ),
    Case(
        T("有自己证件号的新生儿", "An infant with a number of its own"),
        infant_holder("2023-04-09"), excluded("NEWBORN"),
    ),
    Case(
        T("证件号满二十九天", "29 days old by its number"), infant_holder("2023-04-08"), CLUE,
    ),
    Case(
        T("产科科室", "An obstetric ward"),
        """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime   | fund_pay_sumamt
        A        | P1     | H1             | 21       | 2023-05-01 | 900
        B        | P1     | H2             | 21       | 2023-05-07 | 400
        mi_inpatient
        mdtrt_id | adm_time   | dscg_time  | adm_dept | infant_days
        A        | 2023-05-01 | 2023-05-10 | D1       |
        B        | 2023-05-07 | 2023-05-12 | D1       | 3
        mi_dept
        fixmedins_code | dept_codg | specialty
        H1             | D1        | obstetric
        """,
        excluded("NEWBORN"),
    ),
    Case(
        T("家庭病床", "A home bed"),
        STAYS.replace("2023-05-12 | 0            | 0", "2023-05-12 | 0            | 1"),
        excluded("HOME_BED"),
    ),
    Case(
        T("合并后的两个代码", "One code is the other's successor"),
        STAYS + """
        mi_institution
        fixmedins_code | successor_code
        H1             | H2
        """,
        excluded("MERGED_INSTITUTION"),
    ),
    Case(
        T("同一总院的两个院区", "Two campuses of one hospital"),
        STAYS + """
        mi_institution
        fixmedins_code | campus_of
        H1             | H9
        H2             | H9
        """,
        excluded("MERGED_INSTITUTION"),
    ),
    Case(
        T("各属不同总院", "Campuses of different hospitals"),
        STAYS + """
        mi_institution
        fixmedins_code | campus_of
        H1             | H8
        H2             | H9
        """,
        CLUE,
    ),
    Case(
        T("一方全部冲销", "One stay wholly reversed"),
        """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime   | medfee_sumamt \
| fund_pay_sumamt | init_setl_id
        S1      | A        | P1     | H1             | 21       | 2023-05-01 | 900           \
| 900             |
        S2      | B        | P1     | H2             | 21       | 2023-05-07 | 400           \
| 400             |
        S3      | B        | P1     | H2             | 21       | 2023-05-07 | -400          \
| -400            | S2
        mi_inpatient
        mdtrt_id | adm_time   | dscg_time
        A        | 2023-05-01 | 2023-05-10
        B        | 2023-05-07 | 2023-05-12
        """,
        excluded("REVERSED"),
    ),
    Case(
        T("无住院登记, 由结算得出住院", "Without the register stays come from settlements"),
        """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime   | endtime    | fund_pay_sumamt
        A        | P1     | H1             | 21       | 2023-05-01 | 2023-05-04 | 300
        A        | P1     | H1             | 21       | 2023-05-04 | 2023-05-10 | 600
        B        | P1     | H2             | 24       | 2023-05-07 | 2023-05-12 | 400
        """,
        CLUE.replace("| M", "| L"),
        lacks=("mi_inpatient", "mi_settlement.brdy"),
        untested=("NEWBORN", "HOME_BED"),
    ),
    Case(
        T("三次住院两两重叠", "Three overlapping stays are three pairs"),
        """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime   | endtime
        A        | P1     | H1             | 21       | 2023-05-01 | 2023-05-10
        B        | P1     | H2             | 21       | 2023-05-02 | 2023-05-10
        C        | P1     | H3             | 21       | 2023-05-03 | 2023-05-10
        """,
        """
        P1 | A | B | clue
        P1 | A | C | clue
        P1 | B | C | clue
        """,
    ),
    Case(
        T("标志为空则未检验", "Empty flags are untested"),
        STAYS.replace("2023-05-12 | 0            | 0", "2023-05-12 |              |  "),
        CLUE.replace("| M", "| L"),
        untested=("HOME_BED",),
    ),
)


MISTYPED = """
mi_settlement
mdtrt_id | certno | psn_name   | fixmedins_code | med_type | begntime   | endtime    | acct_pay
A        | P1     | name of P1 | H1             | 21       | 2023-05-01 | 2023-05-10 | 900
B        |        | name of P1 | H2             | 21       | 2023-05-07 | 2023-05-12 | 400
"""
LINKED = """
links
row             | person | tier
mi_settlement:2 | P1     | {tier}
"""
DOUBTED = "P1 | A | B | clue | | 0.00 | 240.00 | L"

CASES += (
    Case(
        T("证件错号, 无关联则看不见", "A mistyped number without a link is nobody's"),
        MISTYPED, "none", lacks=("mi_inpatient", "mi_settlement.brdy"),
    ),
    Case(
        T("错号经修复关联, 线索须先核身份", "Linked by a repaired number: confirm identity first"),
        MISTYPED + LINKED.format(tier="T2"), DOUBTED, confirm=True,
        lacks=("mi_inpatient", "mi_settlement.brdy"),
    ),
    Case(
        T("人工已确认该关联", "A person has confirmed the link"),
        MISTYPED + LINKED.format(tier="T1"), DOUBTED, confirm=False,
        lacks=("mi_inpatient", "mi_settlement.brdy"),
    ),
    Case(
        T("住院登记自有证件, 不依赖错号", "The register's own number needs no link"),
        MISTYPED + LINKED.format(tier="T2") + """
        mi_inpatient
        mdtrt_id | certno | adm_time   | dscg_time  | newborn_flag | home_bed_flag
        A        | P1     | 2023-05-01 | 2023-05-10 | 0            | 0
        B        | P1     | 2023-05-07 | 2023-05-12 | 0            | 0
        """,
        "P1 | A | B | clue | | 0.00 | 240.00 | M", confirm=False,
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, overlapping_stays, engine)


SPECIFIED = (overlapping_stays, {"": CASES})
