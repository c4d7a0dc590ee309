"""MI-06 by cases. The hospital H1 readmits; its peers H2 to H7 do not, unless a case says so."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.split_admission import split_admission
from tests.spec.harness import Case, check, days_after

PEERS = ("H2", "H3", "H4", "H5", "H6", "H7")


def city(
    again: str = "2023-05-16",
    *,
    way: str = "1",
    planned: str = "1",
    emergency: str = "0",
    icu: str = "0",
    codes: tuple[str, str] = ("I10", "I10"),
    peers: tuple[str, ...] = PEERS,
    levels: bool = True,
) -> str:
    """P1 lies in H1 from 05-01 to 05-10 and again from `again`; each peer has one quiet stay."""
    end = days_after(again, 3)
    settlements = [f"A | P1 | H1 | 21 | 2023-05-01 | 500 | {codes[0]}"]
    settlements.append(f"B | P1 | H1 | 21 | {again} | 300 | {codes[1]}")
    stays = [f"A | 2023-05-01 | 2023-05-10 | {way} | 1 | 0 | 0"]
    stays.append(f"B | {again} | {end} | 1 | {planned} | {emergency} | {icu}")
    for i, peer in enumerate(peers):
        settlements.append(f"C{i} | P{20 + i} | {peer} | 21 | 2023-05-01 | 100 | I10")
        stays.append(f"C{i} | 2023-05-01 | 2023-05-05 | 1 | 1 | 0 | 0")
    register = [f"{code} | 2" for code in ("H1", *peers)] if levels else []
    return "\n".join((
        "mi_settlement",
        "mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt | dise_codg",
        *settlements,
        "mi_inpatient",
        "mdtrt_id | adm_time | dscg_time | dscg_way | planned_flag | emer_flag | icu_hours",
        *stays,
        "mi_institution",
        "fixmedins_code | hosp_lv",
        *register,
        "",
    ))


CLUE = "H1 | P1 | B | clue | | 300.00 | 0.00 | M"


BUSY = """
mi_settlement
mdtrt_id | certno | fixmedins_code | med_type | begntime   | fund_pay_sumamt | dise_codg
Q        | P10    | H1             | 21       | 2023-05-01 | 100             | K80
R        | P10    | H1             | 21       | 2023-05-08 | 200             | K80
mi_inpatient
mdtrt_id | adm_time   | dscg_time  | dscg_way | planned_flag | emer_flag | icu_hours
Q        | 2023-05-01 | 2023-05-05 | 1        | 1            | 0         | 0
R        | 2023-05-08 | 2023-05-09 | 1        | 1            | 0         | 0
"""
"""Another readmission of H1, so that its rate stays high without the excused one."""

CANCELLED = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | medfee_sumamt \
| fund_pay_sumamt | init_setl_id | dise_codg
Z1      | Z        | P1     | H1             | 21       | {0}      | 80            \
| 80              |              | I10
R1      | Z        | P1     | H1             | 21       | {0}      | -80           \
| -80             | Z1           | I10
mi_inpatient
mdtrt_id | adm_time | dscg_time | dscg_way | planned_flag | emer_flag | icu_hours
Z        | {0}      | {0}       | 1        | 1            | 0         | 0
"""
"""A planned stay of the same patient at H1 that was settled and reversed."""


def excluded(code: str) -> str:
    return f"""
    H1 | P1 | B | excluded | {code} | 0.00 | 0.00 |
    H1 | P10 | R | clue | | 200.00 | 0.00 | M
    """


CASES = (
    Case(
        T("被排除的再入院不计入比率", "An excused readmission does not count towards the rate"),
        city(codes=("O42.0", "O42.1")), "none",
    ),
    Case(
        T("第六日计划再入院, 同类目", "Planned readmission on day 6, same category"),
        city(), CLUE, untested=(),
    ),
    Case(T("出院当日再入院", "Readmitted on the day of discharge"), city("2023-05-10"), CLUE),
    Case(T("第十日", "On day 10"), city("2023-05-20"), CLUE),
    Case(T("第十一日", "On day 11"), city("2023-05-21"), "none"),
    Case(
        T("末次费用日为真正出院", "Days count from the true end"),
        city("2023-05-20") + """
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt
        S1      | 2023-05-01    | 100
        S1      | 2023-05-08    | 100
        """,
        "none",
    ),
    Case(T("类目不同", "Another category"), city(codes=("I10", "I11")), "none"),
    Case(
        T("同类目的不同亚目", "Other subcategories of one category"),
        city(codes=("J18.900", "J18.001")), CLUE,
    ),
    Case(
        T("诊断表的主要诊断优先", "The main diagnosis of the list comes first"),
        city(codes=("I10", "I11")) + """
        mi_diagnosis
        mdtrt_id | diag_srt_no | diag_type | diag_code
        B        | 2           | 1         | I11.0
        B        | 1           | 1         | I10.0
        """,
        CLUE,
    ),
    Case(T("无诊断不算同类目", "No diagnosis is no agreement"), city(codes=("", "")), "none"),
    Case(T("前次转院", "First stay ended in a transfer"), city(way="2"), "none"),
    Case(T("前次转社区", "First stay ended in community care"), city(way="3"), "none"),
    Case(T("前次死亡", "First stay ended in death"), city(way="5"), "none"),
    Case(
        T("前次离院方式为空", "No way of discharge"), city(way=""),
        CLUE.replace("| M", "| L"), untested=("DISCHARGE", "AGAINST_ADVICE"),
    ),
    Case(T("非计划", "Not planned"), city(planned="0"), "none"),
    Case(T("计划标志为空, 非急诊", "No mark, and no emergency"), city(planned=""), CLUE),
    Case(
        T("计划标志为空, 急诊", "No mark, an emergency"), city(planned="", emergency="1"), "none"
    ),
    Case(
        T("两标志皆空", "Neither mark"), city(planned="", emergency=""),
        CLUE.replace("| M", "| L"), untested=("PLANNED",),
    ),
    Case(
        T("同级机构不足", "Too few peers"), city(peers=PEERS[:4]),
        CLUE.replace("| M", "| L"), untested=("RATE",),
    ),
    Case(
        T("恰好五家同级", "Five peers are enough"), city(peers=PEERS[:5]), CLUE, untested=(),
    ),
    Case(
        T("无机构等级", "Level unknown"), city(levels=False),
        CLUE.replace("| M", "| L"), untested=("RATE",),
    ),
    Case(
        T("同级同样再入院, 不高于均值", "Peers that readmit as often"),
        city(peers=()) + "\n".join((
            "mi_settlement",
            "mdtrt_id | certno | fixmedins_code | med_type | begntime | dise_codg",
            *(
                f"{v}{i} | P{30 + i} | H{i} | 21 | {day} | I10"
                for i in range(2, 8) for v, day in (("X", "2023-05-01"), ("Y", "2023-05-12"))
            ),
            "mi_inpatient",
            "mdtrt_id | adm_time | dscg_time | dscg_way | planned_flag",
            *(
                f"{v}{i} | 2023-05-{a} | 2023-05-{b} | 1 | 1"
                for i in range(2, 8) for v, a, b in (("X", "01", "10"), ("Y", "12", "15"))
            ),
            "mi_institution",
            "fixmedins_code | hosp_lv",
            *(f"H{i} | 2" for i in range(2, 8)),
        )),
        "none",
    ),
    Case(
        T("第二次含 Z51", "Z51 among the diagnoses of the second stay"),
        city() + BUSY + """
        mi_diagnosis
        mdtrt_id | diag_srt_no | diag_type | diag_code
        B        | 1           | 1         | I10
        B        | 2           | 2         | Z51.1
        """,
        excluded("CHEMO_RADIO_DIALYSIS"),
    ),
    Case(
        T("透析", "Dialysis as the main diagnosis"), city(codes=("Z49.1", "Z49.1")) + BUSY,
        excluded("CHEMO_RADIO_DIALYSIS"),
    ),
    Case(
        T("Z51 在第一次不算", "Z51 in the first stay does not excuse"),
        city() + """
        mi_diagnosis
        mdtrt_id | diag_srt_no | diag_type | diag_code
        A        | 1           | 1         | I10
        A        | 2           | 2         | Z51.1
        """,
        CLUE,
    ),
    Case(T("产科", "Obstetrics"), city(codes=("O42.0", "O42.1")) + BUSY, excluded("OBSTETRICS")),
    Case(T("烧伤首码", "Burns, first code"), city(codes=("T20", "T20")) + BUSY, excluded("BURNS")),
    Case(T("烧伤末码", "Burns, last code"), city(codes=("T32", "T32.0")) + BUSY, excluded("BURNS")),
    Case(T("T33 不是烧伤", "T33 is no burn"), city(codes=("T33", "T33.0")), CLUE),
    Case(
        T("结核", "Tuberculosis"), city(codes=("A19.0", "A19.0")) + BUSY, excluded("TUBERCULOSIS")
    ),
    Case(T("A20 不是结核", "A20 is no tuberculosis"), city(codes=("A20", "A20")), CLUE),
    Case(
        T("备案的分期手术", "A staged operation on file"),
        city() + BUSY + """
        mi_filing
        filing_id | kind   | certno | start_date | end_date
        F1        | staged | P1     | 2023-05-01 | 2023-05-16
        """,
        excluded("STAGED_OPERATION"),
    ),
    Case(
        T("备案已过期", "The filing had ended"),
        city() + """
        mi_filing
        filing_id | kind   | certno | start_date | end_date
        F1        | staged | P1     | 2023-05-01 | 2023-05-15
        """,
        CLUE,
    ),
    Case(
        T("手术记录标为分期", "The operation is marked as staged"),
        city() + BUSY + """
        mi_operation
        mdtrt_id | oprn_srt_no | oprn_code | oprn_date  | staged_flag
        B        | 1           | 78.60     | 2023-05-17 | 1
        """,
        excluded("STAGED_OPERATION"),
    ),
    Case(
        T("急诊且重症", "Emergency with intensive care, marked as planned"),
        city(emergency="1", icu="12") + BUSY, excluded("EMERGENCY_ICU"),
    ),
    Case(T("急诊无重症", "Emergency without intensive care"), city(emergency="1"), CLUE),
    Case(
        T("前次非医嘱离院", "First discharge against advice"), city(way="4") + BUSY,
        excluded("AGAINST_ADVICE"),
    ),
    Case(
        T("再入院已冲销", "The readmission was reversed"),
        city() + BUSY + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime   | medfee_sumamt \
| fund_pay_sumamt | init_setl_id
        R1      | B        | P1     | H1             | 21       | 2023-05-16 | -300          \
| -300            | S2
        """,
        excluded("REVERSED"),
    ),
    Case(
        T("其间已冲销的住院不隔开", "A reversed stay between does not part them"),
        city() + CANCELLED.format("2023-05-11"),
        """
        H1 | P1 | B | clue | | 300.00 | 0.00 | M
        H1 | P1 | Z | excluded | REVERSED | 0.00 | 0.00 |
        """,
    ),
    Case(
        T("前次住院已冲销, 再前次太久", "The stay before was reversed, its own too old"),
        city("2023-05-21") + BUSY + CANCELLED.format("2023-05-18"),
        """
        H1 | P1 | B | excluded | REVERSED | 0.00 | 0.00 |
        H1 | P1 | Z | excluded | REVERSED | 0.00 | 0.00 |
        H1 | P10 | R | clue | | 200.00 | 0.00 | M
        """,
    ),
    Case(
        T("其间住他院仍相邻", "A stay elsewhere between does not part them"),
        city() + """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime   | endtime    | dise_codg
        Z        | P1     | H2             | 21       | 2023-05-11 | 2023-05-12 | I10
        """,
        CLUE,
    ),
    Case(T("参数五日", "Five days by parameter"), city(), "none", params={"days": "5"}),
)


SECOND = "B | P1 | H1 | 21 | 2023-05-16"

CASES += (
    Case(
        T("再入院错号, 无关联", "The readmission's number is mistyped, no link"),
        city().replace(SECOND, SECOND.replace("P1", "")), "none",
    ),
    Case(
        T("再入院错号经修复关联", "The readmission's mistyped number is repaired"),
        city().replace(SECOND, SECOND.replace("P1", "")) + """
        links
        row             | person
        mi_settlement:2 | P1
        """,
        CLUE, confirm=True,
    ),
    Case(
        T("前次住院错号经修复关联", "The first stay's mistyped number is repaired"),
        city().replace("A | P1 |", "A |  |") + """
        links
        row             | person
        mi_settlement:1 | P1
        """,
        CLUE, confirm=True,
    ),
    Case(
        T("证件无误则无须确认", "Intact numbers need no confirmation"), city(), CLUE, confirm=False
    ),
)

@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, split_admission, engine)


SPECIFIED = (split_admission, {"": CASES})
