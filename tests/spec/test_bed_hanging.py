"""MI-04 (a) and (b) by cases. P1 lies in H1 from 05-01 to 05-11: ten days, each of ten yuan."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.bed_hanging import bed_hanging
from tests.spec.harness import Case, check, days_after

CATALOGUE = """
mi_catalogue
med_list_codg | list_type | kind
BED           | item      | bed
NURSING       | item      | nursing
CONSULT       | item      | consult
DRUG          | drug      | drug
CT            | item      | exam
"""


def stay(
    days: int = 10,
    *,
    bare: str = "",
    empty: str = "",
    dept: str = "03",
    fund: str = "1000",
    lines: str = "",
    home: str = "0",
) -> str:
    """A stay of so many days; letters a, b, c … name its days, `bare` those with a bed alone and
    `empty` those without any line.
    """
    out = days_after("2023-05-01", days)
    rows = []
    for n in range(days):
        letter, day = chr(ord("a") + n), days_after("2023-05-01", n)
        if letter in empty:
            continue
        items = ("BED", "NURSING") if letter in bare else ("BED", "DRUG")
        rows += [f"S1 | {day} | {item} | 5" for item in items]
    return CATALOGUE + f"""
mi_settlement
mdtrt_id | certno | fixmedins_code | med_type | begntime | endtime | fund_pay_sumamt | acct_pay
A | P1 | H1 | 21 | 2023-05-01 | {out} | {fund} | 100
mi_inpatient
mdtrt_id | adm_time | dscg_time | adm_dept | home_bed_flag | newborn_flag
A | 2023-05-01 | {out} | {dept} | {home} | 0
mi_fee
setl_id | fee_ocur_time | med_list_codg | det_item_fee_sumamt
""" + "\n".join(rows) + f"""
{lines}
mi_dept
fixmedins_code | dept_codg | specialty
H1 | 19 | rehab
H1 | 20 | psychiatric
H1 | 21 | long_term
H1 | 05 | obstetric
"""


def clue(fund: str, account: str, level: str = "M") -> str:
    return f"H1 | P1 | A | clue | | {fund} | {account} | {level}"


def excused(code: str) -> str:
    return f"H1 | P1 | A | excluded | {code} | 0.00 | 0.00 |"


THREE = clue("300.00", "30.00")


def leave(begin: str, end: str = "", approved: str = "1") -> str:
    return f"""
mi_leave
mdtrt_id | leave_begntime | leave_endtime | approved_flag
A | {begin} | {end} | {approved}
"""


def contract(until: str = "") -> str:
    return f"""
mi_programme
prog_id | kind | fixmedins_code | partner_code | start_date | end_date
G1 | contract_exam | H1 | H2 | 2023-01-01 | {until}
"""


def outside(day: str, *, at: str = "H2", face: str = "face", who: str = "P1") -> str:
    return f"""
mi_settlement
mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt | verify_mode
E | {who} | {at} | 11 | 2023-{day} | 40 | {face}
"""


BARE = (
    Case(T("三个空床日", "Three bare days"), stay(bare="dhj"), THREE, untested=()),
    Case(T("两个空床日, 占两成", "Two bare days of ten"), stay(bare="dh"), "none"),
    Case(
        T("五日中两日为四成", "Two of five are two fifths"),
        stay(5, bare="bd"), clue("400.00", "40.00"),
    ),
    Case(T("六日中两日不足四成", "Two of six are less"), stay(6, bare="bd"), "none"),
    Case(
        T("三日中两日", "Two of three"), stay(3, bare="bc"), clue("666.67", "66.67"),
    ),
    Case(T("两日不适用占比", "A stay of two days has no share"), stay(2, bare="b"), "none"),
    Case(
        T("诊查也算空床", "Consultation is bare too"),
        stay(bare="dh", empty="j", lines="S1 | 2023-05-10 | CONSULT | 10"), THREE,
    ),
    Case(
        T("检查不是空床", "An examination is none"),
        stay(bare="dh", empty="j", lines="S1 | 2023-05-10 | CT | 10"), "none",
    ),
    Case(
        T("目录外编码不算空床", "Nor is what the catalogue does not know"),
        stay(bare="dh", empty="j", lines="S1 | 2023-05-10 | UNKNOWN | 10"), "none",
    ),
    Case(
        T("无明细的日子算空床", "A day without any line is bare"),
        stay(empty="dhj"), clue("0.00", "0.00"),
    ),
    Case(
        T("出院前无明细", "No line before the discharge"), stay(empty="hij"), clue("0.00", "0.00"),
    ),
    Case(
        T("全部明细同一日不检验", "All lines of one date are not tested"),
        stay(empty="bcdefghij"), "none",
    ),
    Case(T("出院日不计", "The day of discharge is none"),
         stay(bare="dh", lines="S1 | 2023-05-11 | BED | 10"), "none"),
    Case(
        T("无明细的住院不检验", "A stay without lines is not tested"),
        stay(empty="abcdefghij"), "none",
    ),
    Case(
        T("药品已退", "The drug of a day was taken back"),
        stay(bare="dh") + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime   | medfee_sumamt \
| fund_pay_sumamt | init_setl_id
        R1      | A        | P1     | H1             | 21       | 2023-05-01 | -10          \
| -10             | S1
        mi_fee
        setl_id | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt
        R1      | 2023-05-10    | DRUG          | -1  | -5
        """,
        # 25 of the 95 yuan that are left, of 990 and 100.
        clue("260.53", "26.32"),
    ),
    Case(
        T("按纳入报销金额分摊", "By amounts within the scope of the fund"),
        stay(empty="bdefghij") + """
        mi_fee
        setl_id | fee_ocur_time | med_list_codg | det_item_fee_sumamt | fund_scope_amt
        S1      | 2023-05-02    | BED           | 10                  | 1
        S1      | 2023-05-03    | DRUG          | 10                  | 2
        """,
        clue("333.33", "33.33"),
    ),
    Case(
        T("整笔冲销", "Reversed as a whole"),
        stay(bare="dhj") + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime   | medfee_sumamt \
| fund_pay_sumamt | acct_pay | init_setl_id
        R1      | A        | P1     | H1             | 21       | 2023-05-01 | -1100         \
| -1000           | -100     | S1
        """,
        excused("REVERSED"),
    ),
    Case(
        T("请假一日后不足三日", "One of three is a day of leave"),
        stay(bare="dhj") + leave("2023-05-04 08:00", "2023-05-04 18:00"),
        excused("APPROVED_LEAVE"),
    ),
    Case(
        T("请假一日后仍有三日", "Three are left beside the leave"),
        stay(bare="dhij") + leave("2023-05-04 08:00", "2023-05-04 18:00"),
        "H1 | P1 | A | clue | APPROVED_LEAVE | 300.00 | 30.00 | M",
    ),
    Case(
        T("请假未批准", "Leave that was not approved"),
        stay(bare="dhj") + leave("2023-05-04 08:00", "2023-05-04 18:00", "0"), THREE,
    ),
    Case(
        T("批准与否为空", "Approval not recorded"),
        stay(bare="dhj") + leave("2023-05-04 08:00", "2023-05-04 18:00", ""),
        clue("300.00", "30.00", "L"), untested=("APPROVED_LEAVE",),
    ),
    Case(
        T("长假只免前二十四小时", "Of a long leave the first 24 hours count"),
        stay(bare="defg") + leave("2023-05-04 08:00", "2023-05-08 08:00"),
        excused("APPROVED_LEAVE"),
    ),
    Case(
        T("长假之后仍有三日", "Three days after the first 24 hours"),
        stay(bare="defgh") + leave("2023-05-04 08:00", "2023-05-09 08:00"),
        "H1 | P1 | A | clue | APPROVED_LEAVE | 300.00 | 30.00 | M",
    ),
    Case(
        T("至次日零点的假只占一日", "Leave until midnight touches one day"),
        stay(bare="defh") + leave("2023-05-04 00:00", "2023-05-05 00:00"),
        "H1 | P1 | A | clue | APPROVED_LEAVE | 300.00 | 30.00 | M",
    ),
    Case(
        T("请假日不计入分母", "A day of leave does not count below the line"),
        stay(6, bare="bd") + leave("2023-05-03 08:00", "2023-05-03 18:00"),
        clue("333.33", "33.33"),
    ),
    *(
        Case(
            T(f"观察科室 {dept}", f"A ward that observes: {dept}"), stay(bare="dhj", dept=dept),
            excused("LONG_TERM_OBSERVATION"),
        )
        for dept in ("19", "20", "21")
    ),
    Case(T("产科不是观察", "The maternity ward does not"), stay(bare="dhj", dept="05"), THREE),
    Case(
        T("科室为空", "No department"), stay(bare="dhj", dept=""), clue("300.00", "30.00", "L"),
        untested=("LONG_TERM_OBSERVATION",),
    ),
    Case(
        T("空床日在合作机构检查", "On a bare day sent to a partner"),
        stay(bare="dhj") + contract() + outside("05-08"), excused("CONTRACTED_EXAM"),
    ),
    Case(
        T("合作已到期", "The contract had ended"),
        stay(bare="dhj") + contract("2023-05-07") + outside("05-08"), THREE,
    ),
    Case(
        T("他日在合作机构检查", "Sent there on another day"),
        stay(bare="dhj") + contract() + outside("05-07"), THREE,
    ),
    Case(
        T("参数五日", "Five days by parameter"), stay(bare="dhj"), "none", params={"k": "5"},
    ),
    Case(
        T("占比参数三成", "Three tenths by parameter"), stay(bare="dhj"), THREE,
        params={"k": "5", "bare_share": "0.3"},
    ),
    Case(
        T("占比参数略高", "A little more by parameter"), stay(bare="dhj"), "none",
        params={"k": "5", "bare_share": "0.3001"},
    ),
    Case(
        T("占比要求更多住院日", "The share asks for more days"), stay(5, bare="bd"), "none",
        params={"min_stay_days": "6"},
    ),
    Case(
        T("未归集的列为未检验", "What was not delivered is untested"), stay(bare="dhj"),
        clue("300.00", "30.00", "L"), lacks=("mi_leave", "mi_dept", "mi_programme"),
        untested=("APPROVED_LEAVE", "LONG_TERM_OBSERVATION", "CONTRACTED_EXAM"),
    ),
    Case(
        T("错号经修复关联", "A mistyped number that is repaired"),
        stay(bare="dhj").replace("A | P1 | H1", "A |  | H1") + """
        links
        row             | person
        mi_settlement:1 | P1
        """,
        THREE, confirm=True,
    ),
)  # fmt: skip

MAP = """
mi_institution
fixmedins_code | lon      | lat     | campus_of
H1             | 120.6600 | 28.0000 |
H2             | 120.8600 | 28.0000 |
H3             | 120.6600 | 28.0898 |
H4             | 120.6600 | 28.0901 |
H5             |          |         |
H6             | 120.8600 | 28.0000 | H1
"""
WARD = stay() + MAP
ONE = clue("100.00", "10.00")

FAR = (
    Case(T("远处刷脸", "A face seen far away"), WARD + outside("05-05"), ONE, untested=()),
    Case(
        T("不足十公里", "Not quite ten kilometres"), WARD + outside("05-05", at="H3"), "none",
    ),
    Case(T("略多于十公里", "A little more"), WARD + outside("05-05", at="H4"), ONE),
    Case(
        T("未刷脸", "No face was verified"), WARD + outside("05-05", face="password"), "none",
    ),
    Case(T("核验方式为空", "Nothing is known of it"), WARD + outside("05-05", face=""), "none"),
    Case(T("入院次日", "The day after admission"), WARD + outside("05-02"), ONE),
    Case(T("入院当日", "The day of admission"), WARD + outside("05-01"), "none"),
    Case(T("出院前一日", "The day before discharge"), WARD + outside("05-10"), ONE),
    Case(T("出院当日", "The day of discharge"), WARD + outside("05-11"), "none"),
    Case(T("院区", "A campus"), WARD + outside("05-05", at="H6"), "none"),
    Case(T("别人", "Somebody else"), WARD + outside("05-05", who="P2"), "none"),
    Case(
        T("机构无坐标", "An institution that is not on the map"),
        WARD + outside("05-05", at="H5"), clue("100.00", "10.00", "L"), untested=("FAR_AWAY",),
    ),
    Case(
        T("两日两次", "Two days"), WARD + outside("05-05") + outside("05-06"),
        clue("200.00", "20.00"),
    ),
    Case(
        T("同日两次只计一日", "Twice on one day is one day"),
        WARD + outside("05-05") + outside("05-05", at="H4"), ONE,
    ),
    Case(
        T("同日近处和远处", "Near and far on one day"),
        WARD + outside("05-05", at="H3") + outside("05-05"), ONE,
    ),
    Case(
        T("无费用明细按日分摊", "Without lines by days"),
        stay(empty="abcdefghij") + MAP + outside("05-05"), clue("90.91", "9.09"),
    ),
    Case(
        T("服务已冲销", "The service was reversed"),
        WARD + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime   | medfee_sumamt \
| fund_pay_sumamt | verify_mode | init_setl_id
        X1      | E        | P1     | H2             | 11       | 2023-05-05 | 40            \
| 40              | face        |
        R1      | E        | P1     | H2             | 11       | 2023-05-06 | -40           \
| -40             | face        | X1
        """,
        excused("REVERSED"),
    ),
    Case(
        T("请假之内", "Within leave"),
        WARD + outside("05-05 10:00") + leave("2023-05-05 08:00", "2023-05-05 18:00"),
        excused("APPROVED_LEAVE"),
    ),
    Case(
        T("长假第二日", "The second day of a long leave"),
        WARD + outside("05-06 10:00") + leave("2023-05-05 08:00", "2023-05-07 18:00"), ONE,
    ),
    Case(
        T("康复科观察", "A ward that observes"), stay(dept="19") + MAP + outside("05-05"),
        excused("LONG_TERM_OBSERVATION"),
    ),
    Case(
        T("合作机构检查", "Sent to a partner"), WARD + contract() + outside("05-05"),
        excused("CONTRACTED_EXAM"),
    ),
    Case(
        T("另一机构的合作", "A contract with another one"),
        WARD + contract() + outside("05-05", at="H4"), ONE,
    ),
    Case(
        T("登记的代配药", "Registered collection"),
        WARD + outside("05-05") + """
        mi_filing
        filing_id | kind   | certno | start_date | end_date
        F1        | pickup | P1     | 2023-05-05 | 2023-05-05
        """,
        excused("RELATIVE_PICKUP"),
    ),
    Case(
        T("代配药已过期", "Registered until the day before"),
        WARD + outside("05-05") + """
        mi_filing
        filing_id | kind   | certno | start_date | end_date
        F1        | pickup | P1     | 2023-05-01 | 2023-05-04
        """,
        ONE,
    ),
    Case(
        T("家庭病床不属院外就诊", "MI-27 does not take a home bed"),
        stay(home="1") + MAP + outside("05-05"), "none",
    ),
    Case(
        T("实际已出院", "The stay had really ended"),
        stay(empty="efghij") + MAP + outside("05-08"), "none",
    ),
    Case(
        T("参数二十公里", "Twenty kilometres by parameter"), WARD + outside("05-05"), "none",
        params={"far_km": "20"},
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", BARE, ids=lambda c: c.title.en)
def test_bare_days(case: Case, engine: Any) -> None:
    check(BARE, case, bed_hanging, engine, rule="a")


@pytest.mark.parametrize("case", FAR, ids=lambda c: c.title.en)
def test_seen_far_away(case: Case, engine: Any) -> None:
    check(FAR, case, bed_hanging, engine, rule="b")


SPECIFIED = (bed_hanging, {"a": BARE, "b": FAR})
