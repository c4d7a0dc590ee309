"""MI-14 by cases: one visit of P1 at H1, charged too much, too often, too dearly."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.overcharging import overcharging
from tests.spec.harness import Case, check

VISIT = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | endtime | fund_pay_sumamt \
| acct_pay | medfee_sumamt
S1 | V1 | P1 | H1 | 21 | 2023-05-01 | 2023-05-10 | 600 | 200 | 1000
mi_inpatient
mdtrt_id | adm_time   | dscg_time
V1       | 2023-05-01 | 2023-05-10
"""
OUTPATIENT = VISIT.split("mi_inpatient")[0].replace("| 21 |", "| 11 |")
FEES = """
mi_fee
setl_id | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt
"""


def bill(*lines: str, of: str = VISIT, columns: str = "") -> str:
    """The visit with its lines: day | code | quantity | amount [| further columns]."""
    head = FEES.strip("\n") + (f" | {columns}" if columns else "")
    return of + head + "\n" + "\n".join(f"S1 | {line}" for line in lines) + "\n"


def catalogue(*rows: str) -> str:
    """code | kind | max_per_day | max_per_stay | hour_item"""
    head = "med_list_codg | kind | max_per_day | max_per_stay | hour_item"
    return "\n".join(("mi_catalogue", head, *rows, ""))


REVERSAL = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt | acct_pay \
| medfee_sumamt | init_setl_id
R1 | V1 | P1 | H1 | 21 | 2023-05-01 | -600 | -200 | -1000 | S1
"""
DAILY = catalogue("X | treat | 2 | | 0")
REST = "2023-05-03 | Z | 1 | 700"

DAY = (
    Case(
        T("恰好日最大", "Exactly the most a day"),
        bill("2023-05-02 | X | 2 | 200", REST) + DAILY, "none",
    ),
    Case(
        T("超一份, 按超出份额分摊", "One too many, a third of the lines"),
        bill("2023-05-02 | X | 3 | 300", REST) + DAILY,
        "H1 | P1 | V1 | X | 2023-05-02 | clue | | 60.00 | 20.00 | M", untested=(),
    ),
    Case(
        T("同日两行合计", "Two lines of one day add up"),
        bill("2023-05-02 | X | 1.5 | 150", "2023-05-02 | X | 1.5 | 150", REST) + DAILY,
        "H1 | P1 | V1 | X | 2023-05-02 | clue | | 60.00 | 20.00 | M",
    ),
    Case(
        T("两日不相加", "Two days do not add up"),
        bill("2023-05-02 | X | 2 | 200", "2023-05-03 | X | 2 | 200") + DAILY, "none",
    ),
    Case(
        T("以政策范围金额分摊", "The part is by amounts within the fund's scope"),
        bill(
            "2023-05-02 | X | 4 | 400 | 100", "2023-05-03 | Z | 1 | 600 | 300",
            columns="fund_scope_amt",
        ) + DAILY,
        "H1 | P1 | V1 | X | 2023-05-02 | clue | | 75.00 | 25.00 | M",
    ),
    Case(
        T("限量在当日尚未生效", "The limit was not yet in force"),
        bill("2023-05-02 | X | 3 | 300", REST) + """
        mi_catalogue
        med_list_codg | kind  | max_per_day | start_date
        X             | treat | 2           | 2023-05-03
        """,
        "none",
    ),
    Case(
        T("限量已改, 前一版无结束日期", "A later limit ends the one before"),
        bill("2023-05-02 | X | 3 | 300", REST) + """
        mi_catalogue
        med_list_codg | kind  | max_per_day | start_date
        X             | treat | 2           | 2020-01-01
        X             | treat | 3           | 2023-05-02
        """,
        "none",
    ),
    Case(
        T("无限量不检验", "No limit, no test"),
        bill("2023-05-02 | X | 30 | 300") + catalogue("X | treat | | | 0"), "none",
    ),
    Case(
        T("全部冲销", "Reversed"), bill("2023-05-02 | X | 3 | 300", REST) + DAILY + REVERSAL,
        "H1 | P1 | V1 | X | 2023-05-02 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("部分冲销后不超", "What a part reversal takes back does not count"),
        bill("2023-05-02 | X | 3 | 300", REST) + DAILY + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt \
| medfee_sumamt | init_setl_id
        R1 | V1 | P1 | H1 | 21 | 2023-05-01 | -60 | -100 | S1
        mi_fee
        setl_id | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt
        R1      | 2023-05-02    | X             | -1  | -100
        """,
        "none",
    ),
    Case(
        T("证件错号经修复关联", "The number is repaired"),
        bill("2023-05-02 | X | 3 | 300", REST, of=VISIT.replace("| P1 |", "| |")) + DAILY + """
        links
        row             | person
        mi_settlement:1 | P1
        """,
        "H1 | P1 | V1 | X | 2023-05-02 | clue", confirm=True,
    ),
)

BEDS = catalogue("BED | bed | | | 0", "Y | treat | | 3 | 0")
STAY = (
    Case(
        T("九夜十一床日, 超一日", "Eleven bed days for nine nights"),
        bill("2023-05-01 | BED | 11 | 550", "2023-05-01 | Z | 1 | 450") + BEDS,
        "H1 | P1 | V1 | BED | clue | | 30.00 | 10.00 | M", untested=(),
    ),
    Case(
        T("床日超限而已冲销", "Too many bed days, reversed"),
        bill("2023-05-01 | BED | 11 | 550", "2023-05-01 | Z | 1 | 450") + BEDS + REVERSAL,
        "H1 | P1 | V1 | BED | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("九夜十床日", "Ten bed days for nine nights"),
        bill("2023-05-01 | BED | 10 | 550") + BEDS, "none",
    ),
    Case(
        T("参数: 不得多于夜数", "No day beyond the nights"),
        bill("2023-05-01 | BED | 10 | 500", "2023-05-01 | Z | 1 | 500") + BEDS,
        "H1 | P1 | V1 | BED | clue | | 30.00 | 10.00 | M", params={"bed_extra_days": "0"},
    ),
    Case(
        T("次最大, 跨日合计", "More than the most a stay, over days"),
        bill("2023-05-01 | Y | 2 | 200", "2023-05-08 | Y | 2 | 200", "2023-05-03 | Z | 1 | 600")
        + BEDS,
        "H1 | P1 | V1 | Y | clue | | 60.00 | 20.00 | M",
    ),
    Case(T("恰好次最大", "Exactly the most"), bill("2023-05-01 | Y | 3 | 300") + BEDS, "none"),
    Case(
        T("门诊不是住院", "An outpatient visit is no stay"),
        bill("2023-05-01 | Y | 9 | 300", of=OUTPATIENT) + BEDS, "none",
    ),
    Case(
        T("当日出入院两床日", "Two bed days of a stay without a night"),
        bill(
            "2023-05-01 | BED | 2 | 100", "2023-05-01 | Z | 1 | 900",
            of=VISIT.replace("2023-05-10", "2023-05-01"),
        ) + BEDS,
        "H1 | P1 | V1 | BED | clue | | 30.00 | 10.00 | M",
    ),
    Case(
        T("冲销后重新结算不重复计", "Reversed and billed again is charged once"),
        bill("2023-05-01 | BED | 10 | 500") + BEDS + REVERSAL + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | endtime | acct_pay
        S2 | V1 | P1 | H1 | 21 | 2023-05-01 | 2023-05-10 | 500
        mi_fee
        setl_id | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt
        S2      | 2023-05-01    | BED           | 10  | 500
        """,
        "none",
    ),
)

LIMITS = """
mi_institution
fixmedins_code | hosp_lv
H1             | 2
mi_price_limit
med_list_codg | hosp_lv | pric | start_date | end_date
K             | 2       | 80   | 2020-01-01 |
K             | 3       | 90   | 2020-01-01 |
"""
CHANGED = """
mi_institution
fixmedins_code | hosp_lv
H1             | 2
mi_price_limit
med_list_codg | hosp_lv | pric | start_date | end_date
K             | 2       | {old}  | 2020-01-01 | {end}
K             | 2       | {new}  | {day} |
"""
OVER_PRICE = "H1 | P1 | V1 | K | clue | | 24.00 | 8.00 | M"


def changed(old: int, new: int, day: str, end: str = "") -> str:
    return CHANGED.format(old=old, new=new, day=day, end=end)


def priced(price: str, day: str = "2023-05-02") -> str:
    return bill(
        f"{day} | K | 2 | 200 | {price}", "2023-05-03 | Z | 1 | 800 |", columns="pric"
    )


PRICE = (
    Case(T("高于限价", "Above the limit"), priced("100") + LIMITS, OVER_PRICE, untested=()),
    Case(T("恰好限价", "At the limit"), priced("80") + LIMITS, "none"),
    Case(
        T("高出万分之一元", "A ten-thousandth above"), priced("80.0001") + LIMITS,
        "H1 | P1 | V1 | K | clue | | 0.00 | 0.00 | M",
    ),
    Case(
        T("无单价则以金额除以数量", "Without a price it is amount by quantity"),
        priced("") + LIMITS, OVER_PRICE,
    ),
    Case(
        T("他级机构的限价不适用", "Another level's limit does not apply"),
        priced("85") + LIMITS.replace("| 2       | 80", "| 1       | 80"), "none",
    ),
    Case(
        T("住院期间调低, 原价在旧限价内", "Lowered within the stay, the price within the old"),
        priced("100", "2023-05-06") + changed(100, 80, "2023-05-05"),
        "H1 | P1 | V1 | K | excluded | PRICE_CHANGED | 0.00 | 0.00 |",
    ),
    Case(
        T("住院期间调高, 价在新限价内", "Raised within the stay, the price within the new"),
        priced("100", "2023-05-02") + changed(80, 100, "2023-05-05", "2023-05-04"),
        "H1 | P1 | V1 | K | excluded | PRICE_CHANGED | 0.00 | 0.00 |",
    ),
    Case(
        T("调价后仍高于新旧限价", "Above both limits"),
        priced("100", "2023-05-06") + changed(90, 80, "2023-05-05"), OVER_PRICE,
    ),
    Case(
        T("调价在就诊之前", "Changed before the visit"),
        priced("100", "2023-05-06") + changed(100, 80, "2023-04-30"), OVER_PRICE,
    ),
    Case(
        T("调价在入院当日", "Changed on the day of admission"),
        priced("100", "2023-05-06") + changed(100, 80, "2023-05-01"),
        "H1 | P1 | V1 | K | excluded | PRICE_CHANGED | 0.00 | 0.00 |",
    ),
    Case(
        T("冲销", "Reversed"), priced("100") + LIMITS + REVERSAL,
        "H1 | P1 | V1 | K | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

HOURLY = catalogue("O | treat | | | 1")
HOURS = (
    Case(
        T("二十五小时", "Twenty-five hours"),
        bill("2023-05-02 | O | 25 | 250", "2023-05-03 | Z | 1 | 750") + HOURLY,
        "H1 | P1 | V1 | O | 2023-05-02 | clue | | 6.00 | 2.00 | M", untested=(),
    ),
    Case(T("恰好二十四小时", "Twenty-four"), bill("2023-05-02 | O | 24 | 240") + HOURLY, "none"),
    Case(
        T("非按小时项目", "Not charged by the hour"),
        bill("2023-05-02 | O | 25 | 250") + catalogue("O | treat | | | 0"), "none",
    ),
    Case(
        T("参数十二小时", "Twelve hours"),
        bill("2023-05-02 | O | 15 | 150", "2023-05-03 | Z | 1 | 850") + HOURLY,
        "H1 | P1 | V1 | O | 2023-05-02 | clue | | 18.00 | 6.00 | M", params={"hours": "12"},
    ),
    Case(
        T("冲销", "Reversed"), bill("2023-05-02 | O | 25 | 250") + HOURLY + REVERSAL,
        "H1 | P1 | V1 | O | 2023-05-02 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

RULES = {"a": DAY, "b": STAY, "c": PRICE, "f": HOURS}


@pytest.mark.parametrize(
    ("rule", "case"),
    [pytest.param(r, c, id=f"{r} {c.title.en}") for r, cases in RULES.items() for c in cases],
)
def test_case(rule: str, case: Case, engine: Any) -> None:
    check(RULES[rule], case, overcharging, engine, rule)


SPECIFIED = (overcharging, RULES)
