"""MI-18 by cases: a ward of twenty, panels, methods, reports, reagents and growth."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.laboratory import laboratory
from tests.spec.harness import Case, check

ITEMS = """
mi_catalogue
med_list_codg | kind  | unit | analyte | method
A     | lab   | 次 |     |
B     | lab   | 次 |     |
C     | lab   | 次 |     |
D     | lab   | 次 |     |
PRE1  | lab   | 次 |     |
PRE2  | lab   | 次 |     |
PRE3  | lab   | 次 |     |
INF1  | lab   | 次 |     |
G1    | lab   | 次 | GLU | strip
G2    | lab   | 次 | GLU | hexokinase
G3    | lab   | 次 | GLU | strip
PANEL | lab   | 次 |     |
TREAT | treat | 次 |     |
"""
LISTS = """
mi_code_list
list | code | start_date | end_date
preop_set        | {n}:PRE | 2020-01-01 |
infection_screen | {n}:INF | 2020-01-01 |
"""
HEAD = "mi_settlement\nsetl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime " \
    "| fund_pay_sumamt | acct_pay | medfee_sumamt\n"
FEES = "mi_fee\nsetl_id | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt | bear_type\n"
BACK = "mi_settlement\nsetl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime " \
    "| fund_pay_sumamt | acct_pay | medfee_sumamt | init_setl_id\n"


def reversal(number: int | str = 1, med_type: str = "11", day: str = "2023-05-01") -> str:
    return BACK + (
        f"R{number} | V{number} | P1 | H1 | {med_type} | {day} | -60 | -20 | -100 | S{number}\n"
    )


def ward(
    items: str, *, size: int = 20, without: dict[int, str] | None = None, day: str = "01",
    bear: str = "1", ward_name: str = "W",
) -> str:  # fmt: skip
    """`size` admissions of May, each bearing `items`; `without` says which lacks which."""
    bills, stays, fees = [], [], []
    for n in range(1, size + 1):
        bills.append(f"S{n} | V{n} | P{n} | H1 | 21 | 2023-05-01 | 60 | 20 | 100")
        stays.append(f"V{n} | 2023-05-01 09:00 | 2023-05-04 | {ward_name}")
        lacking = (without or {}).get(n, "").split()
        given = [i for i in items.split() if i not in lacking]
        fees += [f"S{n} | 2023-05-{day} | {i} | 1 | 10 | {bear}" for i in given]
        fees.append(f"S{n} | 2023-05-01 | TREAT | 1 | {100 - 10 * len(given)} | 1")
    return (
        ITEMS + HEAD + "\n".join(bills) + "\nmi_inpatient\nmdtrt_id | adm_time | dscg_time "
        "| adm_dept\n" + "\n".join(stays) + "\n" + FEES + "\n".join(fees) + "\n"
    )


SETS: tuple[Case, ...] = (
    Case(
        T("人人同三项", "Everybody bears the same three"), ward("A B C"),
        "H1 | W | 2023-05 | clue | | 360.00 | 120.00 | M", untested=(),
    ),
    Case(
        T("每张结算单只取整一次", "Rounded once a settlement, not once an item"),
        ward("A B C").replace("| 60 | 20 | 100", "| 60.05 | 20 | 100"),
        "H1 | W | 2023-05 | clue | | 360.40 | 120.00 | M",
    ),
    Case(
        T("十九人占百分之九十五", "Nineteen of twenty are 95 %"),
        ward("A B C", without={20: "A B"}),
        "H1 | W | 2023-05 | clue | | 348.00 | 116.00 | M",
    ),
    Case(
        T("十八人不足", "Eighteen are fewer"), ward("A B C", without={20: "A", 19: "B"}), "none",
    ),
    Case(
        T("各项单独够, 合起来不够", "Each alone is common, together they are not"),
        ward("A B C", without={20: "A", 19: "B", 18: "C"}), "none",
    ),
    Case(
        T("取最大的一组", "The largest of the sets"),
        ward("A B C D", without={20: "D", 19: "D"}),
        "H1 | W | 2023-05 | clue | | 360.00 | 120.00 | M",
    ),
    Case(T("只有两项", "Two items only"), ward("A B"), "none"),
    Case(T("十九名入院", "Nineteen admissions"), ward("A B C", size=19), "none"),
    Case(
        T("第二日仍计", "The second day counts"), ward("A B C", day="02"),
        "H1 | W | 2023-05 | clue",
    ),
    Case(T("第三日不计", "The third does not"), ward("A B C", day="03"), "none"),
    Case(
        T("冲销两人后不足", "Too few once two bills are reversed"),
        ward("A B C") + reversal(1, "21") + reversal(2, "21").split("\n", 2)[2],
        "H1 | W | 2023-05 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("冲销一人仍够", "Still enough once one is"), ward("A B C") + reversal(1, "21"),
        "H1 | W | 2023-05 | clue | REVERSED | 342.00 | 114.00 | M",
    ),
    Case(
        T("科研承担", "Borne by research"), ward("A B C", bear="2"),
        "H1 | W | 2023-05 | excluded | RESEARCH_FUNDED | 0.00 | 0.00 |",
    ),
    Case(
        T("承担方未记录", "Nobody wrote who bears it"), ward("A B C", bear=""),
        "H1 | W | 2023-05 | clue | | 360.00 | 120.00 | L", untested=("RESEARCH_FUNDED",),
    ),
    Case(
        T("名单未归集", "The lists are not held"), ward("A B C"),
        "H1 | W | 2023-05 | clue | | 360.00 | 120.00 | L", lacks=("mi_code_list",),
        untested=("PREOP_SET", "INFECTION_SCREEN"),
    ),
    Case(
        T("参数: 两项即可", "Two items suffice"), ward("A B"), "H1 | W | 2023-05 | clue",
        params={"set_items": "2"},
    ),
)
N = len(SETS)
SETS += (
    Case(
        T("术前目录", "On the list before operations"),
        ward("PRE1 PRE2 PRE3") + LISTS.format(n=N),
        "H1 | W | 2023-05 | excluded | PREOP_SET | 0.00 | 0.00 |",
    ),
    Case(
        T("感染筛查占一项, 余两项", "One is a screening, two are left"),
        ward("A B INF1") + LISTS.format(n=N + 1),
        "H1 | W | 2023-05 | excluded | INFECTION_SCREEN | 0.00 | 0.00 |",
    ),
    Case(
        T("除目录外仍有三项", "Three are left without the list"),
        ward("A B C PRE1") + LISTS.format(n=N + 2),
        "H1 | W | 2023-05 | clue | PREOP_SET | 360.00 | 120.00 | M",
    ),
    Case(
        T("目录已失效", "The list has lapsed"),
        ward("PRE1 PRE2 PRE3")
        + LISTS.format(n=N + 3).replace("2020-01-01 |", "2020-01-01 | 2023-04-30"),
        "H1 | W | 2023-05 | clue",
    ),
)

VISIT = ITEMS + HEAD + "S1 | V1 | P1 | H1 | 11 | 2023-05-01 | 60 | 20 | 100\n"
PAIRS = """
mi_item_pair
code_a | code_b | relation | start_date | end_date
PANEL  | A      | panel    | 2020-01-01 |
PANEL  | B      | panel    | 2020-01-01 |
PANEL  | C      | panel    | 2020-01-01 | 2022-12-31
"""
PRICE = """
mi_institution
fixmedins_code | hosp_lv
H1 | 2
mi_price_limit
med_list_codg | hosp_lv | pric | start_date
PANEL | 2 | 45 | 2020-01-01
"""


def bill(*lines: str, of: str = VISIT) -> str:
    """day | code | quantity | amount | bearer"""
    return of + FEES + "\n".join(f"S1 | {line}" for line in lines) + "\n"


A, B, REST = "2023-05-01 | A | 1 | 30 | 1", "2023-05-01 | B | 1 | 30 | 1", \
    "2023-05-01 | TREAT | 1 | 40 | 1"
PANELS = (
    Case(
        T("组成合计高于组套价", "Parts dearer than the panel: the difference"),
        bill(A, B, REST) + PAIRS + PRICE,
        "H1 | P1 | V1 | PANEL | 2023-05-01 | clue | | 9.00 | 3.00 | M", untested=(),
    ),
    Case(
        T("差额合起来只取整一次", "The difference is rounded once, not once a part"),
        bill(A, B, REST) + PAIRS + PRICE.replace("45", "59.95"),
        "H1 | P1 | V1 | PANEL | 2023-05-01 | clue | | 0.03 | 0.01 | M",
    ),
    Case(
        T("合计等于组套价", "As dear as the panel"),
        bill(A, B, REST) + PAIRS + PRICE.replace("45", "60"), "none",
    ),
    Case(T("缺一组成", "A part is missing"), bill(A, REST) + PAIRS + PRICE, "none"),
    Case(
        T("组成不同日", "Parts on two days"),
        bill(A, B.replace("05-01", "05-02"), REST) + PAIRS + PRICE, "none",
    ),
    Case(
        T("第三项仍属组成", "A third part is still valid"),
        bill(A, B, REST) + PAIRS.replace("2022-12-31", "") + PRICE, "none",
    ),
    Case(
        T("各两次按两个组套", "Two of each are two panels"),
        bill(A.replace("| 1 | 30", "| 2 | 60"), B.replace("| 1 | 30", "| 2 | 40")) + PAIRS + PRICE,
        "H1 | P1 | V1 | PANEL | 2023-05-01 | clue | | 6.00 | 2.00 | M",
    ),
    Case(
        T("无限价按最高收费", "No limit: the highest price charged"),
        bill(A, B, REST) + PAIRS + HEAD + "S9 | V9 | P9 | H9 | 11 | 2023-02-01 | 60 | 20 | 100\n"
        + FEES + "S9 | 2023-02-01 | PANEL | 1 | 50 | 1\n",
        "H1 | P1 | V1 | PANEL | 2023-05-01 | clue | | 6.00 | 2.00 | M",
    ),
    Case(T("组套无价不检验", "No price at all"), bill(A, B, REST) + PAIRS, "none"),
    Case(
        T("冲销", "Reversed"), bill(A, B, REST) + PAIRS + PRICE + reversal(),
        "H1 | P1 | V1 | PANEL | 2023-05-01 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("一项由科研承担", "One part is borne by research"),
        bill(A, B.replace("| 1\n", "| 2\n")[:-1] + "2", REST) + PAIRS + PRICE,
        "H1 | P1 | V1 | PANEL | 2023-05-01 | excluded | RESEARCH_FUNDED | 0.00 | 0.00 |",
    ),
)

G1, G2 = "2023-05-01 | G1 | 1 | 10 | 1", "2023-05-01 | G2 | 1 | 30 | 1"
METHODS = (
    Case(
        T("同日两种方法, 计较贵者", "Two methods: the dearer"), bill(G1, G2, REST),
        "H1 | P1 | V1 | GLU | 2023-05-01 | clue | | 22.50 | 7.50 | M", untested=(),
    ),
    Case(T("两日", "Two days"), bill(G1, G2.replace("05-01", "05-02"), REST), "none"),
    Case(T("同一方法两项", "Two items of one method"), bill(G1, G1.replace("G1", "G3")), "none"),
    Case(
        T("三种方法取最贵", "Of three the dearest"),
        bill(G1, G2, "2023-05-01 | G3 | 1 | 60 | 1"),
        "H1 | P1 | V1 | GLU | 2023-05-01 | clue | | 36.00 | 12.00 | M",
    ),
    Case(
        T("冲销", "Reversed"), bill(G1, G2, REST) + reversal(),
        "H1 | P1 | V1 | GLU | 2023-05-01 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("较便宜者由科研承担", "The cheaper is borne by research"),
        bill(G1[:-1] + "2", G2, REST),
        "H1 | P1 | V1 | GLU | 2023-05-01 | excluded | RESEARCH_FUNDED | 0.00 | 0.00 |",
    ),
)

LOG = "mi_lab_log\nreport_id | fixmedins_code | system | med_list_codg | exam_time | cnt\n"


def log(count: int, code: str = "A", month: str = "2023-05") -> str:
    return LOG + "".join(
        f"L{n} | H1 | LIS | {code} | {month}-{n % 28 + 1:02d} |\n" for n in range(count)
    )


FOUR = bill("2023-05-02 | A | 3 | 75 | 1", "2023-05-30 | A | 1 | 25 | 1")
LOGS = (
    Case(
        T("少一份报告", "One report short"), FOUR + log(3),
        "H1 | A | 2023-05 | clue | | 15.00 | 5.00 | M", untested=(),
    ),
    Case(T("相等", "As many"), FOUR + log(4), "none"),
    Case(
        T("一条报告记数量四", "One row reports four"),
        FOUR + LOG + "L1 | H1 | LIS | A | 2023-05-02 | 4\n", "none",
    ),
    Case(T("当月日志未报送", "No log of that month"), FOUR + log(3, month="2023-04"), "none"),
    Case(
        T("冲销", "Reversed"), FOUR + log(3) + reversal(),
        "H1 | A | 2023-05 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("一项由科研承担", "One is borne by research"),
        FOUR.replace("| 25 | 1", "| 25 | 2") + log(3),
        "H1 | A | 2023-05 | excluded | RESEARCH_FUNDED | 0.00 | 0.00 |",
    ),
)

HUNDRED = bill("2023-05-02 | A | 90 | 90 | 1", "2023-06-30 | A | 10 | 10 | 1")
STOCK = "mi_stock\nfixmedins_code | med_list_codg | start_date | end_date | line_no | open_cnt " \
    "| purc_cnt | close_cnt | stock_unit | pack_factor\n"


def stock(opened: str, bought: str, closed: str, *, unit: str = "盒", factor: str = "40") -> str:
    return STOCK + f"H1 | A | 2023-04-01 | 2023-06-30 | 1 | {opened} | {bought} | {closed} " \
        f"| {unit} | {factor}\n"  # fmt: skip


E = "H1 | A | 2023Q2 | clue | | 12.00 | 4.00 | M"
REAGENTS = (
    Case(T("只够八十", "Enough for eighty"), HUNDRED + stock("0", "2", "0"), E, untested=()),
    Case(T("恰为九成", "Exactly nine tenths"), HUNDRED + stock("10", "2", "0"), "none"),
    Case(
        T("期初期末按账面", "Opening and closing as in the book"), HUNDRED + stock("15", "2", "6"),
        "H1 | A | 2023Q2 | clue | | 6.60 | 2.20 | M",
    ),
    Case(
        T("多行购进, 期初期末各读一次", "Several lines: opening and closing are read once"),
        HUNDRED + STOCK
        + "H1 | A | 2023-04-01 | 2023-06-30 | 2 | | 1 | 5 | 盒 | 40\n"
        + "H1 | A | 2023-04-01 | 2023-06-30 | 1 | 5 | 1 | 5 | 盒 | 40\n", E,
    ),
    Case(
        T("逐月台账", "Books by the month"),
        HUNDRED + STOCK
        + "H1 | A | 2023-06-01 | 2023-06-30 | 1 | 3 | 1 | 2 | 盒 | 40\n"
        + "H1 | A | 2023-05-01 | 2023-05-31 | 1 | 2 | 1 | 3 | 盒 | 40\n", E,
    ),
    Case(
        T("台账只到五月, 六月收费不比", "The book ends in May, so do the charges"),
        HUNDRED + STOCK + "H1 | A | 2023-04-01 | 2023-05-31 | 1 | 1 | 2 | 0 | 盒 | 40\n", "none",
    ),
    Case(T("无台账不检验", "Not in the book"), HUNDRED, "none"),
    Case(
        T("单位不同又无系数", "Another unit and no factor"),
        HUNDRED + stock("0", "2", "0", factor=""), "none",
    ),
    Case(
        T("单位相同无需系数", "The item's own unit needs none"),
        HUNDRED + stock("0", "80", "0", unit="", factor=""), E,
    ),
    Case(
        T("冲销", "Reversed"), HUNDRED + stock("0", "2", "0") + reversal(),
        "H1 | A | 2023Q2 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("部分由科研承担", "A part is borne by research"),
        HUNDRED.replace("| 90 | 1", "| 90 | 2").replace("| 10 | 10 |", "| 80 | 10 |")
        + stock("0", "2", "0"),
        "H1 | A | 2023Q2 | excluded | RESEARCH_FUNDED | 0.00 | 0.00 |",
    ),
)


def years(before: int, now: int, *, bear: str = "1", month: str = "2022-05") -> str:
    bills = HEAD + f"S0 | V0 | P2 | H1 | 11 | {month}-03 | 60 | 20 | 100\n" \
        "S1 | V1 | P1 | H1 | 11 | 2023-05-01 | 60 | 20 | 100\n"  # fmt: skip
    return ITEMS + bills + FEES + (
        f"S0 | {month}-03 | A | {before} | 100 | 1\nS1 | 2023-05-01 | A | {now} | 100 | {bear}\n"
    )


GROWTH = (
    Case(
        T("恰为三倍", "Exactly three times"), years(50, 150),
        "H1 | A | 2023-05 | clue | | 40.00 | 13.33 | M", untested=(),
    ),
    Case(T("不足三倍", "Just less"), years(50, 149), "none"),
    Case(T("去年不足五十", "Fewer than fifty the year before"), years(49, 500), "none"),
    Case(T("去年另一个月", "Another month of last year"), years(50, 150, month="2022-06"), "none"),
    Case(
        T("冲销", "Reversed"), years(50, 150) + reversal(),
        "H1 | A | 2023-05 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("科研承担", "Borne by research"), years(50, 150, bear="2"),
        "H1 | A | 2023-05 | excluded | RESEARCH_FUNDED | 0.00 | 0.00 |",
    ),
)


def of(letter: str, cases: tuple[Case, ...]) -> list[Any]:
    return [pytest.param(letter, cases, c, id=f"{letter}-{c.title.zh}") for c in cases]


ALL = [
    *of("a", SETS), *of("b", PANELS), *of("c", METHODS), *of("d", LOGS), *of("e", REAGENTS),
    *of("f", GROWTH),
]  # fmt: skip


@pytest.mark.parametrize(("letter", "cases", "case"), ALL)
def test_laboratory(letter: str, cases: tuple[Case, ...], case: Case, engine: Any) -> None:
    check(cases, case, laboratory, engine, rule=letter)


SPECIFIED = (
    laboratory,
    {"a": SETS, "b": PANELS, "c": METHODS, "d": LOGS, "e": REAGENTS, "f": GROWTH},
)
