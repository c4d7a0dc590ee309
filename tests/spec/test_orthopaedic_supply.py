"""MI-15 (d), (e), (g) by cases: what an institution bought, and what its peers use."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.orthopaedics import orthopaedics
from tests.spec.harness import Case, check
from tests.spec.test_orthopaedics import CATALOGUE, REVERSAL, bill, excused


def bought(
    *rows: str, head: str = "med_list_codg | start_date | end_date | purc_cnt | purc_pric"
) -> str:
    return "\n".join((
        "mi_stock", f"fixmedins_code | {head} | open_cnt | close_cnt",
        *(f"H1 | {row} | 0 | 0" for row in rows), "",
    ))


def sold(price: str, bear: str = "1") -> str:
    return bill(
        f"S1 | 2023-05-02 | PLATE | 2 | 500 | {price} | {bear}",
        "S1 | 2023-05-03 | Z | 1 | 500 | | 1", columns="pric | bear_type",
    )


QUARTER = "H1 | PLATE | 2023Q2"
DEARER = f"{QUARTER} | clue | | 60.00 | 20.00 | M"
SPRING = "PLATE | 2023-01-01 | 2023-03-31 | 9 | 200"
SUPPLY = (
    Case(T("高于进价", "Above the purchase"), sold("250") + bought(SPRING), DEARER, untested=()),
    Case(T("等于进价", "At the purchase price"), sold("200") + bought(SPRING), "none"),
    Case(
        T("高出万分之一", "A ten-thousandth above"), sold("200.0001") + bought(SPRING),
        f"{QUARTER} | clue | | 0.00 | 0.00 | M",
    ),
    Case(
        T("允许加价四分之一", "A quarter of mark-up allowed"), sold("250") + bought(SPRING), "none",
        params={"markup": "0.25"},
    ),
    Case(
        T("最近一次进价为准", "The last purchase decides"),
        sold("250") + bought(SPRING, "PLATE | 2023-04-01 | 2023-06-30 | 9 | 250"), "none",
    ),
    Case(
        T("收费之后的进价不算", "A later purchase does not count"),
        sold("250") + bought(SPRING, "PLATE | 2023-06-01 | 2023-06-30 | 9 | 250"), DEARER,
    ),
    Case(
        T("未购进的行不是进价", "A line without a purchase sets no price"),
        sold("250") + bought(SPRING, "PLATE | 2023-04-01 | 2023-06-30 | 0 | 250"), DEARER,
    ),
    Case(
        T("以包装系数换算", "Converted by the pack"),
        sold("250") + bought(
            "PLATE | 2023-01-01 | 2023-03-31 | 9 | 2000 | 箱 | 10",
            head="med_list_codg | start_date | end_date | purc_cnt | purc_pric | stock_unit"
            " | pack_factor",
        ),
        DEARER,
    ),
    Case(
        T("单位不同无系数", "Another unit, no pack"),
        sold("250") + bought(
            "PLATE | 2023-01-01 | 2023-03-31 | 9 | 2 | 箱",
            head="med_list_codg | start_date | end_date | purc_cnt | purc_pric | stock_unit",
        ),
        "none",
    ),
    Case(T("未报进价", "No purchase at all"), sold("250"), "none"),
    Case(
        T("免费", "Free"), sold("250", "3") + bought(SPRING),
        excused("FREE_REPLACEMENT", QUARTER),
    ),
    Case(
        T("冲销", "Reversed"), sold("250") + bought(SPRING) + REVERSAL.format(n=1),
        excused("REVERSED", QUARTER),
    ),
)

OTHERS = "CEMENT | 2023-01-01 | 2023-03-31 | 9 | 200"
ABSENT = f"{QUARTER} | clue | | 300.00 | 100.00 | M"
NEVER = (
    Case(T("从未购进", "Never bought"), sold("250") + bought(OTHERS), ABSENT, untested=()),
    Case(T("机构未报任何进销存", "The institution reports nothing"), sold("250"), "none"),
    Case(T("购进过", "Bought"), sold("250") + bought(OTHERS, SPRING), "none"),
    Case(
        T("前第三季度首日", "First day of the third quarter before"),
        sold("250") + bought(OTHERS, "PLATE | 2022-06-01 | 2022-07-01 | 1 | 1"), "none",
    ),
    Case(
        T("四个季度之前", "Before the four quarters"),
        sold("250") + bought(OTHERS, "PLATE | 2022-06-01 | 2022-06-30 | 1 | 1"), ABSENT,
    ),
    Case(
        T("收费之后才有", "Only after the charge"),
        sold("250") + bought(OTHERS, "PLATE | 2023-05-03 | 2023-06-30 | 1 | 1"), ABSENT,
    ),
    Case(
        T("其他品种也在四季度之前", "The others too are older"),
        sold("250") + bought("CEMENT | 2022-01-01 | 2022-03-31 | 9 | 200"), "none",
    ),
    Case(
        T("免费", "Free"), sold("250", "3") + bought(OTHERS),
        excused("FREE_REPLACEMENT", QUARTER),
    ),
    Case(
        T("冲销", "Reversed"), sold("250") + bought(OTHERS) + REVERSAL.format(n=1),
        excused("REVERSED", QUARTER),
    ),
)


def city(own: int, peers: tuple[int, ...], bear: str = "1", taken: int = 0) -> str:
    """A stay at H1 with `own` bags of cement, one at each peer; `taken` are free or so."""
    settlements, lines, level = [], [], []
    for i, bags in enumerate((own, *peers), 1):
        settlements.append(f"S{i} | V{i} | P{i} | H{i} | 21 | 2023-05-01 | 600 | 200 | 1000")
        lines.append(f"S{i} | 2023-05-02 | CEMENT | {bags} | 500 | 1")
        lines.append(f"S{i} | 2023-05-02 | PLATE | 1 | 500 | 1")
        level.append(f"H{i} | 3")
    if taken:
        lines.append(f"S1 | 2023-05-02 | CEMENT | {taken} | 100 | {bear}")
    return "\n".join((
        "mi_settlement",
        "setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt"
        " | acct_pay | medfee_sumamt",
        *settlements, CATALOGUE, "mi_fee",
        "setl_id | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt | bear_type",
        *lines, "mi_institution", "fixmedins_code | hosp_lv", *level, "",
    ))


CEMENT = "H1 | cement | 2023Q2"
OUTLIERS = (
    Case(
        T("同级一致, 独高", "All alike but one"), city(3, (1, 1, 1, 1, 1)),
        f"{CEMENT} | clue | | 300.00 | 100.00 | M", untested=(),
    ),
    Case(
        T("恰好三个标准差", "Three standard deviations"), city(5, (1, 1, 1, 3, 3, 3)),
        f"{CEMENT} | clue | | 300.00 | 100.00 | M",
    ),
    Case(
        T("不足三个标准差", "Not quite three"), city(5, (1, 1, 3, 3, 3, 3)), "none"
    ),
    Case(T("同级不足五家", "Four peers"), city(3, (1, 1, 1, 1)), "none"),
    Case(
        T("免费者除外后不高", "Without the free ones it is no outlier"),
        city(1, (1, 1, 1, 1, 1), "3", 2), excused("FREE_REPLACEMENT", CEMENT),
    ),
    Case(
        T("免费者除外后仍高", "Without the free ones it still is"),
        city(3, (1, 1, 1, 1, 1), "3", 2),
        f"{CEMENT} | clue | FREE_REPLACEMENT | 272.73 | 90.91 | M",
    ),
    Case(
        T("冲销", "Reversed"), city(3, (1, 1, 1, 1, 1)) + REVERSAL.format(n=1),
        excused("REVERSED", CEMENT),
    ),
    Case(
        T("参数", "By parameter"), city(5, (1, 1, 3, 3, 3, 3)),
        f"{CEMENT} | clue", params={"z": "2"},
    ),
)

RULES = {"d": SUPPLY, "e": NEVER, "g": OUTLIERS}


@pytest.mark.parametrize(
    ("rule", "case"),
    [pytest.param(r, c, id=f"{r} {c.title.en}") for r, cases in RULES.items() for c in cases],
)
def test_case(rule: str, case: Case, engine: Any) -> None:
    check(RULES[rule], case, orthopaedics, engine, rule)


SPECIFIED = (orthopaedics, RULES)
