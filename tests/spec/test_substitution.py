"""MI-22 by cases."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.substitution import substitution
from tests.spec.harness import Case, check


def billed(
    *lines: str, names: str = "item_name | medins_list_codg", place: str = "H1"
) -> str:
    """Each "day code price name list_type": a settlement of one unit, paid by the account."""
    settlements, fees = [], []
    for n, line in enumerate(lines, 1):
        day, code, price, *more = line.split()
        name, kind = (*more, *("", "drug")[len(more):])
        settlements.append(f"S{n} | V{n} | P{n} | {place} | 2023-{day} | {price}")
        fees.append(f"S{n} | 2023-{day} | {code} | {price} | {price} | {name} | | {kind}")
    return "\n".join(
        [
            "mi_settlement",
            "setl_id | mdtrt_id | certno | fixmedins_code | begntime | acct_pay",
            *settlements,
            "mi_fee",
            f"setl_id | fee_ocur_time | med_list_codg | pric | det_item_fee_sumamt | {names} "
            "| list_type",
            *fees,
            "",
        ]
    )


def stock(*lines: str) -> str:
    """Each "code start end opening bought price reimbursable"."""
    head = (
        "mi_stock\nmed_list_codg | fixmedins_code | start_date | end_date | open_cnt | purc_cnt "
        "| purc_pric | reimb_flag | close_cnt"
    )
    rows = []
    for line in lines:
        code, start, end, opened, bought, price, paid = line.split()
        rows.append(f"{code} | H1 | {start} | {end} | {opened} | {bought} | {price} | {paid} | 0")
    return "\n".join([head, *rows, ""])


SOAP = "SOAP 2023-04-01 2023-06-30 0 100 100 0"
CLUE = "H1 | DRUG | 2023Q2 | clue | | 0.00 | 100.00 | M"
ONE = billed("05-10 DRUG 100")


def reversal(number: int, amount: int, day: str = "2023-05-20") -> str:
    return f"""
    mi_settlement
    setl_id | mdtrt_id | certno | fixmedins_code | begntime | medfee_sumamt | acct_pay \
| init_setl_id
    R{number} | V{number} | P{number} | H1 | {day} | -{amount} | -{amount} | S{number}
    """


UNBOUGHT = (
    Case(T("结算品种从未购进, 购进同价自费商品", "Never bought, while soap of that price was"),
         ONE + stock(SOAP), CLUE, untested=()),
    Case(T("价格恰低一成", "Exactly a tenth cheaper"), ONE + stock(SOAP.replace("100 0", "90 0")),
         CLUE),
    Case(T("价格低过一成", "More than a tenth cheaper"),
         ONE + stock(SOAP.replace("100 0", "89.9999 0")), "none"),
    Case(T("价格恰高一成", "Exactly a tenth dearer"), ONE + stock(SOAP.replace("100 0", "110 0")),
         CLUE),
    Case(T("可报销的商品", "Goods that are reimbursed"),
         ONE + stock(SOAP.replace("100 0", "100 1")), "none"),
    Case(T("只有期初而未购进的自费商品", "Soap that was only in stock"),
         ONE + stock(SOAP.replace("0 100 100", "9 0 100")), "none"),
    Case(T("有购进", "Bought within the twelve months"),
         ONE + stock(SOAP, "DRUG 2022-07-01 2022-09-30 0 1 80 1"), "none"),
    Case(T("有期初库存", "In stock at the start of a period"),
         ONE + stock(SOAP, "DRUG 2023-04-01 2023-06-30 1 0 80 1"), "none"),
    Case(T("购进早于十二个月", "Bought before the twelve months"),
         ONE + stock(SOAP, "DRUG 2022-04-01 2022-06-30 0 1 80 1"), CLUE),
    Case(T("自费商品购进早于十二个月", "Soap bought before the twelve months"),
         ONE + stock("SOAP 2022-04-01 2022-06-30 0 100 100 0"), "none"),
    Case(T("诊疗项目没有购进之说", "Service items are not bought"),
         billed("05-10 DRUG 100 x item") + stock(SOAP), "none"),
    Case(T("两季各一", "Two quarters are two facts"),
         billed("05-10 DRUG 100", "07-10 DRUG 100") + stock(SOAP),
         CLUE + "\nH1 | DRUG | 2023Q3 | clue | | 0.00 | 100.00 | M"),
    Case(T("冲销", "Reversed"), ONE + stock(SOAP) + reversal(1, 100),
         "H1 | DRUG | 2023Q2 | excluded | REVERSED | 0.00 | 0.00 |"),
)

CODES = "DA DA DA DB DB DB DC DC DC"


def priced(prices: str = "7 " * 9, codes: str = CODES, day: str = "05-10") -> str:
    pairs = zip(codes.split(), prices.split(), strict=True)
    return billed(*(f"{day} {code} {price}" for code, price in pairs))


ONE_BILL = "\n".join(
    [
        "mi_settlement",
        "setl_id | mdtrt_id | certno | fixmedins_code | begntime | acct_pay",
        *(f"S{n} | V{n} | P{n} | H1 | 2023-05-10 | 1" for n in (1, 2, 3)),
        "mi_fee",
        "setl_id | fee_ocur_time | med_list_codg | pric | det_item_fee_sumamt | list_type",
        *(f"S{n} | 2023-05-10 | {c} | 7 | 7 | drug" for n in (1, 2, 3) for c in ("DA", "DB", "DC")),
        "",
    ]
)
"""Three bills of one yuan each, of three drugs that cost the same."""

SAME = "H1 | 7.0000 | 2023-05 | clue | | 0.00 | 63.00 | M"

PRICES = (
    Case(T("三种药品同价各三次", "Three substances at one price, three times each"), priced(), SAME,
         untested=()),
    Case(T("一种只有两次", "One of them only twice"), priced("7 " * 8, CODES[:-3]), "none"),
    Case(T("两种", "Two substances"), priced("7 " * 9, "DA DA DA DB DB DB DB DB DB"), "none"),
    Case(T("第四位小数不同", "Another fourth place"),
         priced("7 7 7 7 7 7 7.0001 7.0001 7.0001"), "none"),
    Case(T("同一通用名的三个代码", "Three codes of one substance"),
         priced("7 " * 9, CODES.replace("D", "ABCDEFGHIJKLMNOP")), "none"),
    Case(
        T("分在两个月", "Spread over two months"),
        billed(*(f"0{5 + n % 2}-10 {c} 7" for n, c in enumerate(CODES.split()))), "none",
    ),
    Case(
        T("同类项目不算不同", "Items of one kind are not unlike"),
        billed(*(f"05-10 {c} 7 x item" for c in CODES.split())) + """
        mi_catalogue
        med_list_codg | list_type | kind
        DA            | item      | lab
        DB            | item      | lab
        DC            | item      | exam
        """,
        "none",
    ),
    Case(
        T("三类项目同价", "Items of three kinds"),
        billed(*(f"05-10 {c} 7 x item" for c in CODES.split())) + """
        mi_catalogue
        med_list_codg | list_type | kind
        DA            | item      | lab
        DB            | item      | treat
        DC            | item      | exam
        """,
        SAME,
    ),
    Case(T("冲销其中一次", "One of them reversed"), priced() + reversal(1, 7),
         "H1 | 7.0000 | 2023-05 | excluded | REVERSED | 0.00 | 0.00 |"),
    Case(T("冲销多出的一次", "One too many reversed"),
         priced("7 " * 10, CODES + " DA") + reversal(1, 7),
         SAME.replace("clue | |", "clue | REVERSED |")),
    Case(T("一次结算, 份额合并舍入", "One bill: the part is rounded once"), ONE_BILL,
         "H1 | 7.0000 | 2023-05 | clue | | 0.00 | 3.00 | M"),
    Case(
        T("冲销后两个规格各不足三次", "After reversals two forms make three only together"),
        priced(
            "7 " * 12,
            " ".join(["ABCDEFGHIJKLMNDA"] * 3 + ["ABCDEFGHIJKLMNDX"] * 3)
            + " DB DB DB DC DC DC",
        )
        + reversal(1, 7) + reversal(4, 7) + reversal(5, 7),
        "H1 | 7.0000 | 2023-05 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

GOODS = """
mi_code_list
list        | code       | start_date | end_date
daily_goods | washpowder | 2020-01-01 |
daily_goods | L9         | 2020-01-01 |
daily_goods | oldsoap    | 2020-01-01 | 2022-12-31
"""


def named(name: str) -> str:
    return billed(f"05-10 DRUG 30 {name}") + GOODS


DAILY = "H1 | 2023-05 | clue | | 0.00 | 30.00 | M"

GOODS_CASES = (
    Case(T("日用品由账户支付", "Washing powder paid by an account"), named("washpowder5kg"), DAILY,
         untested=()),
    Case(T("名单外的名称", "A name that is not listed"), named("aspirin"), "none"),
    Case(T("名单已失效", "No longer listed"), named("oldsoap"), "none"),
    Case(T("院内编码在名单内", "A local code of the list"),
         named("L99").replace("item_name | medins_list_codg", "medins_list_codg | item_name"),
         DAILY),
    Case(T("只由现金支付", "Paid in cash alone"),
         named("washpowder").replace("| 2023-05-10 | 30\nmi_fee", "| 2023-05-10 | 0\nmi_fee"),
         "none"),
    Case(T("冲销", "Reversed"), named("washpowder") + reversal(1, 30),
         "H1 | 2023-05 | excluded | REVERSED | 0.00 | 0.00 |"),
)


@pytest.mark.parametrize("case", UNBOUGHT, ids=lambda c: c.title.en)
def test_no_purchase(case: Case, engine: Any) -> None:
    check(UNBOUGHT, case, substitution, engine, rule="a")


@pytest.mark.parametrize("case", PRICES, ids=lambda c: c.title.en)
def test_one_price(case: Case, engine: Any) -> None:
    check(PRICES, case, substitution, engine, rule="b")


@pytest.mark.parametrize("case", GOODS_CASES, ids=lambda c: c.title.en)
def test_daily_goods(case: Case, engine: Any) -> None:
    check(GOODS_CASES, case, substitution, engine, rule="c")


SPECIFIED = (substitution, {"a": UNBOUGHT, "b": PRICES, "c": GOODS_CASES})
