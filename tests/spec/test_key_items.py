"""MI-20 by cases. A line is written "H1 A 390": place, code, yuan paid by the fund."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.key_items import key_items
from tests.spec.harness import Case, check

MANY = {"top_n": "1000"}
"""The cases share one city, whose rankings should not part them."""
PEERS = ("H2 A 100", "H3 A 200", "H4 A 300", "H5 A 200", "H6 A 200")
# Shares 0.1, 0.2, 0.3, 0.2, 0.2: mean 0.2, sd 0.0632, so 0.3897 is mean + 3 sd.
LISTS = {"A": "drug", "B": "drug", "C": "consumable", "D": "consumable", "I": "item"}
SETTLED = "setl_id | mdtrt_id | certno | fixmedins_code | begntime | fund_pay_sumamt | dise_codg"
CHARGED = (
    "setl_id | feedetl_sn | fee_ocur_time | med_list_codg | list_type | bilg_dr_codg"
    " | bilg_dept_codg | det_item_fee_sumamt"
)


def paid(
    *lines: str,
    day: str = "2023-05-10",
    rest: str = "B",
    whole: int = 1000,
    ill: str = "J10.100",
    dept: str = "03",
    first: int = 0,
) -> str:
    """Settlements of one line each; `rest` fills a place's spending up to `whole`."""
    told: list[tuple[str, str, int]] = []
    for text in lines:
        who, code, yuan = text.split()
        told.append((who, code, int(yuan)))
        if rest and int(yuan) < whole:
            told.append((who, rest, whole - int(yuan)))
    settled, charged = [], []
    places: dict[str, str] = {}
    for n, (who, code, amount) in enumerate(told, first):
        place, _, doctor = who.partition("/")
        places[place] = f"{place} | place | 2"
        settled.append(f"S{n} | V{n} | P1 | {place} | {day} | {amount} | {ill}")
        kind = LISTS[code[0]]
        charged.append(f"S{n} | 1 | {day} | {code} | {kind} | {doctor} | {dept} | {amount}")
    return "\n".join(("mi_settlement", SETTLED, *settled, "mi_fee", CHARGED, *charged)) + (
        "\n" if first else "\nmi_institution\nfixmedins_code | name | hosp_lv\n"
        + "\n".join(places.values()) + "\n"
    )


def last_year(*lines: str) -> str:
    return paid(*lines, day="2022-05-10", rest="", first=500)


def listed(code: str = "A", *, on: str = "", switched: str = "") -> str:
    return f"""
    mi_catalogue
    med_list_codg | name | list_type | listed_date | vbp_date
    {code}        | 甲   | drug      | {on}        | {switched}
    """


def dept(start: str, code: str = "03") -> str:
    return f"""
    mi_dept
    fixmedins_code | dept_codg | name | start_date
    H1             | {code}    | 内科 | {start}
    """


def ill_in(category: str, month: str, index: str) -> str:
    """The usual spending for a category that no other case has, and the season of that one."""
    return paid("H1 A 390", *PEERS, ill=f"{category}.100") + f"""
    epi_season
    icd_category | month   | index
    {category}   | {month} | {index}
    """


def clue(fund: str = "190.00", codes: str = "", severity: str = "M", who: str = "H1",
         item: str = "A") -> str:  # fmt: skip
    return f"{who} | {item} | 2023Q2 | clue | {codes} | {fund} | 0.00 | {severity}"


def excluded(code: str) -> str:
    return f"H1 | A | 2023Q2 | excluded | {code} | 0.00 | 0.00 |"


def case(zh: str, en: str, tables: str, facts: str, **more: Any) -> Case:
    return Case(T(zh, en), tables, facts, params=MANY, **more)


USUAL = paid("H1 A 390", *PEERS)
REVERSAL = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | begntime   | medfee_sumamt | fund_pay_sumamt | init_setl_id
R0      | V0       | P1     | H1             | 2023-05-11 | -390          | -390            | S0
"""  # noqa: E501
DOCTORS = ("H1/D2 A 100", "H1/D3 A 200", "H1/D4 A 300", "H1/D5 A 200", "H1/D6 A 200")


def scopes(*scope: str) -> str:
    rows = [f"D{n} | 甲 | doctor | {text}" for n, text in enumerate(scope, 1)]
    return "\n".join(("mi_staff", "staff_codg | name | role | scope", *rows)) + "\n"


SHARES: Sequence[Case] = (
    case("占比突出", "Far above the peers", USUAL, clue(), untested=("GROWTH",)),
    case("三倍标准差以下", "Below three sd", paid("H1 A 389", *PEERS), "none"),
    case("四家同级", "Four peers", paid("H1 A 900", *PEERS[:4]), "none"),
    case("不用该品种的也是同级", "Peers that spend nothing on it count",
         paid("H1 A 300", *(f"H{n} B 1000" for n in range(2, 7))), clue("300.00")),
    case("同级都高", "All of the level", paid(*(f"H{n} A 600" for n in range(1, 7))), "none"),
    case("耗材", "A consumable among consumables",
         paid("H1 C1 390", *(p.replace("A", "C1") for p in PEERS), rest="D"), clue(item="C1")),
    case("诊疗项目不计", "Services do not count",
         paid("H1 I1 390", *(p.replace("A", "I1") for p in PEERS)), "none"),
    case("全部冲销", "Wholly reversed", USUAL + REVERSAL, excluded("REVERSED")),
    case("半年内挂网", "Listed within six months", USUAL + listed(on="2023-01-01"),
         excluded("NEW_LISTING")),
    case("恰满六个月", "Listed six months before", USUAL + listed(on="2022-12-31"), clue()),
    case("半年内集采", "Switched to bulk purchase", USUAL + listed(switched="2023-06-30"),
         excluded("NEW_LISTING")),
    case("集采在季度之后", "Switched after the quarter", USUAL + listed(switched="2023-07-01"),
         clue()),
    case("未送挂网日期", "Dates of listing not held", USUAL, clue(severity="L"),
         lacks=("mi_catalogue",), untested=("GROWTH", "NEW_LISTING")),
    case("新开科室", "A new department", USUAL + dept("2023-01-01"), excluded("NEW_DEPARTMENT")),
    case("科室已满六个月", "A department six months old", USUAL + dept("2022-12-31"), clue()),
    case("另一科室新开", "Another department is new", USUAL + dept("2023-01-01", "04"), clue()),
    case("未写科室而有新科室", "No department named, and one is new",
         paid("H1 A 390", *PEERS, dept="") + dept("2023-01-01"), clue(severity="L"),
         untested=("GROWTH", "NEW_DEPARTMENT")),
    case("未写科室且无新科室", "No department named, and none is new",
         paid("H1 A 390", *PEERS, dept="") + dept("2020-01-01"), clue()),
    case("流行季节", "In season", ill_in("J11", "2023-05", "1.5"), excluded("EPIDEMIC_SEASON")),
    case("指数不足", "Index below", ill_in("J12", "2023-05", "1.49"), clue()),
    case("另一月份流行", "In season another month", ill_in("J13", "2023-04", "2"), clue()),
    case("未写诊断", "No diagnosis", paid("H1 A 390", *PEERS, ill=""), clue(severity="L"),
         untested=("GROWTH", "EPIDEMIC_SEASON")),
    case("医师占比突出", "A doctor far above the peers",
         paid("H1/D1 A 390", *DOCTORS) + scopes(*["内科"] * 6), clue(who="D1")),
    case("医师同专业不足", "Too few doctors of the specialty",
         paid("H1/D1 A 390", *DOCTORS) + scopes("内科", *["外科"] * 5), "none"),
    case("医师未登记专业", "Doctors without a scope", paid("H1/D1 A 390", *DOCTORS), "none"),
)  # fmt: skip

DOUBLED = ("H1 A 300000",)
GROWTH: Sequence[Case] = (
    case("翻倍以上", "More than twice as much", paid(*DOUBLED, rest="")
         + last_year("H1 A 100000"), clue("0.00"), untested=("SHARE",)),
    case("超出同级占比的部分", "The part above the mean share",
         paid("H1 A 300000", "H2 A 100000", whole=400000) + last_year("H1 A 100000"),
         clue("200000.00")),
    case("恰好翻倍", "Exactly twice", paid("H1 A 200002", rest="") + last_year("H1 A 100001"),
         clue("0.00")),
    case("不到一倍", "Less than twice", paid("H1 A 399900", rest="") + last_year("H1 A 200000"),
         "none"),
    case("增加恰为十万元", "An increase of exactly 100,000 yuan",
         paid("H1 A 200000", rest="") + last_year("H1 A 100000"), "none"),
    case("去年同季为零", "Nothing last year", paid(*DOUBLED, rest=""), "none"),
    case("另一季度不比", "Another quarter is not compared",
         paid(*DOUBLED, rest="") + paid("H1 A 100000", day="2022-03-31", rest="", first=500),
         "none"),
    case("新代码除去后不足", "Without the new code too little",
         paid("H1 A1 150000", "H1 A2 150000", rest="") + last_year("H1 A1 100000")
         + listed("A2", on="2023-05-01") + """
         mi_drug
         med_list_codg | substance | dose_per_unit | max_daily_dose | start_date
         A1            | A         | 1             | 1              | 2020-01-01
         A2            | A         | 1             | 1              | 2020-01-01
         """, excluded("NEW_LISTING")),
    case("新代码除去后仍足", "Without the new code still enough",
         paid("H1 A1 250000", "H1 A2 50000", rest="") + last_year("H1 A1 100000")
         + listed("A2", on="2023-05-01") + """
         mi_drug
         med_list_codg | substance | dose_per_unit | max_daily_dose | start_date
         A1            | A         | 1             | 1              | 2020-01-01
         A2            | A         | 1             | 1              | 2020-01-01
         """, clue("0.00", codes="NEW_LISTING")),
)  # fmt: skip

RANKS = (
    Case(T("不在排名之列", "Leads no ranking"), USUAL, "none", params={"top_n": "1"}),
    Case(T("位列第二", "Second in the ranking"), USUAL, clue(), params={"top_n": "2"}),
)
CASES = (*SHARES, *GROWTH, *RANKS)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, key_items, engine)


SPECIFIED = (key_items, {"": CASES})
