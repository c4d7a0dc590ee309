"""MI-11 by cases. P1 is insured by E1 from 2023-03 on and lies in a ward on 2023-04-10; the quiet
months are 2022-04 to 2023-03. E2 to E5 are empty too; the addresses of a case are its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.fictitious_employment import fictitious_employment
from tests.spec.harness import Case, check

JOINED = "2023-03"
STAY = "W | P1 | 21 | 2023-04-10 | 900 | 50"
FIVE = ("E1", "E2", "E3", "E4", "E5")
STREETS = count(1)


def registry(
    firms: Sequence[str] = FIVE, *, phones: Sequence[str] = (), addr: str = "", own: str = ""
) -> list[str]:
    """Firms at one address of the case, `own` the further cells of E1's row."""
    street = addr or f"温州市鹿城区虚街{next(STREETS)}号"
    rows = []
    for n, firm in enumerate(firms):
        phone = phones[n] if n < len(phones) else ""
        cells = own if firm == "E1" and own else "2020-01-15 | | | "
        rows.append(f"{firm} | 公司{firm} | {street} | {phone} | {cells}")
    return rows


def city(
    *,
    firms: list[str] | None = None,
    paid: Sequence[str] = (f"P1 | E1 | {JOINED}",),
    visits: Sequence[str] = (STAY,),
    births: Sequence[str] = (),
    tax: Sequence[str] = (),
    wages: Sequence[str] = ("P1 | E1 | 2023-04 | 5000",),
) -> str:
    return "\n".join((
        "org_registry",
        "emp_uscc | name | addr | agent_tel | est_date | dispatch_licence | dispatch_from | "
        "dispatch_to",
        *(registry() if firms is None else firms),
        "si_contribution", "certno | emp_uscc | month | base",
        *(f"{row} | 5000" for row in paid),
        "mi_settlement", "mdtrt_id | certno | med_type | begntime | fund_pay_sumamt | acct_pay",
        *visits,
        "mi_maternity",
        "claim_no | certno | emp_uscc | dlvy_date | leave_days | allow_paid | pay_date", *births,
        "org_tax", "emp_uscc | month | tax_paid | invo_cnt", *tax,
        "tax_wage", "certno | emp_uscc | month | wage_income", *wages,
    ))


def case(title: T, facts: str, **kwargs: Any) -> Case:
    parts = {k: kwargs.pop(k) for k in ("params", "lacks", "untested", "confirm") if k in kwargs}
    return Case(title, city(**kwargs), facts, **parts)


def clue(fund: str = "900.00", level: str = "H", month: str = "2023-03-01") -> str:
    return f"E1 | {month} | clue | | {fund} | 0.00 | {level}"


def excluded(code: str) -> str:
    return f"E1 | 2023-03-01 | excluded | {code} | 0.00 | 0.00 |"


BIRTH = "C1 | P1 | E1 | 2023-04-20 | 158 | 30000 | 2023-07-01"

CASES = (
    case(
        T("空壳、同址、入职后住院", "Empty, five at one address, a stay soon after"), clue(),
        untested=(),
    ),
    case(T("同址四家", "Four at one address"), "none", firms=registry(FIVE[:4])),
    case(
        T("四家同址, 一家代办电话相同", "Four at one address, two of one agent"), clue(),
        firms=registry(FIVE[:4], phones=("13900000001", "13900000001")),
    ),
    case(
        T("代办电话无他人", "Nobody else of that agent"), "none",
        firms=registry(FIVE[:4], phones=("13900000001", "13900000002")),
    ),
    case(
        T("写法不同的同一地址", "One address written in other ways"), clue(),
        firms=[
            "E1 | 甲 | 浙江省温州市鹿城区幻影路８８号 | | 2020-01-15 | | | ",
            "E2 | 乙 | 鹿城区幻影路88号 | | | | | ",
            "E3 | 丙 | 温州市鹿城幻影路88号 | | | | | ",
            "E4 | 丁 | 浙江温州鹿城区 幻影路88号 | | | | | ",
            "E5 | 戊 | 浙江省温州市鹿城区幻影路，88号 | | | | | ",
        ],
    ),
    case(
        T("另一门牌", "Another number of the street"), "none",
        firms=[
            *registry(FIVE[:4], addr="鹿城区另一路7号"),
            *registry(("E5",), addr="鹿城区另一路8号"),
        ],
    ),
    case(
        T("同址单位有纳税", "One of the five pays tax"), "none", tax=("E3 | 2022-09 | 10 | 0",),
    ),
    case(
        T("同址单位有工资", "One of the five pays wages"), "none",
        wages=("P9 | E3 | 2022-09 | 4000",),
    ),
    case(
        T("无地址无电话", "Neither address nor phone is known"), clue(level="M"),
        firms=["E1 | 公司 | | | 2020-01-15 | | | "], untested=("SHARED",),
    ),
    case(T("未登记的单位", "An employer that is not registered"), "none", firms=registry(FIVE[1:])),
    case(T("有纳税", "Paid tax"), "none", tax=("E1 | 2022-12 | 1 | 0",)),
    case(T("有开票", "Issued an invoice"), "none", tax=("E1 | 2022-12 | 0 | 1",)),
    case(T("零申报", "Filed nothing but zeros"), clue(), tax=("E1 | 2022-12 | 0 | 0",)),
    case(
        T("首个静默月有纳税", "Tax in the first quiet month"),
        "none", tax=("E1 | 2022-04 | 9 | 0",),
    ),
    case(T("更早有纳税", "Tax before the quiet months"), clue(), tax=("E1 | 2022-03 | 9 | 0",)),
    case(T("入职当月有纳税", "Tax in the month of joining"), "none", tax=("E1 | 2023-03 | 9 | 0",)),
    case(T("其后才有纳税", "Tax after joining alone"), clue(), tax=("E1 | 2023-04 | 9 | 0",)),
    case(
        T("他人有工资", "Wages of somebody else"), "none",
        wages=("P9 | E1 | 2023-03 | 4000",),
    ),
    case(
        T("本人有工资", "Wages of the flagged alone"),
        clue(), wages=("P1 | E1 | 2023-03 | 4000",),
    ),
    case(
        T("未归集个税", "Wage tax is not held"), clue(level="M"), lacks=("tax_wage",),
        untested=("NO_OTHER_WAGES",),
    ),
    case(
        T("入职首日住院", "A stay on the first day"),
        clue(), visits=(STAY.replace("04-10", "03-01"),),
    ),
    case(T("第六十日", "Sixty days after"), clue(), visits=(STAY.replace("04-10", "04-30"),)),
    case(T("第六十一日", "Sixty-one days after"), "none", visits=(STAY.replace("04-10", "05-01"),)),
    case(
        T("入职前已住院", "The first stay lies before joining"), "none",
        visits=(STAY, "U | P1 | 21 | 2023-02-28 | 10 | 0"),
    ),
    case(
        T("门诊不是首次申领", "An outpatient visit is no claim"), "none",
        visits=(STAY.replace("| 21 |", "| 11 |"),),
    ),
    case(
        T("金额自入职起, 含门诊与津贴", "All that was paid from joining on, allowance included"),
        clue("30940.00"), births=(BIRTH,),
        visits=(STAY, "X | P1 | 11 | 2023-08-01 | 40 | 3", "Y | P1 | 11 | 2023-02-27 | 70 | 0"),
    ),
    case(T("仅生育津贴", "The allowance alone"), clue("30000.00"), visits=(), births=(BIRTH,)),
    case(
        T("未归集结算", "Settlements are not held"), clue("30000.00"), visits=(), births=(BIRTH,),
        lacks=("mi_settlement",),
    ),
    case(
        T("两人入职, 以首月为准", "Two flagged persons, the first month"),
        clue("1000.00", month="2023-01-01"),
        paid=(f"P1 | E1 | {JOINED}", "P2 | E1 | 2023-01"),
        visits=(STAY, "Z | P2 | 21 | 2023-02-01 | 100 | 0"),
        wages=("P2 | E1 | 2023-01 | 4000",),
    ),
    case(
        T("一年以上者不标记", "A colleague whose claim came late is not paid for"),
        clue(), paid=(f"P1 | E1 | {JOINED}", "P2 | E1 | 2022-11"),
        visits=(STAY, "Z | P2 | 21 | 2023-02-01 | 100 | 0"),
    ),
    case(
        T("已冲销", "The stay was reversed"), excluded("REVERSED"),
        visits=(STAY, "W | P1 | 21 | 2023-04-10 | -900 | -50"),
    ),
    case(
        T("冲销后另一次住院仍在期内", "Another stay stands"),
        "E1 | 2023-03-01 | clue | REVERSED | 80.00 | 0.00 | H",
        visits=(STAY, "W | P1 | 21 | 2023-04-10 | -900 | -50", "T | P1 | 21 | 2023-04-20 | 80 | 0"),
    ),
    case(
        T("初创单位已开票", "A start-up that issues invoices"), excluded("STARTUP_WITH_INVOICES"),
        firms=registry(own="2023-01-15 | | | "), tax=("E1 | 2023-05 | 0 | 3",),
    ),
    case(
        T("满六个月的初创单位", "Six months old"), excluded("STARTUP_WITH_INVOICES"),
        firms=registry(own="2022-09-20 | | | "), tax=("E1 | 2023-01 | 0 | 3",),
    ),
    case(
        T("超过六个月", "More than six months old"), clue(),
        firms=registry(own="2022-08-20 | | | "), tax=("E1 | 2023-04 | 0 | 3",),
    ),
    case(
        T("初创而未开票", "A start-up without invoices"), clue(),
        firms=registry(own="2023-01-15 | | | "),
    ),
    case(
        T("六个月后才开票", "Invoices later than six months"), clue(),
        firms=registry(own="2023-01-15 | | | "), tax=("E1 | 2023-08 | 0 | 3",),
    ),
    case(
        T("无成立日期而曾开票", "No date of establishment, and invoices later"), clue(level="M"),
        firms=registry(own=" | | | "), tax=("E1 | 2023-05 | 0 | 3",),
        untested=("STARTUP_WITH_INVOICES",),
    ),
    case(
        T("无成立日期亦未开票", "No date of establishment, no invoice ever"), clue(),
        firms=registry(own=" | | | "), untested=(),
    ),
    case(
        T("成立日期未归集", "Nobody says when it was established"), clue(level="M"),
        lacks=("org_registry.est_date",), untested=("STARTUP_WITH_INVOICES",),
        firms=registry(own="2020-01-15 | | | "),
    ),
    case(
        T("劳务派遣许可", "Licensed to dispatch labour"), excluded("DISPATCH_LICENCE"),
        firms=registry(own="2020-01-15 | PQ1 | 2022-01-01 | 2023-03-01"),
    ),
    case(
        T("许可前一日到期", "The licence ended the day before"), clue(),
        firms=registry(own="2020-01-15 | PQ1 | 2022-01-01 | 2023-02-28"),
    ),
    case(
        T("许可次日生效", "The licence began the day after"), clue(),
        firms=registry(own="2020-01-15 | PQ1 | 2023-03-02 | "),
    ),
    case(
        T("参数", "Other numbers by parameter"), "none", params={"claim_days": "39"},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, fictitious_employment, engine)


SPECIFIED = (fictitious_employment, {"": CASES})
