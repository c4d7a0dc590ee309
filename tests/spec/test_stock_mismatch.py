"""MI-21 by cases."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.stock_mismatch import stock_mismatch
from tests.spec.harness import Case, check


def sold(count: str, *, day: str = "2023-05-10", unit: str = "", money: str = "2400") -> str:
    return f"""
    mi_settlement
    setl_id | certno | begntime   | fund_pay_sumamt
    S1      | P1     | {day} | {money}
    mi_fee
    setl_id | fee_ocur_time | cnt | unit | det_item_fee_sumamt
    S1      | {day}    | {count} | {unit} | {money}
    """


def book(
    opened: str = "100", bought: str = "900", closed: str = "50", more: str = "", cells: str = ""
) -> str:
    head = "med_list_codg | fixmedins_code | start_date | end_date"
    head += " | open_cnt | purc_cnt | close_cnt"
    row = f"DRUG | H1 | 2023-04-01 | 2023-06-30 | {opened} | {bought} | {closed}"
    return f"mi_stock\n{head}{more}\n{row}{cells}\n"


def packs(until: str = "") -> str:
    """The catalogue counts boxes, of thirty tablets."""
    return f"""
    mi_catalogue
    med_list_codg | unit
    DRUG          | box
    mi_drug
    med_list_codg | start_date | end_date | dose_per_unit | max_daily_dose | unit_per_pack
    DRUG          | 2020-01-01 | {until}  | 1             | 1              | 30
    """


def clue(excess: str) -> str:
    return f"H1 | DRUG | 2023-04-01 | clue | | {excess} | 0.00 | H"


def excluded(code: str, outcome: str = "excluded") -> str:
    return f"H1 | DRUG | 2023-04-01 | {outcome} | {code} | 0.00 | 0.00 |"


def taken(
    day: str, before_end: str, after_end: str = "0", more: str = "", cells: str = ""
) -> str:
    """1,200 boxes in all, `before_end` of them on the last day, and some after it."""
    first = 1200 - int(before_end)
    return f"""
    mi_settlement
    setl_id | certno | begntime   | fund_pay_sumamt
    S1      | P1     | 2023-05-10 | 10
    S2      | P2     | 2023-06-30 | 10
    S3      | P3     | 2023-07-02 | 10
    mi_fee
    setl_id | fee_ocur_time | cnt | det_item_fee_sumamt
    S1      | 2023-05-10    | {first} | 10
    S2      | 2023-06-30    | {before_end} | 10
    S3      | 2023-07-02    | {after_end} | 10
    """ + book(more=" | stocktake_date" + more, cells=f" | {day}" + cells)


LINES = """
mi_stock
med_list_codg | fixmedins_code | line_no | start_date | end_date | open_cnt | purc_cnt | close_cnt
DRUG          | H1             | 1       | 2023-04-01 | 2023-06-30 | 100 | 400 | 50
DRUG          | H1             | 2       | 2023-04-01 | 2023-06-30 | 100 | 500 | 50
"""
RETURNED = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | begntime   | medfee_sumamt | init_setl_id
R1      | V1       | P1     | H1             | 2023-05-20 | -{money}      | S1
mi_fee
setl_id | fee_ocur_time | cnt | unit | det_item_fee_sumamt
R1      | 2023-05-20    | -{count} | | -{money}
"""

CASES = (
    Case(T("超出二百五十盒", "250 boxes more than could be sold"), sold("1200") + book(),
         clue("500.00"), untested=()),
    Case(T("超出恰为五盒", "Exactly five units"), sold("55") + book("0", "50", "0"), "none"),
    Case(T("超出六盒", "Six units"), sold("56") + book("0", "50", "0"), clue("257.14")),
    Case(T("恰为百分之三", "Exactly three per cent"), sold("1000") + book("0", "970", "0"),
         "none"),
    Case(T("超过百分之三", "Over three per cent"), sold("1000") + book("0", "969.9", "0"),
         clue("72.24")),
    Case(T("期间外的销售", "Sold after the period"), sold("1200", day="2023-07-01") + book(),
         "none"),
    Case(T("期间首末日在内", "Sold on the last day"), sold("1200", day="2023-06-30") + book(),
         clue("500.00")),
    Case(T("多次购进只读一次期初期末", "Several purchases: both ends are read once"),
         sold("1200") + LINES, clue("500.00")),
    Case(T("台账无此品种则不检验", "No stock row: not tested"),
         sold("1200") + book().replace("DRUG |", "OTHER |"), "none"),
    Case(T("另一机构的台账", "Another institution's book"),
         sold("1200") + book().replace("| H1 |", "| H2 |"), "none"),
    Case(
        T("按包装系数折算", "Tablets by the pack factor"),
        sold("36000", unit="tablet") + book(more=" | stock_unit | pack_factor",
                                            cells=" | box | 30"),
        clue("500.00"),
    ),
    Case(
        T("折算后不超", "Tablets that the stock covers"),
        sold("28500", unit="tablet") + book(more=" | stock_unit | pack_factor",
                                            cells=" | box | 30"),
        "none",
    ),
    Case(
        T("按药品目录的包装系数折算", "Tablets by the pack of the register of drugs"),
        sold("36000", unit="tablet") + book(more=" | stock_unit", cells=" | box") + packs(),
        clue("500.00"),
    ),
    Case(
        T("台账的系数优先", "The book's own factor goes first"),
        sold("36000", unit="tablet")
        + book(more=" | stock_unit | pack_factor", cells=" | box | 60") + packs(),
        "none",
    ),
    Case(
        T("期末日药品目录已失效", "The register's row was over at the end of the period"),
        sold("36000", unit="tablet") + book(more=" | stock_unit", cells=" | box")
        + packs(until="2023-06-29"),
        excluded("NO_PACK_FACTOR", "data_correction"),
    ),
    Case(
        T("单位不同且无系数转更正", "Other unit without a factor is to be corrected"),
        sold("36000", unit="tablet") + book(more=" | stock_unit", cells=" | box"),
        excluded("NO_PACK_FACTOR", "data_correction"),
    ),
    Case(T("有单据的调拨", "A documented transfer"),
         sold("1200") + book(more=" | transfer_cnt | transfer_doc", cells=" | 250 | D1"),
         excluded("CAMPUS_TRANSFER")),
    Case(T("调拨不足以抵销", "A transfer that is too small"),
         sold("1200") + book(more=" | transfer_cnt | transfer_doc", cells=" | 200 | D1"),
         clue("100.00")),
    Case(T("调拨与捐赠合计才足够", "A transfer and a gift that only together suffice"),
         sold("1200") + book(more=" | transfer_cnt | transfer_doc | donated_cnt",
                             cells=" | 150 | D1 | 100"),
         excluded("DONATED")),
    Case(T("无单据的调拨", "A transfer without a document"),
         sold("1200") + book(more=" | transfer_cnt | transfer_doc", cells=" | 250 | "),
         clue("500.00")),
    Case(T("捐赠", "Donated goods"), sold("1200") + book(more=" | donated_cnt", cells=" | 250"),
         excluded("DONATED")),
    Case(T("捐赠不足以抵销", "A gift that is too small"),
         sold("1200") + book(more=" | donated_cnt", cells=" | 10"), clue("480.00")),
    Case(T("捐赠之余由盘点日解释", "A gift and a stocktake that only together suffice"),
         taken("2023-06-29", "150", more=" | donated_cnt", cells=" | 100"),
         excluded("STOCKTAKE_OFFSET")),
    Case(T("盘点提前一天, 当日销售可解释", "Stock taken a day early"),
         taken("2023-06-29", "250"), excluded("STOCKTAKE_OFFSET")),
    Case(T("期间销售不足以解释", "Too little was sold between"), taken("2023-06-29", "249"),
         "H1 | DRUG | 2023-04-01 | clue"),
    Case(T("盘点推迟两天", "Stock taken two days late"), taken("2023-07-02", "0", "250"),
         excluded("STOCKTAKE_OFFSET")),
    Case(T("盘点提前四天", "Stock taken four days early"), taken("2023-06-26", "250"),
         "H1 | DRUG | 2023-04-01 | clue"),
    Case(T("期末日盘点", "Stock taken on the last day"), taken("2023-06-30", "250"),
         "H1 | DRUG | 2023-04-01 | clue"),
    Case(T("全部冲销", "Wholly reversed"),
         sold("1200") + RETURNED.format(count=1200, money=2400) + book(), excluded("REVERSED")),
    Case(T("部分退药后仍超", "A part returned, still too much"),
         sold("1200") + RETURNED.format(count=100, money=200) + book(), clue("300.00")),
    Case(T("部分退药后不超", "A part returned, and the book agrees"),
         sold("1200") + RETURNED.format(count=240, money=480) + book(), excluded("REVERSED")),
)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, stock_mismatch, engine)


SPECIFIED = (stock_mismatch, {"": CASES})
