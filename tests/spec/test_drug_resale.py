"""MI-12 (a) and (b) by cases: what one person buys."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.drug_resale import drug_resale
from tests.spec.harness import Case, check

# A box lasts ten days at the highest dose: 18 boxes in 90 days are twice what anybody may take.
DRUG = """
mi_drug
med_list_codg | substance | dose_per_unit | max_daily_dose | unit_per_pack | start_date
DRUG          | SUB       | 1000          | 100            | 30            | 2020-01-01
mi_catalogue
med_list_codg | name | list_type | unit
DRUG          | drug  | drug      | box
"""


def bought(*lines: str, drug: str = DRUG) -> str:
    """Purchases of P1, each "institution day boxes", 10 yuan a box, all paid by the fund."""
    settlements, fees = [], []
    for n, line in enumerate(lines, 1):
        place, day, count, *more = line.split()
        code, unit = (*more, *("DRUG", "")[len(more):])
        money = int(count) * 10
        settlements.append(f"S{n} | V{n} | P1 | {place} | 41 | 2023-{day} | {money}")
        fees.append(f"S{n} | 2023-{day} | {code} | {unit} | {count} | {money}")
    return "\n".join(
        [
            "mi_settlement",
            "setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt",
            *settlements,
            "mi_fee",
            "setl_id | fee_ocur_time | med_list_codg | unit | cnt | det_item_fee_sumamt",
            *fees,
            drug,
        ]
    )


THREE = bought("H1 03-01 6", "H2 03-10 6", "H3 05-29 6")
CLUE = "P1 | SUB | 2023-03-01 | clue | | 180.00 | 0.00 | H"


def excluded(code: str) -> str:
    return f"P1 | SUB | 2023-03-01 | excluded | {code} | 0.00 | 0.00 |"


def filed(kind: str, rest: str) -> str:
    return f"""
    mi_filing
    filing_id | kind | certno | start_date | end_date | substance | days | qty
    F1        | {kind} | P1   | {rest}
    """


def member(kind: str, spell: str = "2023-01-01 |", extra: str = "|") -> str:
    return f"""
    mi_programme
    prog_id | kind | fixmedins_code | start_date | end_date | med_list_codg | icd_category
    G1      | {kind} | H9           | 2022-01-01 |          | {extra}
    mi_resident
    prog_id | certno | start_date | end_date
    G1      | P1     | {spell}
    """


REVERSED_PART = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | begntime   | medfee_sumamt | fund_pay_sumamt \
| init_setl_id
S1      | V1       | P1     | H1             | 2023-03-01 | 60  | 60  |
S2      | V2       | P1     | H2             | 2023-03-10 | 60  | 60  |
S3      | V3       | P1     | H3             | 2023-05-29 | {bought} | {bought} |
S4      | V3       | P1     | H3             | 2023-05-30 | -{back} | -{back} | S3
mi_fee
setl_id | fee_ocur_time | cnt | det_item_fee_sumamt
S1      | 2023-03-01    | 6   | 60
S2      | 2023-03-10    | 6   | 60
S3      | 2023-05-29    | {count} | {bought}
S4      | 2023-05-29    | -{returned} | -{back}
""" + DRUG

EXCESS = (
    Case(T("三家机构, 恰为两倍", "Exactly twice the dose from three places"), THREE, CLUE,
         untested=()),
    Case(
        T("少一盒", "A box less"), bought("H1 03-01 6", "H2 03-10 6", "H3 05-29 5"), "none",
    ),
    Case(T("只有两家机构", "Two places only"), bought("H1 03-01 6", "H2 03-10 6", "H1 05-29 6"),
         "none"),
    Case(
        T("第九十一天不在窗口内", "The 91st day lies outside"),
        bought("H1 03-01 6", "H2 03-10 6", "H3 05-30 6"), "none",
    ),
    Case(
        T("下一窗口从前一窗口结束之后开始", "The next window begins after the end of the last"),
        bought("H1 03-01 6", "H2 03-10 6", "H3 05-29 6", "H1 05-30 6", "H2 05-31 6", "H3 06-01 6"),
        CLUE + "\nP1 | SUB | 2023-05-30 | clue | | 180.00 | 0.00 | H",
    ),
    Case(
        T("窗口从最早的购药起", "The earliest start that qualifies"),
        bought("H1 01-01 1", "H1 03-01 6", "H2 03-10 6", "H3 05-29 6"), CLUE,
    ),
    Case(
        T("按片计数除以包装系数", "Tablets count by the pack"),
        bought("H1 03-01 6", "H2 03-10 6", "H3 05-29 180 DRUG tablet"),
        "P1 | SUB | 2023-03-01 | clue | | 1920.00 | 0.00 | H",
    ),
    Case(
        T("按片计数且无包装系数则不计", "Tablets without a pack factor are not counted"),
        bought("H1 03-01 6", "H2 03-10 6", "H3 05-29 180 DRUG tablet",
               drug=DRUG.replace("30            |", "              |")),
        "none",
    ),
    Case(
        T("病房用药不计", "What a ward gives is not taken home"),
        THREE.replace("H3 | 41", "H3 | 21"), "none",
    ),
    Case(
        T("目录有效期外的药品不检验", "A drug whose spell has not begun is not tested"),
        THREE.replace("2020-01-01", "2023-04-01"), "none",
    ),
    Case(
        T("金额按结算份额", "The part of a settlement that the drug is"),
        THREE + """
        mi_fee
        setl_id | feedetl_sn | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt
        S3      | x          | 2023-05-29    | OTHER         | 1   | 60
        """,
        "P1 | SUB | 2023-03-01 | clue | | 150.00 | 0.00 | H",
    ),
    Case(
        T("长处方备案扣减后不足", "A long prescription on file takes enough off"),
        THREE + filed("long_rx", "2023-03-01 | 2023-03-31 | SUB | 30 |"),
        excluded("LONG_PRESCRIPTION"),
    ),
    Case(
        T("长处方按备案数量扣减", "By the quantity filed"),
        THREE + filed("long_rx", "2023-03-01 | 2023-03-31 | SUB | | 1"),
        excluded("LONG_PRESCRIPTION"),
    ),
    Case(
        T("扣减后仍达标, 金额为全部", "Enough is left: all dispensings are at stake"),
        bought("H1 03-01 9", "H2 03-10 6", "H3 05-29 6")
        + filed("long_rx", "2023-03-01 | 2023-03-31 | SUB | 30 |"),
        "P1 | SUB | 2023-03-01 | clue | | 210.00 | 0.00 | H",
    ),
    Case(
        T("一次备案最多八十四天", "A filing takes off 84 days at most"),
        bought("H1 03-01 15", "H2 03-10 6", "H3 05-29 6")
        + filed("long_rx", "2023-03-01 | 2023-03-31 | SUB | 300 |"),
        "P1 | SUB | 2023-03-01 | clue | | 270.00 | 0.00 | H",
    ),
    Case(
        T("另一药品的备案", "A filing for another substance"),
        THREE + filed("long_rx", "2023-03-01 | 2023-03-31 | OTHER | 30 |"), CLUE,
    ),
    Case(
        T("备案期外", "A filing of another time"),
        THREE + filed("long_rx", "2023-03-11 | 2023-05-28 | SUB | 30 |"), CLUE,
    ),
    Case(
        T("遗失补配", "Replacement after a loss"),
        THREE + filed("replace", "2023-05-01 | 2023-05-31 | SUB | 30 |"),
        excluded("REPLACEMENT"),
    ),
    Case(
        T("登记的集中代取", "A resident for whom a home collects"),
        THREE + member("nursing_home"), excluded("BULK_PICKUP"),
    ),
    Case(
        T("已退住", "Moved out before"),
        THREE + member("nursing_home", "2022-01-01 | 2023-02-28"), CLUE,
    ),
    Case(
        T("肿瘤移植用药项目", "A programme for that drug"),
        THREE + member("drug_programme", extra="DRUG |"), excluded("ONCOLOGY_TRANSPLANT"),
    ),
    Case(
        T("按诊断的用药项目", "A programme for the visit's diagnosis"),
        THREE + member("drug_programme", extra=" | C34") + """
        mi_diagnosis
        mdtrt_id | diag_code
        V1       | C34.900
        V2       | C34.900
        V3       | C34.900
        """,
        excluded("ONCOLOGY_TRANSPLANT"),
    ),
    Case(
        T("另一药品的项目", "A programme for another drug"),
        THREE + member("drug_programme", extra="OTHER |"), CLUE,
    ),
    Case(
        T("全部冲销一次", "One purchase wholly reversed"),
        REVERSED_PART.format(bought=60, back=60, count=6, returned=6),
        excluded("REVERSED"),
    ),
    Case(
        T("部分退药仍足", "A part returned, enough is left"),
        REVERSED_PART.format(bought=80, back=20, count=8, returned=2), CLUE,
    ),
    Case(
        T("部分退药后不足", "A part returned, too little is left"),
        REVERSED_PART.format(bought=60, back=10, count=6, returned=1), "none",
    ),
    Case(
        T("无备案数据则降级", "Without filings one step lower"),
        THREE, "P1 | SUB | 2023-03-01 | clue | | 180.00 | 0.00 | M",
        lacks=("mi_filing",), untested=("LONG_PRESCRIPTION", "REPLACEMENT"),
    ),
)


LIST = """
mi_drug
med_list_codg | substance | dose_per_unit | max_daily_dose | start_date | resale_flag
DA            | SA        | 1000          | 100            | 2020-01-01 | 1
DB            | SB        | 1000          | 100            | 2020-01-01 | 1
DC            | SC        | 1000          | 100            | 2020-01-01 | 1
DD            | SD        | 1000          | 100            | 2020-01-01 | {flag}
mi_drug_indication
substance | icd_category
SA        | I25
SB        | I25
SC        | I25
SD        | I25
mi_diagnosis
mdtrt_id | diag_code
V1       | J06.900
V2       | J06.900
V3       | J06.900
V4       | {diagnosis}
"""


def mixed(
    *days: str, flag: int = 1, diagnosis: str = "J06.900", codes: str = "DA DB DC DD"
) -> str:
    lines = (f"H1 {day} 1 {code}" for day, code in zip(days, codes.split(), strict=True))
    return bought(*lines, drug=LIST.format(flag=flag, diagnosis=diagnosis))


FOUR = mixed("03-01", "03-02", "03-03", "05-29")
MIX = "P1 | 2023-03-01 | clue | | 40.00 | 0.00 | H"


def no_mix(code: str) -> str:
    return f"P1 | 2023-03-01 | excluded | {code} | 0.00 | 0.00 |"


ONE_BILL = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | begntime   | medfee_sumamt | acct_pay
S1      | V1       | P1     | H1             | 2023-03-01 | 10            | 1
mi_fee
setl_id | feedetl_sn | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt
S1      | 1          | 2023-03-01    | DA            | 1   | 2
S1      | 2          | 2023-03-01    | DB            | 1   | 2
S1      | 3          | 2023-03-01    | DC            | 1   | 2
S1      | 4          | 2023-03-01    | DD            | 1   | 2
S1      | 5          | 2023-03-01    | OTHER         | 1   | 1
""" + LIST.format(flag=1, diagnosis="J06.900")

MIXES = (
    Case(T("四种易倒卖药品, 诊断无关", "Four substances, no diagnosis fits"), FOUR, MIX,
         untested=()),
    Case(T("三种", "Three substances"), mixed("03-01", "03-02", "03-03", "05-29", flag=0), "none"),
    Case(T("同种两次只算一种", "One substance twice"),
         mixed("03-01", "03-02", "03-03", "05-29", codes="DA DB DC DC"), "none"),
    Case(T("第九十一天", "The 91st day"), mixed("03-01", "03-02", "03-03", "05-30"), "none"),
    Case(T("有一种对症", "One of them fits the diagnosis"),
         mixed("03-01", "03-02", "03-03", "05-29", diagnosis="I25.100"), "none"),
    Case(
        T("诊断未知则未检验", "A visit without a diagnosis is not tested"),
        FOUR.replace("V4       | J06.900", "V9       | J06.900"),
        MIX.replace("| H", "| M"), untested=("UNRELATED",),
    ),
    Case(
        T("目录不载的适应症视为无关", "No indication listed: none fits"),
        mixed("03-01", "03-02", "03-03", "05-29", diagnosis="I25.100").replace(
            "SD        | I25", "SX        | I25"
        ),
        MIX,
    ),
    Case(T("一次结算, 份额合并舍入", "One bill: the part is rounded once"), ONE_BILL,
         "P1 | 2023-03-01 | clue | | 0.00 | 0.89 | H"),
    Case(T("长处方备案", "A long prescription on file"),
         FOUR + filed("long_rx", "2023-05-01 | 2023-05-31 | SD | 30 |"),
         no_mix("LONG_PRESCRIPTION")),
    Case(T("遗失补配", "Replacement after a loss"),
         FOUR + filed("replace", "2023-05-01 | 2023-05-31 | SD | 30 |"), no_mix("REPLACEMENT")),
    Case(T("集中代取", "Collected for a home"), FOUR + member("bulk_pickup"),
         no_mix("BULK_PICKUP")),
    Case(T("用药项目", "A drug programme"), FOUR + member("drug_programme", extra="DD |"),
         no_mix("ONCOLOGY_TRANSPLANT")),
    Case(T("筛查项目不免除", "Another kind of programme excuses nothing"),
         FOUR + member("screening", extra="DD |"), MIX),
    Case(
        T("冲销其中一次", "One of the purchases reversed"),
        FOUR + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | begntime | medfee_sumamt | fund_pay_sumamt \
| init_setl_id
        S9      | V4       | P1     | H1             | 2023-05-30 | -10 | -10 | S4
        """,
        no_mix("REVERSED"),
    ),
)


@pytest.mark.parametrize("case", EXCESS, ids=lambda c: c.title.en)
def test_excess(case: Case, engine: Any) -> None:
    check(EXCESS, case, drug_resale, engine, rule="a")


@pytest.mark.parametrize("case", MIXES, ids=lambda c: c.title.en)
def test_mix(case: Case, engine: Any) -> None:
    check(MIXES, case, drug_resale, engine, rule="b")


SPECIFIED = (drug_resale, {"a": EXCESS, "b": MIXES})
