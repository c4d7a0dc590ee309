"""MI-13 by cases. H1 dispenses the drug D to P1 for thirty days on 05-01, and again later."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.duplicate_prescription import duplicate_prescription
from tests.spec.harness import Case, check

HEAD = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt | acct_pay
"""
LINES = """
mi_fee
setl_id | fee_ocur_time | med_list_codg | list_type | unit | cnt | det_item_fee_sumamt | prd_days \
| sin_dos_dscr | used_frqu_dscr
"""
DRUG = """
mi_drug
med_list_codg | substance | dose_per_unit | max_daily_dose | unit_per_pack | start_date
D             | SUB       | 300           | 20             | 10            | 2020-01-01
E             | SUB       | 300           | 20             | 10            | 2020-01-01
mi_catalogue
med_list_codg | list_type | unit
D             | drug      | 盒
"""


def bought(
    name: str,
    day: str,
    *,
    days: str = "30",
    code: str = "D",
    cnt: str = "2",
    at: str = "H1",
    who: str = "P1",
    dose: str = "1片",
    often: str = "bid",
    unit: str = "盒",
    kind: str = "11",
) -> str:
    """A settlement of 100 by the fund and 20 by the account for one line."""
    return (
        HEAD + f"{name} | {name} | {who} | {at} | {kind} | 2023-{day} | 100 | 20"
        + LINES + f"{name} | 2023-{day} | {code} | drug | {unit} | {cnt} | 120 | {days} | {dose} "
        f"| {often}"
    )


def left(visit: str, adm: str, out: str) -> str:
    return f"""
mi_inpatient
mdtrt_id | adm_time | dscg_time
{visit} | 2023-{adm} | 2023-{out}
"""


FIRST = DRUG + bought("A", "05-01")


def told(
    fund: str, account: str, day: str = "2023-05-11", code: str = "", outcome: str = "clue"
) -> str:
    level = "L" if outcome == "clue" else ""
    return f"H1 | P1 | SUB | {day} | {outcome} | {code} | {fund} | {account} | {level}"


def excused(code: str, day: str = "2023-05-11") -> str:
    return told("0.00", "0.00", day, code, "excluded")


CLUE = told("66.67", "13.33")
BACK = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime   | medfee_sumamt \
| fund_pay_sumamt | acct_pay | init_setl_id
R       | {of}     | P1     | H1             | 11       | 2023-06-20 | -120          \
| -100            | -20      | {of}
"""

CASES = (
    Case(T("十日后再开", "Again after ten days"), FIRST + bought("B", "05-11"), CLUE, untested=()),
    Case(T("重叠恰三成", "Exactly three tenths overlap"), FIRST + bought("B", "05-22"), "none"),
    Case(
        T("重叠十日", "Ten days overlap"), FIRST + bought("B", "05-21"),
        told("33.33", "6.67", "2023-05-21"),
    ),
    Case(T("参数四成", "Four tenths by parameter"), FIRST + bought("B", "05-21"), "none",
         params={"overlap": "0.4"}),
    Case(T("用完再开", "When it is used up"), FIRST + bought("B", "05-31"), "none"),
    Case(
        T("同日两次结算", "Twice on one day"), FIRST + bought("B", "05-01"),
        told("100.00", "20.00", "2023-05-01"),
    ),
    Case(
        T("一次结算两行不是重复", "Two lines of one bill are one dispensing"),
        FIRST + LINES + "A | 2023-05-01 | D | drug | 盒 | 2 | 120 | 30 | 1片 | bid", "none",
    ),
    Case(
        T("后次天数短, 以该行为限", "At most the later line"),
        FIRST + bought("B", "05-11", days="10"), told("100.00", "20.00"),
    ),
    Case(
        T("后次天数长", "The later one lasts longer"),
        FIRST + bought("B", "05-11", days="60"), told("33.33", "6.67"),
    ),
    Case(
        T("另一规格同一通用名", "Another package of the substance"),
        FIRST + bought("B", "05-11", code="E"), CLUE,
    ),
    Case(
        T("另一通用名", "Another substance"),
        FIRST + bought("B", "05-11", code="OTHER"), "none",
    ),
    Case(T("另一机构", "Another institution"), FIRST + bought("B", "05-11", at="H2"), "none"),
    Case(T("另一人", "Another person"), FIRST + bought("B", "05-11", who="P2"), "none"),
    Case(
        T("第三次对第二次", "The third against the second"),
        FIRST + bought("B", "05-11") + bought("C", "06-05"),
        CLUE,
    ),
    Case(
        T("无天数, 按最大日剂量三十日", "By the highest dose: thirty days"),
        DRUG + bought("A", "05-01", days="") + bought("B", "05-11", days=""), CLUE,
    ),
    Case(
        T("小单位按包装系数", "The small unit by the factor of the pack"),
        DRUG + bought("A", "05-01", days="", unit="片", cnt="20") + bought("B", "05-11"), CLUE,
    ),
    Case(
        T("无天数且无药品目录不检验", "Neither days nor a register of drugs"),
        bought("A", "05-01", days="") + bought("B", "05-11", days=""), "none",
    ),
    Case(
        T("无药品目录, 有天数", "Days without a register of drugs"),
        bought("A", "05-01") + bought("B", "05-11"),
        told("66.67", "13.33").replace("SUB", "D"),
    ),
    Case(
        T("剂量改变", "Another dose"), FIRST + bought("B", "05-11", dose="2片"),
        excused("DOSE_CHANGE"),
    ),
    Case(
        T("频次改变", "Another frequency"), FIRST + bought("B", "05-11", often="tid"),
        excused("DOSE_CHANGE"),
    ),
    Case(
        T("只有频次, 相同", "Only the frequency is known, and the same"),
        FIRST + bought("B", "05-11", dose=""), CLUE, untested=(),
    ),
    Case(
        T("剂量频次皆空", "Neither dose nor frequency"),
        FIRST + bought("B", "05-11", dose="", often=""), CLUE, untested=("DOSE_CHANGE",),
    ),
    Case(
        T("前次为出院带药七日", "Seven days of discharge medicine before"),
        DRUG + bought("A", "05-09", days="7", kind="21") + left("A", "05-01", "05-09")
        + bought("B", "05-11", days="7"),
        excused("DISCHARGE_MEDICATION"),
    ),
    Case(
        T("出院带药八日", "Eight days of discharge medicine"),
        DRUG + bought("A", "05-09", days="8", kind="21") + left("A", "05-01", "05-09")
        + bought("B", "05-11", days="8"),
        told("75.00", "15.00"),
    ),
    Case(
        T("后次为出院带药", "Discharge medicine afterwards"),
        FIRST + bought("B", "05-11", days="7", kind="21") + left("B", "05-02", "05-11"),
        excused("DISCHARGE_MEDICATION"),
    ),
    Case(
        T("住院用药不是取药", "What the ward gives is no supply"),
        FIRST + bought("B", "05-11", days="1", kind="21") + left("B", "05-02", "05-12"), "none",
    ),
    Case(
        T("后次已冲销", "The later one was reversed"),
        FIRST + bought("B", "05-11") + BACK.format(of="B"), excused("REVERSED"),
    ),
    Case(
        T("前次已冲销", "The earlier one was reversed"),
        FIRST + bought("B", "05-11") + BACK.format(of="A"), excused("REVERSED"),
    ),
    Case(
        T("冲销的一次不隔开两次", "A reversed one does not stand between"),
        FIRST + bought("B", "05-05") + bought("C", "05-11") + BACK.format(of="B"),
        excused("REVERSED", "2023-05-05") + "\n" + CLUE,
    ),
    Case(
        T("未归集的列为未检验", "What was not delivered is untested"),
        FIRST + bought("B", "05-11"), CLUE,
        lacks=("mi_fee.sin_dos_dscr", "mi_fee.used_frqu_dscr"), untested=("DOSE_CHANGE",),
    ),
    Case(
        T("错号经修复关联", "A mistyped number that is repaired"),
        FIRST + bought("B", "05-11", who="") + """
        links
        row             | person
        mi_settlement:2 | P1
        """,
        CLUE, confirm=True,
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, duplicate_prescription, engine)


SPECIFIED = (duplicate_prescription, {"": CASES})
