"""MI-16 (c), (d), (f), (g) by cases: services and small consumables of the heart."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.cardiology import cardiology
from tests.spec.harness import Case, check
from tests.spec.test_cardiology import (
    CATALOGUE,
    LISTS,
    REVERSAL,
    SECOND,
    bill,
    excused,
    filed,
    operated,
)

HELD = """
mi_item_pair
code_a | code_b | relation | start_date
PCI    | ANGIO  | included | 2020-01-01
"""


def beside(day: str = "2023-05-02", code: str = "ANGIO") -> str:
    return bill(
        "2023-05-02 | PCI | 1 | 300 |", f"{day} | {code} | 1 | 200 |",
        "2023-05-03 | Z | 1 | 500 |",
    ) + HELD


ANGIOGRAPHY = (
    Case(
        T("介入已含造影", "The intervention holds it"), beside(),
        "H1 | P1 | V1 | clue | | 120.00 | 40.00 | M", untested=(),
    ),
    Case(T("他日造影", "On another day"), beside("2023-05-03"), "none"),
    Case(
        T("门诊", "An outpatient visit"), beside().replace("| 21 |", "| 11 |"), "none"
    ),
    Case(
        T("被含者不是造影", "What is included is no angiography"),
        beside(code="WIRE").replace("| ANGIO  |", "| WIRE   |"), "none",
    ),
    Case(T("冲销", "Reversed"), beside() + REVERSAL, excused("REVERSED")),
)


def watched(hours: str, *more: str) -> str:
    """Hours of monitoring on each day, 100 yuan a day; then other lines."""
    lines = [f"2023-05-0{i} 10:00 | ECG | {h} | 100 |" for i, h in enumerate(hours.split(), 1)]
    rest = 1000 - 100 * len(lines) - 100 * len(more)
    return bill(*lines, *more, f"2023-05-03 | Z | 1 | {rest} |")


HOLTER_DAY = "2023-05-02 08:00 | HOLTER | 1 | 100 |"
MONITORED = (
    Case(T("七十一点五小时计七十二", "71 hours and a half are 72"), watched("24 24 24"), "none"),
    Case(
        T("七十三小时", "Seventy-three hours"), watched("24 24 24 1"),
        "H1 | P1 | V1 | clue | | 3.29 | 1.10 | M", untested=(),
    ),
    Case(
        T("无住院登记, 以结算起止", "Without the register, by the settlement's times"),
        watched("24 24 24 1"), "H1 | P1 | V1 | clue | | 3.29 | 1.10 | M",
        lacks=("mi_inpatient",),
    ),
    Case(
        T("仅有日期不检验小时", "Dates without times are not asked for hours"),
        watched("24 24 24 1").replace(" 09:30", "").replace("01 10:00 |", "01 |"), "none",
    ),
    Case(
        T("同日动态心电图", "A recording on the same day"), watched("20 20", HOLTER_DAY),
        "H1 | P1 | V1 | clue | | 60.00 | 20.00 | M",
    ),
    Case(
        T("他日动态心电图", "A recording on another day"),
        watched("20 20", HOLTER_DAY.replace("05-02", "05-03")), "none",
    ),
    Case(
        T("时段不重叠", "The hours do not meet"),
        bill(
            "2023-05-02 10:00 | ECG | 6 | 100 | 2023-05-02 16:00",
            "2023-05-02 16:00 | HOLTER | 1 | 100 | 2023-05-03 16:00",
        ),
        "none",
    ),
    Case(
        T("时段重叠一分钟", "The hours meet for a minute"),
        bill(
            "2023-05-02 10:00 | ECG | 6 | 100 | 2023-05-02 16:01",
            "2023-05-02 16:00 | HOLTER | 1 | 100 | 2023-05-03 16:00",
            "2023-05-03 | Z | 1 | 800 |",
        ),
        "H1 | P1 | V1 | clue | | 60.00 | 20.00 | M",
    ),
    Case(
        T("跨日重叠", "They meet after midnight"),
        bill(
            "2023-05-03 10:00 | ECG | 6 | 100 | 2023-05-03 16:00",
            "2023-05-02 16:00 | HOLTER | 1 | 100 | 2023-05-03 16:00",
            "2023-05-03 | Z | 1 | 800 |",
        ),
        "H1 | P1 | V1 | clue | | 60.00 | 20.00 | M",
    ),
    Case(
        T("冲销", "Reversed"), watched("20 20", HOLTER_DAY) + REVERSAL, excused("REVERSED")
    ),
)


def measured(n: int, code: str = "TNI", icu: str = "0") -> str:
    return bill(
        f"2023-05-02 | {code} | {n} | {n * 100} |", f"2023-05-03 | Z | 1 | {1000 - n * 100} |",
        icu=icu,
    )


DAILY = "H1 | P1 | V1 | 2023-05-02 | clue | | 60.00 | 20.00 | M"
MARKERS = (
    Case(T("四次", "Four times"), measured(4), "none"),
    Case(T("五次, 计一次", "Five: one of them"), measured(5), DAILY, untested=()),
    Case(T("脑钠肽", "Natriuretic peptide"), measured(5, "BNP"), DAILY),
    Case(T("他项检验", "Another test"), measured(5, "CBC"), "none"),
    Case(
        T("两指标各三次", "Three of each of two"),
        bill("2023-05-02 | TNI | 3 | 300 |", "2023-05-02 | BNP | 3 | 300 |"), "none",
    ),
    Case(
        T("两日不相加", "Two days do not add up"),
        bill("2023-05-02 | TNI | 3 | 300 |", "2023-05-03 | TNI | 3 | 300 |"), "none",
    ),
    Case(
        T("重症监护", "Intensive care"), measured(5, icu="5"),
        excused("ARREST_OR_ICU", "H1 | P1 | V1 | 2023-05-02"),
    ),
    Case(
        T("冲销", "Reversed"), measured(5) + REVERSAL,
        excused("REVERSED", "H1 | P1 | V1 | 2023-05-02"),
    ),
)


def city(own: int, peers: int = 5, extra: str = "", icu: str = "0", more: int = 0) -> str:
    """A stay at H1 with `own` balloons, one at each peer; another with `more` in intensive care."""
    settlements, lines, level = [], [], []
    for i, n in enumerate((own, *(1,) * peers), 1):
        visit = f"S{i} | V{i} | P{i} | H{i} | 21 | 2023-05-01"
        settlements.append(f"{visit} | I25.1 | 600 | 200 | 1000")
        lines.append(f"S{i} | 2023-05-02 | BALLOON | {n} | 500")
        lines.append(f"S{i} | 2023-05-02 | PCI | 1 | 500")
        level.append(f"H{i} | 3")
    if more:
        settlements.append("S20 | V20 | P20 | H1 | 21 | 2023-05-01 | I25.1 | 600 | 200 | 1000")
        lines.append(f"S20 | 2023-05-02 | BALLOON | {more} | 500")
    return "\n".join((
        "mi_settlement",
        "setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | dise_codg"
        " | fund_pay_sumamt | acct_pay | medfee_sumamt",
        *settlements, CATALOGUE, LISTS, "mi_fee",
        "setl_id | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt", *lines,
        "mi_institution", "fixmedins_code | hosp_lv", *level,
        "mi_inpatient", "mdtrt_id | adm_time | icu_hours",
        f"V1 | 2023-05-01 | {icu}", "V20 | 2023-05-01 | 9", extra, "",
    ))


BALLOONS = "H1 | balloon | 2023Q2"
OUTLIERS = (
    Case(
        T("独高", "One far above"), city(3), f"{BALLOONS} | clue | | 300.00 | 100.00 | M",
        untested=(),
    ),
    Case(T("同级不足五家", "Four peers"), city(3, 4), "none"),
    Case(T("与同级相同", "Like its peers"), city(1), "none"),
    Case(
        T("重症监护者除外", "In intensive care"), city(3, icu="4"),
        excused("ARREST_OR_ICU", BALLOONS),
    ),
    Case(
        T("除外后不再突出", "Without the excused stay it is like its peers"), city(1, more=9),
        excused("ARREST_OR_ICU", BALLOONS),
    ),
    Case(
        T("闭塞备案者除外", "Occlusion on file"), city(3, extra=filed("cto", "2023-05-01")),
        excused("CTO_FILED", BALLOONS),
    ),
    Case(
        T("分期介入者除外", "A staged intervention"),
        city(3, extra=operated("V1 | 1 | 36.07 | 2023-05-02 | 0", "V9 | 1 | 36.07 | 2023-05-20 | 1")
             + SECOND.replace("V2", "V9").replace("S2", "S9").format(day="2023-05-20")),
        excused("STAGED_PCI", BALLOONS),
    ),
    Case(
        T("冲销", "Reversed"), city(3) + REVERSAL, excused("REVERSED", BALLOONS)
    ),
)

RULES = {"c": OUTLIERS, "d": ANGIOGRAPHY, "f": MONITORED, "g": MARKERS}


@pytest.mark.parametrize(
    ("rule", "case"),
    [pytest.param(r, c, id=f"{r} {c.title.en}") for r, cases in RULES.items() for c in cases],
)
def test_case(rule: str, case: Case, engine: Any) -> None:
    check(RULES[rule], case, cardiology, engine, rule)


SPECIFIED = (cardiology, RULES)
