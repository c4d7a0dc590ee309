"""MI-10 by cases. P1 delivers on 2023-03-10: 2022-09 to 2023-02 count, the twelve months before
them are 2021-09 to 2022-08. P5 and up are other staff.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.inflated_base import inflated_base
from tests.spec.harness import Case, check

START, TOP, DOWN = "2021-07", "2022-09", "2023-07"
LOW, HIGH, WAGE = 4462, 15000, 4500
STAFF = ("P5", "P6", "P7", "P8", "P9")
AWAY = 79000 - 23499.87


def months(first: str, last: str) -> Iterator[str]:
    year, month = int(first[:4]), int(first[5:])
    while (now := f"{year}-{month:02d}") <= last:
        yield now
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def paid(
    first: str, last: str, base: float, who: str = "P1", firm: str = "E1", court: str = ""
) -> list[str]:
    """Rows of contributions; what a court ordered is supplementary."""
    supplementary = int(bool(court))
    return [
        f"{who} | {firm} | {m} | {base} | {supplementary} | {court}" for m in months(first, last)
    ]


def waged(first: str, last: str, wage: float, who: str = "P1", firm: str = "E1") -> list[str]:
    return [f"{who} | {firm} | {m} | {wage}" for m in months(first, last)]


def claim(
    day: str = "2023-03-10",
    pay: str = "2023-05-20",
    who: str = "P1",
    firm: str = "E1",
    amount: float = 79000,
) -> str:
    return f"C{who}{day} | {who} | {firm} | {day} | 158 | {HIGH} | {amount} | {pay}"


def rising(low: float = LOW, high: float = HIGH, down: str = DOWN) -> list[str]:
    """Fourteen months low, ten months high, then low again from `down` on."""
    after = paid(down, "2023-10", low) if down else []
    last = max(m for m in months(TOP, "2023-10") if m < (down or "2023-11"))
    return [*paid(START, "2022-08", low), *paid(TOP, last, high), *after]


def steady(base: float = LOW, who: tuple[str, ...] = STAFF, first: str = START) -> list[str]:
    return [row for p in who for row in paid(first, "2023-10", base, p)]


def books(
    contributions: list[str],
    wages: list[str] | None = None,
    claims: tuple[str, ...] = (claim(),),
    registry: tuple[str, ...] = (),
) -> str:
    return "\n".join((
        "mi_maternity",
        "claim_no | certno | emp_uscc | dlvy_date | leave_days | allow_base | allow_paid | "
        "pay_date",
        *claims,
        "si_contribution",
        "certno | emp_uscc | month | base | supp_flag | court_doc_no",
        *contributions,
        "tax_wage",
        "certno | emp_uscc | month | wage_income",
        *(waged(START, "2023-10", WAGE) if wages is None else wages),
        "org_registry",
        "emp_uscc | group_uscc | merged_into",
        *registry,
    ))


def clue(fund: float = AWAY, severity: str = "H") -> str:
    return f"E1 | P1 | 2023-03-10 | clue | | {fund:.2f} | 0.00 | {severity}"


def excused(code: str, outcome: str = "excluded") -> str:
    return f"E1 | P1 | 2023-03-10 | {outcome} | {code} | 0.00 | 0.00 |"


EVEN = waged(START, "2023-10", HIGH)
"""Wages that bear out the high base all the time: (ii) is silent, and nobody was promoted."""

JUMP_AND_GAP = rising(down="")
JUMP_AND_FALL = rising()

CASES = (
    Case(
        T("附录例", "Raised for six months, back two months after the payment"),
        books(rising()), clue(), untested=(),
    ),
    Case(T("仅 (i)(ii)", "Two signals are enough"), books(JUMP_AND_GAP), clue()),
    Case(T("仅一项", "One signal is not"), books(JUMP_AND_GAP, EVEN), "none"),
    Case(T("仅 (i)(iv)", "Jump and fall"), books(JUMP_AND_FALL, EVEN), clue()),
    Case(
        T("恰好 1.5 倍", "Exactly 1.5 times the median"),
        books(rising(4000, 6000, ""), waged(START, "2023-10", 3999)),
        clue(79000 - 56000 / 12 * 158 / 30),
    ),
    Case(
        T("不足 1.5 倍", "Just below 1.5 times"),
        books(rising(4000, 5999, ""), waged(START, "2023-10", 3000)), "none",
    ),
    Case(
        T("恰好工资的 1.5 倍不算", "Exactly 1.5 times the wage is not more"),
        books(JUMP_AND_GAP, waged(START, "2023-10", 10000)), "none",
    ),
    Case(
        T("略多于工资的 1.5 倍", "Just more than 1.5 times the wage"),
        books(JUMP_AND_GAP, waged(START, "2023-10", 9999)), clue(),
    ),
    Case(
        T("偶数个月的中位数为中间两数均值", "Median of an even number of months"),
        books(
            [*paid("2021-09", "2022-02", 3000), *paid("2022-03", "2022-08", 5000),
             *paid(TOP, "2023-10", 6000)], waged(START, "2023-10", 3000),
        ), "E1 | P1 | 2023-03-10 | clue",
    ),
    Case(
        T("此前仅两个月", "Two months before are no median"),
        books([*paid("2022-07", "2022-08", LOW), *paid(TOP, "2023-10", HIGH)]), clue(0),
        untested=("BASE_JUMP",),
    ),
    Case(
        T("此前三个月", "Three months before are one"),
        books([*paid("2022-06", "2022-08", LOW), *paid(TOP, "2023-10", HIGH)], EVEN),
        clue(),
    ),
    Case(
        T("首月基数为同事中位数两倍", "First base twice the colleagues' median"),
        books([*paid("2022-10", "2023-10", 2 * LOW), *steady(who=STAFF[:3])], []),
        clue(79000 - LOW * 158 / 30, "M"),
    ),
    Case(
        T("首月基数不足两倍", "First base below twice the median"),
        books([*paid("2022-10", "2023-10", 2 * LOW - 1), *steady(who=STAFF[:3])], []), "none",
    ),
    Case(
        T("同事仅两人", "Two colleagues are no median"),
        books([*paid("2022-10", "2023-10", 2 * LOW), *steady(who=STAFF[:2])], []), "none",
    ),
    Case(
        T("缺工资行, 单位当月有申报, 视为零", "No wage row beside those of others is zero"),
        books([*JUMP_AND_GAP, *steady()], waged(START, "2023-10", LOW, "P5")),
        clue(79000 - LOW * 158 / 30), untested=(),
    ),
    Case(
        T("单位当月无申报, 该月不计", "Months without any wage row are left out"),
        books(JUMP_AND_GAP, waged("2023-01", "2023-02", WAGE)),
        "E1 | P1 | 2023-03-10 | clue | | 55500.13 | 0.00 | M", untested=("PROMOTION_TAXED",),
    ),
    Case(
        T("无任何工资行, (ii) 未检验", "Without wage rows (ii) is untested"),
        books(JUMP_AND_FALL, []), clue(severity="M"),
        untested=("ABOVE_WAGE", "PROMOTION_TAXED", "UNIT_10K"),
    ),
    Case(
        T("个税数据未归集", "Wage tax is not held"),
        books(JUMP_AND_FALL, []), clue(severity="M"), lacks=("tax_wage",),
        untested=("ABOVE_WAGE", "PROMOTION_TAXED", "UNIT_10K"),
    ),
)

SETTLED = [*EVEN, *(row for p in STAFF for row in waged("2020-04", "2023-10", HIGH, p))]


def settled(staff: int) -> list[str]:
    """Colleagues of long standing, whose own claims bear no other signal."""
    return steady(HIGH, STAFF[:staff], "2020-04")


JOINED = [*paid("2022-05", "2023-10", HIGH), *steady(HIGH)]
SOON = "2023-06-20"

CASES += (
    Case(
        T("十个月前入职", "Joined ten months before"),
        books(JOINED, waged(START, "2023-10", WAGE)),
        clue(0),
    ),
    Case(
        T("十一个月前入职", "Joined eleven months before"),
        books([*paid("2022-04", "2022-04", HIGH), *JOINED], waged(START, "2023-10", WAGE)),
        "none",
    ),
    Case(
        T("支付后第三个月回落", "Falls in the third month after"),
        books(rising(down="2023-08"), EVEN), clue(),
    ),
    Case(
        T("支付后第四个月回落", "Falls in the fourth month after"),
        books(rising(down="2023-09"), EVEN), "none",
    ),
    Case(
        T("恰好降至 0.7", "Down to exactly 0.7"),
        books([*rising(down="")[:-4], *paid("2023-07", "2023-10", 10500)], EVEN), clue(),
    ),
    Case(
        T("降至 0.7 以上", "Down to just above 0.7"),
        books([*rising(down="")[:-4], *paid("2023-07", "2023-10", 10501)], EVEN), "none",
    ),
    Case(
        T("三个月全无缴费", "No contribution in all three months"),
        books([*paid(START, "2022-08", LOW), *paid(TOP, "2023-05", HIGH)], EVEN), clue(),
    ),
    Case(
        T("在他单位缴费不算停缴", "Paid at another employer is not stopped"),
        books(
            [*paid(START, "2022-08", LOW), *paid(TOP, "2023-05", HIGH),
             *paid("2023-06", "2023-10", HIGH, firm="E2")], EVEN,
        ), "none",
    ),
    Case(
        T("在他单位基数回落", "Falls at another employer"),
        books(
            [*paid(START, "2022-08", LOW), *paid(TOP, "2023-05", HIGH),
             *paid("2023-06", "2023-10", LOW, firm="E2")], EVEN,
        ), clue(),
    ),
    Case(
        T("三个月未过完不计", "Not counted while the months have not passed"),
        books([*paid(START, "2022-08", LOW), *paid(TOP, "2023-07", HIGH)], EVEN,
              (claim(pay="2023-07-20"),)), "none",
    ),
    Case(
        T("三个月已过完", "Counted once they have"),
        books([*paid(START, "2022-08", LOW), *paid(TOP, "2023-06", HIGH)], EVEN,
              (claim(pay="2023-06-20"),)), clue(),
    ),
    Case(
        T("五人以下两年三次", "Five insured, three deliveries in 24 months"),
        books(
            [*JOINED[:18], *settled(4)], SETTLED,
            (claim(), claim("2021-04-01", "2021-06-01", "P5"),
             claim("2022-01-05", "2022-03-01", "P6")),
        ), clue(0),
    ),
    Case(
        T("六人", "Six insured"),
        books(
            [*JOINED[:18], *settled(5)], SETTLED,
            (claim(), claim("2021-04-01", "2021-06-01", "P5"),
             claim("2022-01-05", "2022-03-01", "P6")),
        ), "none",
    ),
    Case(
        T("三次不在二十四个月内", "Three deliveries in more than 24 months"),
        books(
            [*JOINED[:18], *settled(4)], SETTLED,
            (claim(), claim("2021-03-10", "2021-06-01", "P5"),
             claim("2022-01-05", "2022-03-01", "P6")),
        ), "none",
    ),
    Case(
        T("差一日满二十四个月", "A day less than 24 months"),
        books(
            [*JOINED[:18], *settled(4)], SETTLED,
            (claim(), claim("2021-03-11", "2021-06-01", "P5"),
             claim("2022-01-05", "2022-03-01", "P6")),
        ), clue(0),
    ),
    Case(
        T("仅两次", "Two deliveries"),
        books([*JOINED[:18], *settled(4)], SETTLED,
              (claim(), claim("2022-01-05", "2022-03-01", "P6"))), "none",
    ),
    Case(
        T("尚未支付不看", "Not paid yet"),
        books(rising(), claims=(claim(pay="2023-11-02"),)), "none",
    ),
)


def raised(share: int, ratio: float = 15000 / 4462, spread: float = 0.0) -> list[str]:
    """`share` of nine colleagues rise in her month, by `ratio` and, for the first, `spread` more;
    the months after the payment stay high.
    """
    rows = []
    for n in range(9):
        top = LOW * (ratio + (spread if n == 0 else 0)) if n < share else LOW
        who = f"P{5 + n}"
        rows += [*paid(START, "2022-08", LOW, who), *paid(TOP, "2023-10", round(top, 2), who)]
    return rows


PROMOTED = [*waged(START, "2022-08", LOW), *waged(TOP, "2023-10", HIGH)]

CASES += (
    Case(
        T("附录例: 四十人中三十八人上调", "Raised for 38 of 40 by 6 per cent"),
        books([*rising(4000, 4240, ""), *steady(4000, ("P5", "P6")),
               *(row for n in range(7, 37) for row in (*paid("2022-08", "2022-08", 4000, f"P{n}"),
                                                       *paid(TOP, "2022-10", 4240, f"P{n}")))],
              waged(START, "2023-10", 4240)), "none",
    ),
    Case(
        T("单位普调", "Eight of ten rose alike"),
        books([*JUMP_AND_GAP, *raised(7)]), excused("UNIT_WIDE_ADJUSTMENT"),
    ),
    Case(
        T("不足八成", "Seven of ten"), books([*JUMP_AND_GAP, *raised(6)]),
        "E1 | P1 | 2023-03-10 | clue",
    ),
    Case(
        T("幅度不同者不计", "One of the eight rose by more than the band"),
        books([*JUMP_AND_GAP, *raised(7, spread=0.06)]), "E1 | P1 | 2023-03-10 | clue",
    ),
    Case(
        T("幅度在带内", "One of the eight rose by less than the band"),
        books([*JUMP_AND_GAP, *raised(7, spread=0.04)]), excused("UNIT_WIDE_ADJUSTMENT"),
    ),
    Case(
        T("本人涨幅不同", "Hers was not the ratio of the others"),
        books([*JUMP_AND_GAP, *raised(9, 1.06)]), "E1 | P1 | 2023-03-10 | clue",
    ),
    Case(
        T("一人单位不是普调", "An employer of one adjusts no unit"),
        books(JUMP_AND_GAP), clue(),
    ),
    Case(
        T("普调只解释 (i)(ii)", "Two signals that it does not explain stand"),
        books(
            [*paid("2022-06", "2022-08", LOW), *paid(TOP, "2023-06", HIGH),
             *paid(DOWN, "2023-10", LOW), *raised(9)],
        ), "E1 | P1 | 2023-03-10 | clue",
    ),
    Case(
        T("附录例: 升职同步计税", "Promotion with matching wage tax, and late in joining"),
        books([*paid("2022-06", "2022-08", LOW), *paid(TOP, "2023-10", HIGH)], PROMOTED),
        excused("PROMOTION_TAXED"),
    ),
    Case(
        T("工资涨幅恰为八成", "Wage rose by 0.8 of the base's ratio"),
        books(
            [*paid("2022-06", "2022-08", 4000), *paid(TOP, "2023-10", 8000)],
            [*waged(START, "2022-08", 4000), *waged(TOP, "2023-10", 6400)],
        ), excused("PROMOTION_TAXED"),
    ),
    Case(
        T("工资涨幅不足八成", "Wage rose by less"),
        books(
            [*paid("2022-06", "2022-08", 4000), *paid(TOP, "2023-10", 8000)],
            [*waged(START, "2022-08", 4000), *waged(TOP, "2023-10", 6399)],
        ), clue(79000 - 4000 * 158 / 30),
    ),
    Case(
        T("工资随基数回落", "The wage fell with the base"),
        books(rising(), [*waged(START, "2022-08", LOW), *waged(TOP, "2023-06", HIGH),
                         *waged(DOWN, "2023-10", LOW)]),
        excused("PROMOTION_TAXED"),
    ),
    Case(
        T("基数回落而工资未落", "The base fell, the wage did not; late in joining too"),
        books(
            [*paid("2022-06", "2022-08", LOW), *paid(TOP, "2023-06", HIGH),
             *paid(DOWN, "2023-10", LOW)], PROMOTED,
        ), clue(),
    ),
)

BEFORE = paid("2021-07", "2022-04", HIGH, firm="E2")
LATE = [*paid("2022-05", "2023-06", HIGH), *steady(HIGH), *paid(DOWN, "2023-10", HIGH)]

CASES += (
    Case(
        T("原单位并入现单位", "The employer before was merged into hers"),
        books([*BEFORE, *LATE], registry=("E1 | |", "E2 | | E1")), excused("EMPLOYER_MERGED"),
    ),
    Case(
        T("同一集团", "Both belong to one group"),
        books([*BEFORE, *LATE], registry=("E1 | G1 |", "E2 | G1 |")), excused("EMPLOYER_MERGED"),
    ),
    Case(
        T("两家集团", "They belong to two groups"),
        books([*BEFORE, *LATE], registry=("E1 | G1 |", "E2 | G2 |")), clue(0),
    ),
    Case(
        T("均无集团", "Neither names a group"),
        books([*BEFORE, *LATE], registry=("E1 | |", "E2 | |")), clue(0),
    ),
    Case(
        T("同集团的是更早单位", "The one of the group lies further back"),
        books(
            [*paid("2021-07", "2022-01", HIGH, firm="E3"),
             *paid("2022-02", "2022-04", HIGH, firm="E2"), *LATE],
            registry=("E1 | G1 |", "E2 | |", "E3 | G1 |"),
        ), clue(0),
    ),
    Case(
        T("支付后调入集团内", "Moved within the group after the payment"),
        books(
            [*paid(START, "2022-08", LOW), *paid(TOP, "2023-05", HIGH),
             *paid("2023-06", "2023-10", LOW, firm="E2")],
            EVEN, registry=("E1 | G1 |", "E2 | G1 |"),
        ), excused("EMPLOYER_MERGED"),
    ),
    Case(
        T("裁判补缴", "A court ordered what lifts the base"),
        books(
            [*paid(START, "2023-10", LOW),
             *paid(TOP, "2023-02", HIGH - LOW, court="(2023)浙0302民初1号")],
        ), excused("COURT_BACK_PAY"),
    ),
    Case(
        T("补缴而无文书", "Supplementary, but no court"),
        books([
            *paid(START, "2023-10", LOW),
            *(row.replace("| 0 |", "| 1 |") for row in paid(TOP, "2023-02", HIGH - LOW)),
        ]), clue(),
    ),
    Case(
        T("补缴后仍两项", "Two signals stand without the ordered rows"),
        books([*rising(down=""), *paid(TOP, "2023-02", 100, court="(2023)浙0302民初1号")]),
        "E1 | P1 | 2023-03-10 | clue",
    ),
    Case(
        T("基数为万元", "The base stands to the wage as 10 000 to 1"),
        books(rising(high=45_000_000)), excused("UNIT_10K", "data_correction"),
    ),
    Case(
        T("工资以万元计", "The wage is in units of ten thousand"),
        books(rising(), waged(START, "2023-10", 1.5)), excused("UNIT_10K", "data_correction"),
    ),
    Case(
        T("千倍不是万元", "A thousand is no unit"), books(rising(high=4_500_000)), clue(),
    ),
)

CASES += (
    Case(
        T("按本人基数计发", "Her own base counts"), books(rising()), clue(),
        params={"allowance_basis": "own_base"},
    ),
    Case(
        T("本人基数不足三月用原计发基数", "Own base that cannot be formed leaves nothing"),
        books([*paid("2022-07", "2022-08", LOW), *paid(TOP, "2023-10", HIGH)]), clue(0),
        params={"allowance_basis": "own_base"},
    ),
    Case(
        T("上年度单位平均含他人", "The employer's mean of the year before, others included"),
        books([*JUMP_AND_GAP, *steady(6000, ("P5",))]),
        clue(79000 - (8 * 4462 + 12 * 6000) / 20 * 158 / 30),
    ),
    Case(
        T("上年度无缴费用原计发基数", "No contribution in the year before leaves nothing"),
        books(paid("2023-01", "2023-10", HIGH)), clue(0), untested=("BASE_JUMP",),
    ),
    Case(
        T("两笔同人同日申领为一事", "Two payments of one delivery are one clue"),
        books(rising(), claims=(claim(), claim().replace("CP1", "DP1"))), clue(2 * AWAY),
    ),
    Case(
        T("分半向上取整一次", "Half a fen is rounded up, once"),
        books(rising(0.45, 150, ""), waged(START, "2023-10", 0.4),
              ("C | P1 | E1 | 2023-03-10 | 1 | 0 | 1.00 | 2023-05-20",)),
        "E1 | P1 | 2023-03-10 | clue | | 0.99",
    ),
    Case(
        T("参数: 三项月数", "Other months by parameter"),
        books(JUMP_AND_GAP), "none", params={"jump": "4", "tax_ratio": "4"},
    ),
)

NAMED = "claim_no | certno | psn_name | emp_uscc | dlvy_date | leave_days | allow_base | "


def named(number: str, name: str) -> str:
    """The example, its claim with the number and the name that are given."""
    plain = "claim_no | certno | emp_uscc | dlvy_date | leave_days | allow_base | "
    return books(rising(), claims=(claim().replace("| P1 |", f"| {number} | {name} |"),)).replace(
        plain, NAMED
    )


CASES += (
    Case(
        T("更正行抵减基数", "A correction lowers the month"),
        books([
            *rising(down=""),
            *(f"P1 | E1 | {m} | {LOW - HIGH} | 1 |" for m in months(TOP, "2023-10")),
        ]), "none",
    ),
    Case(
        T("全额更正即未缴", "A month that was taken back was not paid"),
        books([
            *rising(down=""),
            *(f"P1 | E1 | {m} | {-HIGH} | 1 |" for m in months("2023-06", "2023-10")),
        ], EVEN), clue(),
    ),
    Case(T("姓名一致", "The names agree"), named("P1", "name of P1"), clue(), confirm=False),
    Case(T("号码同而姓名不同", "One number, two names"), named("P1", "另一人"), "none"),
    Case(
        T("申领错号经修复关联", "The claim's mistyped number is repaired"),
        named("", "name of P1") + "\nlinks\nrow | person\nmi_maternity:1 | P1\n", clue(),
        confirm=True,
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, inflated_base, engine)


SPECIFIED = (inflated_base, {"": CASES})
