"""MI-03 by cases: P1, P2, … of village V enter H1 from 2023-05-08 on, a Monday without holiday."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.induced_stay import induced_stay
from tests.spec.harness import Case, check, days_after

DAY = "2023-05-08"
VILLAGE = "330326001201"
LISTS = """
mi_code_list
list       | code  | start_date
mild       | J06   | 2020-01-01
mild       | M54.5 | 2020-01-01
infectious | A05   | 2020-01-01
"""
FACT = f"H1 | {DAY} | {VILLAGE}"
CLUE = f"{FACT} | clue | | 500.00 | 50.00 | H"


def ward(
    n: int = 5,
    *,
    days: tuple[int, ...] = (0,),
    mild: int = 99,
    cash: tuple[str, ...] = ("0",),
    code: str = "I10",
    light: str = "0.4",
    emergency: tuple[int, ...] = (),
    start: str = DAY,
    village: str = VILLAGE,
    employer: str = "",
    referrer: str = "",
    tel: str = "",
    first: int = 1,
    born: str = "1990-01-01",
    at: str = "H1",
    flag: str = "0",
) -> str:
    """`n` stays of 100 yuan fund and 10 account; `mild` of them of weight `light`, the rest 1.2."""
    people = "mi_person\npsn_no | certno | resd_village | emp_uscc\n"
    bills = (
        "mi_settlement\nmdtrt_id | setl_id | certno | fixmedins_code | med_type | begntime"
        " | endtime | fund_pay_sumamt | acct_pay | psn_cash_pay | dise_codg | brdy\n"
    )
    stays = "mi_inpatient\nmdtrt_id | adm_time | dscg_time | drg_weight | emer_flag | referrer"
    stays += " | tel\n"
    for i in range(n):
        p, key = f"P{first + i}", f"{start[5:]}{first + i}{at}"
        day = days_after(start, days[i % len(days)])
        people += f"N{key} | {p} | {village} | {employer}\n"
        bills += (
            f"A{key} | S{key} | {p} | {at} | 21 | {day} | {days_after(day, 5)} | 100 | 10"
            f" | {cash[i % len(cash)]} | {code} | {born}\n"
        )
        weight = light if i < mild else "1.2"
        urgent = "1" if i in emergency else flag
        stays += f"A{key} | {day} | {days_after(day, 5)} | {weight} | {urgent} | {referrer}"
        stays += f" | {tel}\n"
    return people + bills + stays


def excluded(code: str, key: str = FACT) -> str:
    return f"{key} | excluded | {code} | 0.00 | 0.00 |"


def programme(kind: str, cells: str = "") -> str:
    village, _, category = cells.partition("/")
    return f"""
mi_programme
prog_id | kind | fixmedins_code | start_date | end_date | village | icd_category
G1 | {kind} | H1 | 2023-01-01 | 2023-05-08 | {village} | {category}
"""


def residents(*numbers: int) -> str:
    rows = "".join(f"G1 | P{n} | 2022-01-01\n" for n in numbers)
    return f"mi_resident\nprog_id | certno | start_date\n{rows}"


def peers(high: str, *, count: int = 5, month: str = "2023-05") -> str:
    """Five hospitals of the level; none or half of their two admissions are elderly."""
    text = "mi_institution\nfixmedins_code | hosp_lv\nH1 | 2\n"
    text += "".join(f"K{k} | 2\n" for k in range(count))
    for k in range(count):
        old = "1940-01-01" if k == 0 and high else "1995-01-01"
        text += (
            "mi_settlement\nmdtrt_id | setl_id | certno | fixmedins_code | med_type | begntime"
            " | endtime | fund_pay_sumamt | brdy\n"
            f"K{k}a | K{k}a | P{30 + k} | K{k} | 21 | {month}-02 | {month}-04 | 1 | {old}\n"
            f"K{k}b | K{k}b | P{30 + k} | K{k} | 21 | {month}-20 | {month}-22 | 1 | 1995-01-01\n"
        )
    return text


def complaint(text: str, day: str, named: str = "H1 |") -> str:
    return f"""
mi_complaint
cmpl_no | recv_date | content | fixmedins_code | inst_name
C1 | {day} | {text} | {named}
"""


NINE = ward(9, days=(0, 1), referrer="王某")
HOLIDAY = "2023-05-04"
"""The day after the holiday from 04-29 to 05-03."""
ONLY = "mi_institution\nfixmedins_code | only_in_town\nH1 | {}\n"

CASES = (
    Case(
        T("九名村民两日内入院, 轻症, 零自付, 同一介绍人", "Nine of one village, no cash"),
        NINE + LISTS, f"{FACT} | clue | | 900.00 | 90.00 | H",
    ),
    Case(
        T("十四名村民食物中毒", "Fourteen with food poisoning"),
        ward(14, code="A05.9") + LISTS, excluded("INFECTIOUS_SAME_CATEGORY"),
    ),
    Case(T("五人恰够", "Exactly five"), ward() + LISTS, CLUE, untested=("ELDERLY_RATE",)),
    Case(T("四人不够", "Four are too few"), ward(4) + LISTS, "none"),
    Case(T("第三日仍在窗口", "The third date is inside"), ward(days=(0, 1, 2)) + LISTS, CLUE),
    Case(T("第四日不在", "The fourth date is not"), ward(days=(0, 0, 0, 0, 3)) + LISTS, "none"),
    Case(
        T("同一人两次入院只算一人", "One person twice counts once"),
        ward(4) + ward(1, start="2023-05-09") + LISTS, "none",
    ),
    Case(
        T("急诊不计入人数", "An emergency is left out of the count"),
        ward(5, emergency=(4,)) + LISTS, "none",
    ),
    Case(
        T("急诊之外仍够", "Enough beside the emergency"), ward(6, emergency=(5,)) + LISTS, CLUE
    ),
    Case(
        T("急诊标志为空", "Emergency not recorded"), ward(flag="") + LISTS,
        CLUE.replace("| H", "| M"),
        untested=("NO_EMERGENCY", "ELDERLY_RATE"),
    ),
    Case(
        T("轻症恰八成且半数零自付: 恰 0.6", "Four of five mild, half without cash: exactly 0.6"),
        ward(10, mild=8, cash=("0", "5")) + LISTS, f"{FACT} | clue | | 1000.00 | 100.00 | H",
    ),
    Case(
        T("轻症不足八成", "Fewer than four of five are mild"), ward(9, mild=7) + LISTS, "none"
    ),
    Case(
        T("权重恰 0.6 不是轻症", "A weight of 0.6 is not mild"),
        ward(light="0.6") + LISTS, "none",
    ),
    Case(
        T("名单诊断也是轻症", "A listed diagnosis is mild too"),
        ward(light="0.9", code="J06.9") + LISTS, CLUE,
    ),
    Case(
        T("名单是前缀", "The list holds beginnings of codes"),
        ward(light="0.9", code="M54.2") + LISTS, "none",
    ),
    Case(
        T("零自付不足半数", "Fewer than half without cash"),
        ward(cash=("0", "5", "5", "5", "0")) + LISTS, "none",
    ),
    Case(
        T("同一电话", "One phone"), ward(cash=("5",), tel="13800000001") + LISTS, CLUE
    ),
    Case(
        T("现金后来退回", "The cash was given back later"),
        ward(cash=("5",)) + LISTS + """
mi_settlement
mdtrt_id | setl_id | certno | fixmedins_code | med_type | begntime | medfee_sumamt\
 | fund_pay_sumamt | psn_cash_pay | refd_setl_flag | init_setl_id
A05-081H1 | R1 | P1 | H1 | 21 | 2023-05-08 | -1 | 0 | -5 | 1 | S05-081H1
A05-082H1 | R2 | P2 | H1 | 21 | 2023-05-08 | -1 | 0 | -5 | 1 | S05-082H1
A05-083H1 | R3 | P3 | H1 | 21 | 2023-05-08 | -1 | 0 | -5 | 1 | S05-083H1
""",
        CLUE,
    ),
    Case(
        T("老年住院率畸高", "A rate of elderly admissions beyond the peers"),
        ward(cash=("5",), born="1940-01-01") + peers("") + LISTS, CLUE, untested=(),
    ),
    Case(
        T("老年住院率不突出", "A rate that does not stand out"),
        ward(cash=("5",), born="1964-01-01") + peers("one") + LISTS, "none",
    ),
    Case(
        T("同级不足五家则未检验", "With four peers it is untested"),
        ward(cash=("5",), born="1940-01-01") + peers("", count=4) + LISTS, "none",
    ),
    Case(
        T("投诉补足得分", "A complaint makes up the score"),
        ward(10, mild=8, cash=("0", "5")) + LISTS + complaint("包吃住还接送", "2023-06-07"),
        f"{FACT} | clue | | 1000.00 | 100.00 | H", params={"score": "0.7"},
    ),
    Case(
        T("投诉在三十一日后", "The complaint came after 31 days"),
        ward(10, mild=8, cash=("0", "5")) + LISTS + complaint("包吃住还接送", "2023-06-08"),
        "none", params={"score": "0.7"},
    ),
    Case(
        T("投诉无此类词", "A complaint about something else"),
        ward(10, mild=8, cash=("0", "5")) + LISTS + complaint("排队太久", "2023-05-08"),
        "none", params={"score": "0.7"},
    ),
    Case(
        T("投诉只写机构名称", "The complaint gives the name only"),
        ward(10, mild=8, cash=("0", "5")) + LISTS
        + complaint("出院返现", "2023-05-01", "| 海澜中心医院甲")
        + "mi_institution\nfixmedins_code | name\nH1 | 海澜中心医院甲\n",
        f"{FACT} | clue | | 1000.00 | 100.00 | H", params={"score": "0.7"},
    ),
    Case(
        T("同一单位", "One employer"), ward(village="", employer="91X") + LISTS,
        f"H1 | {DAY} | 91X | clue | | 500.00 | 50.00 | H",
    ),
    Case(
        T("同村又同单位只算一次", "Neighbours and colleagues are one clue"),
        ward(employer="91X") + LISTS, CLUE,
    ),
    Case(
        T("单位多出别村的人则两条", "Colleagues from elsewhere too: another clue"),
        ward(employer="91X") + ward(1, first=9, village="", employer="91X") + LISTS,
        CLUE + f"\nH1 | {DAY} | 91X | clue | | 600.00 | 60.00 | H",
    ),
    Case(
        T("不同机构", "Two institutions"),
        ward(3) + ward(2, first=4, at="H2") + LISTS, "none",
    ),
    Case(
        T("后一窗口在前一窗口之后", "The next window begins after the first has ended"),
        ward() + ward(5, first=11, start="2023-05-11") + LISTS,
        f"{CLUE}\nH1 | 2023-05-11 | {VILLAGE} | clue | | 500.00 | 50.00 | H",
    ),
    Case(
        T("已冲销一人, 余下不足", "One was reversed: too few are left"),
        ward() + LISTS + """
mi_settlement
mdtrt_id | setl_id | certno | fixmedins_code | med_type | begntime | medfee_sumamt\
 | fund_pay_sumamt | acct_pay | psn_cash_pay | refd_setl_flag | init_setl_id
A05-081H1 | R1 | P1 | H1 | 21 | 2023-05-08 | -110 | -100 | -10 | 0 | 1 | S05-081H1
""",
        excluded("REVERSED"),
    ),
    Case(
        T("排除一人, 余下仍够", "One is excused, five are left"),
        ward(6) + LISTS + programme("nursing_home") + residents(1),
        f"{FACT} | clue | ATTACHED_NURSING_HOME | 500.00 | 50.00 | H",
    ),
    Case(
        T("传染病仅一人", "A listed infection of one alone"),
        ward(4) + ward(1, first=5, code="A05.1") + LISTS, CLUE,
    ),
    Case(
        T("外伤", "Injuries"), ward(code="S83.5") + LISTS, excluded("ACCIDENT_POISONING")
    ),
    Case(T("中毒", "Poisoning"), ward(code="T62.0") + LISTS, excluded("ACCIDENT_POISONING")),
    Case(
        T("诊断未知", "No diagnosis at all"), ward(code="") + LISTS, CLUE.replace("| H", "| M"),
        untested=(
            "INFECTIOUS_SAME_CATEGORY", "ACCIDENT_POISONING", "DAY_CASE_SERIES", "ELDERLY_RATE"
        ),
    ),
    Case(
        T("登记筛查项目", "A registered screening"),
        ward() + LISTS + programme("screening"), excluded("REGISTERED_PROGRAMME"),
    ),
    Case(
        T("项目另指一村", "A screening of another village"),
        ward() + LISTS + programme("screening", "330326001202"), CLUE,
    ),
    Case(
        T("项目另指一病", "A screening for another disease"),
        ward() + LISTS + programme("screening", "/H25"), CLUE,
    ),
    Case(
        T("项目已止", "A screening that had ended"),
        ward(start="2023-05-09") + LISTS + programme("screening"),
        CLUE.replace(DAY, "2023-05-09"),
    ),
    Case(
        T("别类项目", "Another kind of programme"), ward() + LISTS + programme("mobile"), CLUE
    ),
    Case(
        T("化疗", "Chemotherapy"), ward(code="Z51.1") + LISTS, excluded("DAY_CASE_SERIES")
    ),
    Case(
        T("附属养老机构", "Residents of the home attached"),
        ward() + LISTS + programme("nursing_home") + residents(1, 2, 3, 4, 5),
        excluded("ATTACHED_NURSING_HOME"),
    ),
    Case(
        T("节后首日, 乡镇唯一", "The day after a holiday, the only hospital"),
        ward(start=HOLIDAY) + LISTS + ONLY.format(1),
        excluded("HOLIDAY_BACKLOG", FACT.replace(DAY, HOLIDAY)),
    ),
    Case(
        T("节后第三日", "The third day after"),
        ward(start="2023-05-06") + LISTS + ONLY.format(1),
        excluded("HOLIDAY_BACKLOG", FACT.replace(DAY, "2023-05-06")),
    ),
    Case(
        T("节后第四日", "The fourth day after"),
        ward(start="2023-05-07") + LISTS + ONLY.format(1), CLUE.replace(DAY, "2023-05-07"),
    ),
    Case(
        T("假期内第四日", "The fourth day of the holiday itself"),
        ward(start="2023-05-02") + LISTS + ONLY.format(1), CLUE.replace(DAY, "2023-05-02"),
    ),
    Case(
        T("不是唯一医院", "Not the only hospital"),
        ward(start=HOLIDAY) + LISTS + ONLY.format(0), CLUE.replace(DAY, HOLIDAY),
    ),
    Case(
        T("是否唯一未知", "Whether it is the only one is not known"),
        ward(start=HOLIDAY) + LISTS, CLUE.replace(DAY, HOLIDAY).replace("| H", "| M"),
        untested=("ELDERLY_RATE", "HOLIDAY_BACKLOG"),
    ),
    Case(
        T("一日假期不算", "A weekend with one day off is no holiday of three"),
        ward(start="2023-05-15") + LISTS + ONLY.format(1), CLUE.replace(DAY, "2023-05-15"),
    ),
    Case(
        T("无权重无名单: 轻症未检验", "Neither weights nor lists: mildness is untested"),
        ward(light="", mild=99, referrer="某"), "none",
        lacks=("mi_code_list", "mi_inpatient.drg_weight"),
    ),
    Case(
        T("未交登记项目", "Programmes not delivered"), ward() + LISTS,
        CLUE.replace("| H", "| M"), lacks=("mi_programme",),
        untested=("REGISTERED_PROGRAMME", "ATTACHED_NURSING_HOME", "ELDERLY_RATE"),
    ),
    Case(
        T("未交投诉不降级", "Complaints not delivered lower nothing"), ward() + LISTS, CLUE,
        lacks=("mi_complaint",), untested=("ELDERLY_RATE", "COMPLAINT"),
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, induced_stay, engine)


SPECIFIED = (induced_stay, {"": CASES})
