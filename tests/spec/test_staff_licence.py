"""MI-26 by cases."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.staff_licence import staff_licence
from tests.spec.harness import Case, check

REVERSAL = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | begntime   | medfee_sumamt | fund_pay_sumamt | init_setl_id
R1      | V1       | P1     | H1             | 2023-05-11 | -{fee}        | -{fund}         | S1
"""  # noqa: E501
RETURNED = """
mi_fee
setl_id | fee_ocur_time | bilg_dr_codg | det_item_fee_sumamt
R1      | 2023-05-10    | D1           | -100
"""


def billed(day: str = "2023-05-10", *, orders: str = "D1", does: str = "") -> str:
    """400 yuan at H1, 100 of them on D1's line."""
    return f"""
    mi_settlement
    setl_id | mdtrt_id | certno | begntime | fund_pay_sumamt | acct_pay
    S1      | V1       | P1     | {day}    | 300             | 100
    mi_fee
    setl_id | fee_ocur_time | bilg_dr_codg | exec_dr_codg | det_item_fee_sumamt
    S1      | {day}         | {orders}     | {does}       | 100
    S1      | {day}         | D9           | D9           | 300
    """


def staff(*, start: str = "", end: str = "", retired: str = "", person: str = "") -> str:
    return f"""
    mi_staff
    staff_codg | name | role | licence_from | licence_to | retire_date | certno
    D1         | 甲   | doctor | {start}    | {end}      | {retired}   | {person}
    """


def points(*rows: str) -> str:
    head = "staff_codg | fixmedins_code | start_date | end_date | multi_site_flag"
    return "\n".join(("\nmi_practice", head, *(f"D1 | {row}" for row in rows))) + "\n"


def clue(day: str = "2023-05-10", fund: str = "75.00", account: str = "25.00", codes: str = "",
         severity: str = "M") -> str:  # fmt: skip
    return f"H1 | D1 | {day} | clue | {codes} | {fund} | {account} | {severity}"


def excluded(code: str) -> str:
    return f"H1 | D1 | 2023-05-10 | excluded | {code} | 0.00 | 0.00 |"


THERE = "H2 | 2020-01-01 | | 0"
ELSEWHERE = (
    Case(T("在别处执业", "Practises elsewhere"), billed() + points(THERE), clue(), untested=()),
    Case(T("执行人在别处执业", "Whoever carried it out"),
         billed(orders="", does="D1") + points(THERE), clue()),
    Case(T("开单并执行只计一次", "Ordered and carried out: once"),
         billed(does="D1") + points(THERE), clue()),
    Case(T("在本机构也有执业地点", "Practises here too"),
         billed() + points(THERE, "H1 | 2020-01-01 | | 0"), "none"),
    Case(T("本机构执业点已止", "The point here ended the day before"),
         billed() + points(THERE, "H1 | 2020-01-01 | 2023-05-09 | 0"), clue()),
    Case(T("本机构执业点止于当日", "It ended on that day"),
         billed() + points(THERE, "H1 | 2020-01-01 | 2023-05-10 | 0"), "none"),
    Case(T("本机构执业点次日起", "The point here begins the day after"),
         billed() + points(THERE, "H1 | 2023-05-11 | | 0"), clue()),
    Case(T("没有任何执业登记", "No practice point at all"), billed() + staff(), "none"),
    Case(T("别处的执业点已止", "The one elsewhere has ended"),
         billed() + points("H2 | 2020-01-01 | 2023-05-09 | 0"), "none"),
    Case(T("已备案多点执业", "Filed for several sites"),
         billed() + points(THERE, "H1 | 2020-01-01 | | 1"), excluded("MULTI_SITE_FILED")),
    Case(T("备案已过期", "The filing ended the day before"),
         billed() + points(THERE, "H1 | 2020-01-01 | 2023-05-09 | 1"), clue()),
    Case(T("为第三处备案", "Filed for a third place"),
         billed() + points(THERE, "H3 | 2020-01-01 | | 1"), clue()),
    Case(T("未送多点标志", "No mark of several sites held"), billed() + points(THERE), clue(),
         lacks=("mi_practice.multi_site_flag",), untested=()),
    Case(T("全部冲销", "Wholly reversed"),
         billed() + points(THERE) + REVERSAL.format(fee=400, fund=300), excluded("REVERSED")),
    Case(T("该行已退", "The line was given back"),
         billed() + points(THERE) + REVERSAL.format(fee=100, fund=75) + RETURNED, "none"),
)  # fmt: skip

LICENCES = (
    Case(T("注销次日", "The day after it was cancelled"), billed() + staff(end="2023-05-09"),
         clue(), untested=()),
    Case(T("注销当日", "The day on which it was cancelled"),
         billed() + staff(end="2023-05-10"), "none"),
    Case(T("发证前一天", "The day before it was issued"),
         billed() + staff(start="2023-05-11"), clue()),
    Case(T("发证当日", "The day on which it was issued"),
         billed() + staff(start="2023-05-10"), "none"),
    Case(T("没有日期", "No dates"), billed() + staff(), "none"),
    Case(T("全部冲销", "Wholly reversed"),
         billed() + staff(end="2023-05-09") + REVERSAL.format(fee=400, fund=300),
         excluded("REVERSED")),
)  # fmt: skip

RETIRED = staff(retired="2023-05-09")
RETIREMENTS = (
    Case(T("退休次日", "The day after"), billed() + RETIRED, clue(), untested=()),
    Case(T("退休当日", "The day itself"), billed("2023-05-09") + RETIRED, "none"),
    Case(T("返聘并登记", "Rehired with a practice point"),
         billed() + RETIRED + points("H1 | 2023-05-10 | | 0"), "none"),
    Case(T("多点备案也算", "A filing for several sites counts"),
         billed() + RETIRED + points("H1 | 2023-05-10 | | 1"), "none"),
    Case(T("执业点在别处", "A practice point elsewhere"),
         billed() + RETIRED + points("H2 | 2023-05-10 | | 0"), clue()),
    Case(T("执业点已止", "It ended the day before"),
         billed() + RETIRED + points("H1 | 2020-01-01 | 2023-05-09 | 0"), clue()),
    Case(T("未送执业地点", "No register of practice points"), billed() + RETIRED,
         clue(severity="L"), lacks=("mi_practice",), untested=("NO_POINT",)),
    Case(T("全部冲销", "Wholly reversed"),
         billed() + RETIRED + REVERSAL.format(fee=400, fund=300), excluded("REVERSED")),
)  # fmt: skip


def died(day: str, name: str = "甲") -> str:
    return f"""
    death_health
    cert_no | certno | psn_name | death_time
    C1      | P5     | {name}   | {day}
    """


OWNER = staff(person="P5")
DEATHS = (
    Case(T("死亡次日", "The day after"), billed() + OWNER + died("2023-05-09 08:00"), clue(),
         untested=(), confirm=False),
    Case(T("死亡当日", "The day itself"), billed() + OWNER + died("2023-05-10 08:00"), "none"),
    Case(T("月精度取月末", "Of a month: its last day"), billed() + OWNER + died("2023-05"), "none"),
    Case(T("同号不同名", "Another name under the number"),
         billed() + OWNER + died("2023-05-09", "乙"), "none"),
    Case(
        T("仅有注销日期", "A cancellation alone is no death date"),
        billed() + OWNER + """
        death_police
        certno | psn_name | cancel_date
        P5     | 甲       | 2023-05-01
        """,
        "none",
    ),
    Case(
        T("取最晚的死亡日期", "The latest date counts"),
        billed() + OWNER + died("2023-05-01") + """
        death_police
        certno | psn_name | cancel_date | death_date
        P5     | 甲       | 2023-05-12  | 2023-05-10
        """,
        "none",
    ),
    Case(
        T("宣告死亡已撤销", "A revoked declaration"),
        billed() + OWNER + """
        court_death
        case_no | certno | psn_name | kind     | judg_date
        K1      | P5     | 甲       | declared | 2023-01-05
        K2      | P5     | 甲       | revoked  | 2023-09-05
        """,
        "none",
    ),
    Case(T("全部冲销", "Wholly reversed"),
         billed() + OWNER + died("2023-05-09") + REVERSAL.format(fee=400, fund=300),
         excluded("REVERSED")),
)  # fmt: skip


def operated(
    first: str = "09:00 | 10:00",
    second: str = "09:44 | 11:00",
    *,
    days: tuple[str, str] = ("2023-05-10", "2023-05-10"),
    patients: tuple[str, str] = ("P1", "P2"),
    surgeons: tuple[str, str] = ("D1", "D1"),
    more: str = "",
) -> str:
    """Two stays of 1,000 yuan; the surgeon's lines are 200 and 100 of 400 each."""
    visits, lines, done = [], [], []
    for n, times in enumerate((first, second)):
        at = " | ".join(f"{days[n]} {t}" if t else "" for t in times.split(" | "))
        visits.append(f"S{n} | V{n} | {patients[n]} | 21 | 2023-05-09 | 1000")
        lines.append(f"S{n} | 1 | {days[n]} | {surgeons[n]} | {200 - 100 * n}")
        lines.append(f"S{n} | 2 | {days[n]} |   | {200 + 100 * n}")
        done.append(f"V{n} | 1 | 36.0700 | {days[n]} | {surgeons[n]} | {at}")
    return "\n".join(
        (
            "mi_settlement",
            "setl_id | mdtrt_id | certno | med_type | begntime | fund_pay_sumamt", *visits,
            "mi_fee",
            "setl_id | feedetl_sn | fee_ocur_time | exec_dr_codg | det_item_fee_sumamt", *lines,
            "mi_operation",
            "mdtrt_id | oprn_srt_no | oprn_code | oprn_date | oper_dr_codg | oprn_begntime"
            " | oprn_endtime", *done, more,
        )
    )  # fmt: skip


def theatre(*rows: str) -> str:
    head = "fixmedins_code | room_no | mdtrt_id | in_time | out_time | oper_dr_codg"
    return "\n".join(("\nmi_theatre", head, *rows))


BOTH = "D1 | V0 | V1 | 2023-05-10 | clue | | 750.00 | 0.00 | M"
MAYBE = "D1 | V0 | V1 | 2023-05-10 | clue | | 750.00 | 0.00 | L"
SIMULTANEOUS = (
    Case(T("重叠十六分钟", "16 minutes"), operated(), BOTH, untested=()),
    Case(T("重叠十五分钟", "15 minutes"), operated(second="09:45 | 11:00"), "none"),
    Case(T("重叠十五分零一秒", "15 minutes and a second"),
         operated("09:00:00 | 10:00:01", "09:45:00 | 11:00:00"), BOTH),
    Case(T("一台在另一台之内", "One within the other"),
         operated("08:00 | 12:00", "09:00 | 09:16"), BOTH),
    Case(T("先后进行", "One after the other"), operated(second="10:00 | 11:00"), "none"),
    Case(T("同一患者", "One patient"), operated(patients=("P1", "P1")), "none"),
    Case(T("两位术者", "Two surgeons"), operated(surgeons=("D1", "D2")), "none"),
    Case(T("时间缺失", "Times missing"), operated(second=" | "), MAYBE, untested=("OVERLAP",)),
    Case(T("时间缺失且不同日", "Times missing, another day"),
         operated(second=" | ", days=("2023-05-10", "2023-05-11")), "none"),
    Case(
        T("以手术室日志补时间", "Times from the theatre log"),
        operated(second=" | ")
        + theatre("H1 | 1 | V1 | 2023-05-10 09:30 | 2023-05-10 11:00 | D1"),
        BOTH, untested=(),
    ),
    Case(
        T("日志显示先后进行", "The log tells one after the other"),
        operated(second=" | ")
        + theatre("H1 | 1 | V1 | 2023-05-10 10:30 | 2023-05-10 11:00 | "),
        "none",
    ),
    Case(
        T("跨夜", "Past midnight"),
        operated("23:00 | 23:59", "00:10 | 01:00", days=("2023-05-10", "2023-05-11")), "none",
    ),
    Case(T("其一已冲销", "One of them reversed"),
         operated() + """
         mi_settlement
         setl_id | mdtrt_id | certno | med_type | begntime   | medfee_sumamt | init_setl_id
         R0      | V0       | P1     | 21       | 2023-05-11 | -1000         | S0
         """,
         "D1 | V0 | V1 | 2023-05-10 | excluded | REVERSED | 0.00 | 0.00 |"),
    Case(T("允许重叠三十分钟", "30 minutes allowed"), operated(), "none",
         params={"overlap_min": "30"}),
)  # fmt: skip

RULES = {"a": ELSEWHERE, "b": LICENCES, "c": RETIREMENTS, "d": DEATHS, "e": SIMULTANEOUS}
EACH = [
    pytest.param(rule, case, id=f"{rule} {case.title.en}")
    for rule, cases in RULES.items()
    for case in cases
]


@pytest.mark.parametrize(("rule", "case"), EACH)
def test_case(rule: str, case: Case, engine: Any) -> None:
    check(RULES[rule], case, staff_licence, engine, rule=rule)


SPECIFIED = (staff_licence, RULES)
