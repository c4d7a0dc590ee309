"""MI-16 by cases: the stay V1 of P1 at H1, from 05-01 10:00 to 05-04 09:30."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.cardiology import cardiology
from tests.spec.harness import Case, check

CATALOGUE = """
mi_catalogue
med_list_codg | kind        | hour_item | analyte
STENT         | stent       | 0         |
BALLOON       | balloon     | 0         |
WIRE          | guidewire   | 0         |
ANGIO         | angio       | 0         |
PCI           | pci         | 0         |
PACER         | pacemaker   | 0         |
PLUG          | occluder    | 0         |
ECG           | ecg_monitor | 1         |
HOLTER        | holter      | 0         |
BNP           | lab         | 0         | BNP
TNI           | lab         | 0         | 肌钙蛋白I
CBC           | lab         | 0         | 白细胞
"""
STAY = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | endtime | dise_codg \
| fund_pay_sumamt | acct_pay | medfee_sumamt
S1 | V1 | P1 | H1 | 21 | 2023-05-01 10:00 | 2023-05-04 09:30 | I25.1 | 600 | 200 | 1000
mi_inpatient
mdtrt_id | adm_time         | dscg_time        | icu_hours
V1       | 2023-05-01 10:00 | 2023-05-04 09:30 | {icu}
"""
REVERSAL = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt | acct_pay \
| medfee_sumamt | init_setl_id
R1 | V1 | P1 | H1 | 21 | 2023-05-01 | -600 | -200 | -1000 | S1
"""
LISTS = """
mi_code_list
list             | code  | start_date
stent_procedure  | 36.06 | 2020-01-01
stent_procedure  | 36.07 | 2020-01-01
device_procedure | 37.8  | 2020-01-01
device_procedure | 35.5  | 2020-01-01
"""


def bill(*lines: str, icu: str = "0") -> str:
    """The stay with its lines: time | code | quantity | amount | end."""
    head = "setl_id | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt | fee_endtime"
    return STAY.format(icu=icu) + CATALOGUE + LISTS + "\n".join((
        "mi_fee", head, *(f"S1 | {line}" for line in lines), ""
    ))


def stents(n: int, icu: str = "0") -> str:
    """`n` stents on 05-02, and as much again for others; the bill is 1,000 yuan."""
    return bill(
        f"2023-05-02 | STENT | {n} | {n * 100} |", f"2023-05-03 | Z | 1 | {1000 - n * 100} |",
        icu=icu,
    )


def operated(*rows: str) -> str:
    """visit | order | code | day | staged"""
    head = "mdtrt_id | oprn_srt_no | oprn_code | oprn_date | staged_flag"
    return "\n".join(("mi_operation", head, *rows, ""))


def filed(kind: str, first: str, last: str = "") -> str:
    head = "filing_id | kind | certno | start_date | end_date"
    return "\n".join(("mi_filing", head, f"F1 | {kind} | P1 | {first} | {last}", ""))


SECOND = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | endtime
S2      | V2       | P1     | H1             | 21       | {day}    | {day}
"""
PUT_IN = "V1 | 1 | 36.07 | 2023-05-02 | 0"
FOUR = "H1 | P1 | V1 | clue | | 60.00 | 20.00 | M"


def again(day: str, staged: str = "1") -> str:
    """A second stent procedure of P1 on `day`."""
    return operated(PUT_IN, f"V2 | 1 | 36.07 | {day} | {staged}") + SECOND.format(day=day)


def excused(code: str, key: str = "H1 | P1 | V1") -> str:
    return f"{key} | excluded | {code} | 0.00 | 0.00 |"


MANY = (
    Case(T("一次三枚", "Three in one procedure"), stents(3) + operated(PUT_IN), "none"),
    Case(T("一次四枚, 计一枚", "Four: one of them"), stents(4) + operated(PUT_IN), FOUR,
         untested=()),
    Case(
        T("他日手术", "The procedure was on another day"),
        stents(4) + operated(PUT_IN.replace("05-02", "05-03")), "none",
    ),
    Case(
        T("非支架手术", "No stent procedure"),
        stents(4) + operated("V1 | 1 | 37.22 | 2023-05-02 | 0"), "none",
    ),
    Case(
        T("两次手术各三枚", "Three in each of two"),
        bill("2023-05-02 | STENT | 3 | 300 |", "2023-05-03 | STENT | 3 | 300 |")
        + operated(PUT_IN, "V1 | 2 | 36.07 | 2023-05-03 | 0"),
        "none",
    ),
    Case(
        T("次日分期", "A stage the next day"), stents(4) + again("2023-05-03"),
        excused("STAGED_PCI"),
    ),
    Case(
        T("第九十日分期", "A stage on day 90"), stents(4) + again("2023-07-31"),
        excused("STAGED_PCI"),
    ),
    Case(T("第九十一日", "On day 91"), stents(4) + again("2023-08-01"), FOUR),
    Case(T("未标分期", "Not marked as a stage"), stents(4) + again("2023-05-12", "0"), FOUR),
    Case(
        T("分期已备案", "The stage is on file"),
        stents(4) + again("2023-05-12", "0") + filed("staged", "2023-05-12", "2023-05-12"),
        excused("STAGED_PCI"),
    ),
    Case(
        T("备案已过期", "The filing had ended"),
        stents(4) + again("2023-05-12", "0") + filed("staged", "2023-05-01", "2023-05-11"), FOUR,
    ),
    Case(
        T("本次为所标的第二期", "This one is the marked second stage"),
        stents(4) + operated(PUT_IN[:-1] + "1", "V2 | 1 | 36.07 | 2023-04-20 | 0")
        + SECOND.format(day="2023-04-20"),
        excused("STAGED_PCI"),
    ),
    Case(
        T("闭塞病变备案", "Occlusion on file"),
        stents(4) + operated(PUT_IN) + filed("cto", "2023-05-02"), excused("CTO_FILED"),
    ),
    Case(
        T("闭塞备案晚于手术", "Filed after the procedure"),
        stents(4) + operated(PUT_IN) + filed("cto", "2023-05-03"), FOUR,
    ),
    Case(
        T("重症监护", "Intensive care"), stents(4, icu="1") + operated(PUT_IN),
        excused("ARREST_OR_ICU"),
    ),
    Case(
        T("心脏骤停", "Cardiac arrest among the diagnoses"),
        stents(4) + operated(PUT_IN) + """
        mi_diagnosis
        mdtrt_id | diag_srt_no | diag_type | diag_code
        V1       | 2           | 2         | I46.9
        """,
        excused("ARREST_OR_ICU"),
    ),
    Case(
        T("结算主诊断为骤停", "Cardiac arrest on the settlement"),
        stents(4).replace("I25.1", "I46.0") + operated(PUT_IN), excused("ARREST_OR_ICU"),
    ),
    Case(
        T("备案、诊断、重症均未持有", "Nothing held that could excuse"),
        stents(4).replace("I25.1", "     ") + operated(PUT_IN), FOUR.replace("| M", "| L"),
        lacks=(
            "mi_filing", "mi_operation.staged_flag", "mi_diagnosis", "mi_settlement.dise_codg",
            "mi_inpatient",
        ),
        untested=("STAGED_PCI", "CTO_FILED", "ARREST_OR_ICU"),
    ),
    Case(
        T("冲销", "Reversed"), stents(4) + operated(PUT_IN) + REVERSAL, excused("REVERSED")
    ),
    Case(T("参数四枚", "Four by parameter"), stents(4) + operated(PUT_IN), "none",
         params={"stents": "4"}),
)

ALL = "H1 | P1 | V1 | clue | | {} | {} | H"
WITHOUT = (
    Case(
        T("支架无手术记录", "Stents, no operation at all"), stents(1), ALL.format("60.00", "20.00"),
        untested=(),
    ),
    Case(
        T("仅造影手术", "Only an angiography"),
        stents(1) + operated("V1 | 1 | 88.55 | 2023-05-02 | 0"), ALL.format("60.00", "20.00"),
    ),
    Case(
        T("住院任一日置入", "Put in on any day of the stay"),
        stents(1) + operated(PUT_IN.replace("05-02", "05-04")), "none",
    ),
    Case(
        T("三十六点零其他码", "Another code of chapter 36.0"),
        stents(1) + operated("V1 | 1 | 36.01 | 2023-05-02 | 0"), "none",
    ),
    Case(T("冲销", "Reversed"), stents(1) + REVERSAL, excused("REVERSED")),
)


def device(code: str = "PACER") -> str:
    return bill(f"2023-05-02 | {code} | 1 | 500 |", "2023-05-03 | Z | 1 | 500 |")


DEVICE = (
    Case(T("起搏器无手术", "A pacemaker alone"), device(), ALL.format("300.00", "100.00"),
         untested=()),
    Case(T("封堵器无手术", "An occluder alone"), device("PLUG"), ALL.format("300.00", "100.00")),
    Case(
        T("有置入手术", "With its operation"),
        device() + operated("V1 | 1 | 37.83 | 2023-05-02 | 0"), "none",
    ),
    Case(
        T("他次住院的手术", "Another stay's operation"),
        device() + operated("V9 | 1 | 37.83 | 2023-05-02 | 0"), ALL.format("300.00", "100.00"),
    ),
    Case(T("冲销", "Reversed"), device() + REVERSAL, excused("REVERSED")),
)

RULES = {"a": MANY, "b": WITHOUT, "e": DEVICE}


@pytest.mark.parametrize(
    ("rule", "case"),
    [pytest.param(r, c, id=f"{r} {c.title.en}") for r, cases in RULES.items() for c in cases],
)
def test_case(rule: str, case: Case, engine: Any) -> None:
    check(RULES[rule], case, cardiology, engine, rule)


SPECIFIED = (cardiology, RULES)
