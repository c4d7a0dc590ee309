"""MI-09 by cases."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.impersonation import impersonation
from tests.spec.harness import Case, check

LISTS = """
mi_code_list
list          | code  | start_date | note
female_only   | 68    | 2020-01-01 |
female_only   | 3313  | 2020-01-01 |
male_only     | N40   | 2020-01-01 |
organ_total   | 47.0  | 2020-01-01 | appendix
organ_total   | 51.22 | 2020-01-01 | gallbladder
organ_total   | 51.23 | 2020-01-01 | gallbladder
organ_partial | 51.21 | 2020-01-01 |
"""


def visit(
    diagnosis: str = "O80.000",
    *,
    sex: str = "1",
    stated: str = "1",
    way: str = "21",
    brdy: str = "1980-01-01",
    extra: str = "",
) -> str:
    holders = f"holders\nperson | sex | born\nP1 | {sex} | 1980-01-01" if sex else ""
    return f"""
    mi_settlement
    certno | gend     | brdy   | med_type | begntime   | fund_pay_sumamt | acct_pay | dise_codg
    P1     | {stated} | {brdy} | {way}    | 2023-03-01 | 100             | 40       | {diagnosis}
    {holders}
    {LISTS}
    {extra}
    """


def operated(code: str) -> str:
    return f"""
    mi_operation
    mdtrt_id | oprn_srt_no | oprn_code | oprn_date
    V1       | 1           | {code}    | 2023-03-01
    """


def charged(code: str, register: str) -> str:
    return f"""
    mi_fee
    setl_id | fee_ocur_time | med_list_codg | det_item_fee_sumamt
    S1      | 2023-03-01    | {code}        | 10
    mi_catalogue
    med_list_codg | {register}
    """


def given_back(code: str) -> str:
    """A part reversal of the visit, of one item."""
    return f"""
    mi_settlement
    setl_id | mdtrt_id | certno | begntime | medfee_sumamt | fund_pay_sumamt | init_setl_id
    R1      | V1       | P1     | 2023-03-02 | -10 | -10 | S1
    mi_fee
    setl_id | fee_ocur_time | med_list_codg | det_item_fee_sumamt | cnt
    R1      | 2023-03-01    | {code}        | -10                 | -1
    """


CLUE = "P1 | V1 | clue | | 100.00 | 40.00 | M"
ITEM = charged("CERVIX", "sex_limit\n    CERVIX | 2")


def excluded(code: str, outcome: str = "excluded") -> str:
    return f"P1 | V1 | {outcome} | {code} | 0.00 | 0.00 |"


def police(cells: str) -> str:
    return f"""
    police_person
    certno | psn_name | sex_change_date
    P1     | {cells}
    """


SEXES = (
    Case(T("男性住院分娩", "A man in childbed"), visit(), CLUE, untested=()),
    Case(T("女性住院分娩", "A woman in childbed"), visit(sex="2", stated="2"), "none"),
    Case(T("女性前列腺诊断", "A woman with a prostate"),
         visit("N40.x00", sex="2", stated="2"), CLUE),
    Case(T("与性别无关的诊断", "A diagnosis of either sex"), visit("I10.x00"), "none"),
    Case(T("证件无性别时取登记性别", "The stated sex where the number says none"), visit(sex=""),
         CLUE),
    Case(T("只有证件性别", "The number's sex where nothing is stated"), visit(stated=""), CLUE),
    Case(T("未说明的性别", "Not stated and no number"), visit(sex="", stated="9"), "none"),
    Case(T("证件与登记不一致转更正", "The two disagree"), visit(stated="2"),
         excluded("SEX_CONFLICT", "data_correction")),
    Case(T("登记为男, 证件为女", "Stated male, the number is female"), visit(sex="2"),
         excluded("SEX_CONFLICT", "data_correction")),
    Case(T("门诊仅有诊断", "An outpatient diagnosis alone"), visit(way="11"),
         excluded("CODING_ERROR_ONLY")),
    Case(T("药店仅有诊断", "A pharmacy's diagnosis alone"), visit(way="41"),
         excluded("CODING_ERROR_ONLY")),
    Case(T("门诊另有限女性的项目", "An outpatient visit with an item too"),
         visit(way="11", extra=ITEM), CLUE),
    Case(T("只有限女性的项目", "An item alone"), visit("I10.x00", way="11", extra=ITEM), CLUE),
    Case(T("该项目已退", "The item was given back"),
         visit("I10.x00", way="11", extra=ITEM + given_back("CERVIX")), "none"),
    Case(T("他项目已退", "Another item was given back"),
         visit("I10.x00", way="11", extra=ITEM + given_back("OTHER")),
         "P1 | V1 | clue | | 90.00 | 40.00 | M"),
    Case(T("按原九位编码的项目", "An item by its former local code"),
         visit("I10.x00", way="11", extra=charged("NEW", "local_code\n    NEW | 331303001")), CLUE),
    Case(T("手术", "An operation"), visit("D25.900", extra=operated("68.4100")), CLUE),
    Case(T("其他手术", "Another operation"), visit("D25.900", extra=operated("47.0100")), "none"),
    Case(
        T("出院诊断", "A listed diagnosis of the stay"),
        visit("I10.x00", extra="""
        mi_diagnosis
        mdtrt_id | diag_srt_no | diag_type | diag_code
        V1       | 2           | 2         | O14.100
        """),
        CLUE,
    ),
    Case(T("新生儿按出生日期", "An infant by the birth date stated"), visit(brdy="2023-02-01"),
         excluded("NEWBORN_UNDER_MOTHER")),
    Case(T("二十九天", "An infant of 29 days"), visit(brdy="2023-01-31"), CLUE),
    Case(
        T("新生儿标志", "Marked as newborn"),
        visit(extra="""
        mi_inpatient
        mdtrt_id | adm_time   | newborn_flag
        V1       | 2023-03-01 | 1
        """),
        excluded("NEWBORN_UNDER_MOTHER"),
    ),
    Case(T("户籍性别已变更", "Sex changed in the register"),
         visit(extra=police("name of P1 | 2024-01-01")), excluded("SEX_CHANGED")),
    Case(T("同号不同名的变更", "A change under another name"),
         visit(extra=police("somebody | 2020-01-01")), CLUE),
    Case(T("户籍未变更", "No change in the register"), visit(extra=police("name of P1 | ")), CLUE),
    Case(
        T("冲销", "Reversed"),
        visit(extra="""
        mi_settlement
        setl_id | mdtrt_id | certno | med_type | begntime | medfee_sumamt | init_setl_id | gend \
| dise_codg
        R1      | V1       | P1     | 21       | 2023-03-02 | -140        | S1           | 1 \
| O80.000
        """),
        excluded("REVERSED"),
    ),
    Case(T("无户籍数据则降级", "Without the household register one step lower"), visit(),
         CLUE.replace("| M", "| L"), lacks=("police_person",), untested=("SEX_CHANGED",)),
)


def removals(
    *operations: str, second: str = "2023-06-01", more: str = "", cells: str = ""
) -> str:
    """Stays V1 and V2 of P1; operations each "visit date code"."""
    rows = "\n".join(
        f"{v} | {n} | {code} | 2023-{day}"
        for n, (v, day, code) in enumerate((o.split() for o in operations), 1)
    )
    return f"""
    mi_settlement
    mdtrt_id | certno | fixmedins_code | med_type | begntime   | brdy | fund_pay_sumamt | acct_pay
    V1       | P1     | H1             | 21       | 2023-03-01 | 1980-01-01 | 900 | 90
    V2       | P1     | H2             | 21       | {second}   | 1980-01-01 | 500 | 50
    mi_operation
    mdtrt_id | oprn_srt_no | oprn_code | oprn_date
    {rows}
    {LISTS}
    {more}
    """


TWICE = "P1 | gallbladder | clue | | 500.00 | 50.00 | M"


def once(code: str) -> str:
    return f"P1 | gallbladder | excluded | {code} | 0.00 | 0.00 |"


ORGANS = (
    Case(T("胆囊切除两次", "A gallbladder removed twice"),
         removals("V1 03-02 51.2200", "V2 06-02 51.2300"), TWICE, untested=()),
    Case(T("两个不同器官", "Two organs"), removals("V1 03-02 51.2200", "V2 06-02 47.0100"), "none"),
    Case(T("同一日两条编码", "Two codes of one date"),
         removals("V1 03-02 51.2200", "V1 03-02 51.2300"), "none"),
    Case(T("先部分后全切", "A part first, then all of it"),
         removals("V1 03-02 51.2100", "V2 06-02 51.2300"), once("PARTIAL_ORGAN")),
    Case(T("先全切后部分", "All of it first, then a part"),
         removals("V1 03-02 51.2300", "V2 06-02 51.2100"), once("PARTIAL_ORGAN")),
    Case(T("两次全切之间有部分", "A part between two removals"),
         removals("V1 03-02 51.2300", "V2 06-02 51.2300", "V2 05-02 51.2100"),
         "P1 | gallbladder | clue | PARTIAL_ORGAN | 500.00 | 50.00 | M"),
    Case(T("两人", "Two persons"),
         removals("V1 03-02 51.2200", "V2 06-02 51.2300").replace("V2       | P1", "V2 | P2"),
         "none"),
    Case(
        T("后一次冲销", "The later stay reversed"),
        removals("V1 03-02 51.2200", "V2 06-02 51.2300", more="""
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | medfee_sumamt \
| init_setl_id
        R1      | V2       | P1     | H2             | 21       | 2023-06-05 | -550 | S2
        """),
        once("REVERSED"),
    ),
    Case(
        T("前一次冲销", "The earlier stay reversed"),
        removals("V1 03-02 51.2200", "V2 06-02 51.2300", more="""
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | medfee_sumamt \
| init_setl_id
        R1      | V1       | P1     | H1             | 21       | 2023-03-05 | -990 | S1
        """),
        once("REVERSED"),
    ),
    Case(
        T("后一次为新生儿", "The later patient is an infant"),
        removals("V1 03-02 47.0100", "V2 06-02 47.0100", more="""
        mi_inpatient
        mdtrt_id | adm_time   | newborn_flag
        V2       | 2023-06-01 | 1
        """),
        "P1 | appendix | excluded | NEWBORN_UNDER_MOTHER | 0.00 | 0.00 |",
    ),
)


def child(born: str, *, stated: str = "1980-01-01", drug: str = "KIDS", extra: str = "") -> str:
    holders = f"holders\nperson | sex | born\nP1 | 1 | {born}" if born else ""
    return f"""
    mi_settlement
    certno | gend | brdy     | begntime   | fund_pay_sumamt | acct_pay
    P1     | 1    | {stated} | 2023-03-01 | 100             | 40
    mi_fee
    setl_id | fee_ocur_time | med_list_codg | det_item_fee_sumamt
    S1      | 2023-03-01    | {drug}        | 10
    mi_drug
    med_list_codg | dose_per_unit | max_daily_dose | start_date | child_only
    KIDS          | 1             | 1              | 2020-01-01 | 1
    PLAIN         | 1             | 1              | 2020-01-01 | 0
    {holders}
    {extra}
    """


CHILDREN = (
    Case(T("满十八岁当日", "On the eighteenth birthday"), child("2005-03-01"), CLUE, untested=()),
    Case(T("满十八岁前一日", "The day before"), child("2005-03-02"), "none"),
    Case(T("非儿童专用药", "A drug for everybody"), child("1980-01-01", drug="PLAIN"), "none"),
    Case(T("儿童药已退", "The child's drug was given back"),
         child("1980-01-01", extra=given_back("KIDS")), "none"),
    Case(T("证件无出生日期取登记的", "The birth date stated where the number says none"),
         child("", stated="2005-03-01"), CLUE),
    Case(T("登记的儿童", "A child by the date stated"), child("", stated="2015-03-01"), "none"),
    Case(T("新生儿用母亲账号", "An infant under the mother's number"),
         child("1990-01-01", stated="2023-02-20"), excluded("NEWBORN_UNDER_MOTHER")),
    Case(
        T("冲销", "Reversed"),
        child("1980-01-01", extra="""
        mi_settlement
        setl_id | mdtrt_id | certno | begntime | medfee_sumamt | init_setl_id
        R1      | V1       | P1     | 2023-03-02 | -140        | S1
        """),
        excluded("REVERSED"),
    ),
)


@pytest.mark.parametrize("case", SEXES, ids=lambda c: c.title.en)
def test_sex(case: Case, engine: Any) -> None:
    check(SEXES, case, impersonation, engine, rule="a")


@pytest.mark.parametrize("case", ORGANS, ids=lambda c: c.title.en)
def test_organ(case: Case, engine: Any) -> None:
    check(ORGANS, case, impersonation, engine, rule="b")


@pytest.mark.parametrize("case", CHILDREN, ids=lambda c: c.title.en)
def test_child_drug(case: Case, engine: Any) -> None:
    check(CHILDREN, case, impersonation, engine, rule="c")


SPECIFIED = (impersonation, {"a": SEXES, "b": ORGANS, "c": CHILDREN})
