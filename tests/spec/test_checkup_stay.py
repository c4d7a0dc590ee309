"""MI-07 by cases. P1, born in 1960, lies in H1 from 05-01 for three days with a mild illness."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.checkup_stay import checkup_stay
from tests.spec.harness import Case, check, days_after

HEAD = """
mi_catalogue
med_list_codg | list_type | kind
BED           | item      | bed
DRUG          | drug      | drug
DROPS         | drug      |
TREAT         | item      | treat
CT            | item      | exam
BLOOD         | item      | lab
KNIFE         | item      | operation
mi_code_list
list | code | start_date | end_date
mild | K29  | 2020-01-01 |
mild | J06  | 2020-01-01 | 2023-04-30
"""


def stay(
    lines: str = "CT 60, BLOOD 20, BED 20",
    *,
    days: int = 3,
    code: str = "K29.5",
    way: str = "1",
    born: str = "1960-01-01",
    flag: str = "0",
) -> str:
    out = days_after("2023-05-01", days)
    fees = [line.split() for line in lines.split(", ")]
    return HEAD + f"""
holders
person | sex | born
P1 | 1 | {born}
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | endtime | fund_pay_sumamt \
| acct_pay | dise_codg
S1 | A | P1 | H1 | 21 | 2023-05-01 | {out} | 80 | 20 | {code}
mi_inpatient
mdtrt_id | adm_time | dscg_time | dscg_way | newborn_flag
A | 2023-05-01 | {out} | {way} | {flag}
mi_fee
setl_id | fee_ocur_time | med_list_codg | det_item_fee_sumamt
""" + "\n".join(f"S1 | 2023-05-01 | {item} | {amount}" for item, amount in fees) + "\n"


def later(day: str, *, at: str = "H2", kind: str = "21", who: str = "P1") -> str:
    return f"""
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | endtime | dise_codg
S2 | B | {who} | {at} | {kind} | {day} | {days_after(day, 5)} | C34
"""


def operated(day: str, visit: str = "B") -> str:
    return f"""
mi_operation
mdtrt_id | oprn_srt_no | oprn_code | oprn_date
{visit} | 1 | 32.40 | {day}
"""


def clue(level: str = "M") -> str:
    return f"H1 | P1 | A | clue | | 80.00 | 20.00 | {level}"


def excused(code: str) -> str:
    return f"H1 | P1 | A | excluded | {code} | 0.00 | 0.00 |"


RULED_OUT = "SERIOUS_DISEASE_RULED_OUT"

CASES = (
    Case(T("三日, 八成检查检验", "Three days, four fifths of it examinations"), stay(), clue(),
         untested=()),
    Case(T("四日", "Four days"), stay(days=4), "none"),
    Case(T("当日出院", "Out on the same day"), stay(days=0), clue()),
    Case(T("检查恰七成", "Exactly seven tenths"), stay("CT 50, BLOOD 20, BED 30"), clue()),
    Case(T("检查略少", "A little less"), stay("CT 49, BLOOD 20, BED 31"), "none"),
    Case(T("治疗和药品恰一成", "Exactly a tenth of care"), stay("CT 80, DRUG 4, TREAT 6, BED 10"),
         clue()),
    Case(T("治疗和药品略多", "A little more care"), stay("CT 80, DRUG 5, TREAT 6, BED 9"), "none"),
    Case(
        T("无类别的药品也是药品", "A drug without a kind is a drug"),
        stay("CT 80, DROPS 11, BED 9"), "none",
    ),
    Case(
        T("目录外编码只计入总额", "What the catalogue does not know is part of the total alone"),
        stay("CT 65, UNKNOWN 35"), "none",
    ),
    Case(T("非轻症", "No mild illness"), stay(code="I21.0"), "none"),
    Case(T("轻症条目已失效", "No longer on the list"), stay(code="J06.9"), "none"),
    Case(T("无主要诊断", "No main diagnosis"), stay(code=""), clue("L"), untested=("MILD",)),
    Case(
        T("诊断表的主要诊断优先", "The main diagnosis of the list comes first"),
        stay(code="I21.0") + """
        mi_diagnosis
        mdtrt_id | diag_srt_no | diag_type | diag_code
        A        | 1           | 1         | K29.5
        """,
        clue(),
    ),
    Case(T("有手术记录", "An operation recorded"), stay() + operated("2023-05-02", "A"), "none"),
    Case(T("有手术收费", "An operation charged"), stay("CT 80, KNIFE 15, BED 5"), "none"),
    Case(
        T("未归集手术", "Operations were not delivered"), stay(), clue("L"),
        lacks=("mi_operation",), untested=("NO_OPERATION",),
    ),
    Case(
        T("未归集手术, 有手术收费", "Not delivered, but one is charged"),
        stay("CT 80, KNIFE 15, BED 5"), "none", lacks=("mi_operation",),
    ),
    Case(
        T("转院后在他院住院", "Sent on and admitted elsewhere"),
        stay(way="2") + later("2023-05-04"), excused(RULED_OUT),
    ),
    Case(
        T("转院后第三十日住院", "Admitted on the thirtieth day"),
        stay(way="2") + later("2023-06-03"), excused(RULED_OUT),
    ),
    Case(
        T("转院后第三十一日住院", "On the thirty-first"), stay(way="2") + later("2023-06-04"),
        clue(),
    ),
    Case(T("未转院", "Not sent on"), stay() + later("2023-05-04"), clue()),
    Case(T("转院但未住院", "Sent on, admitted nowhere"), stay(way="2"), clue()),
    Case(
        T("转院, 别人住院", "Sent on, somebody else was admitted"),
        stay(way="2") + later("2023-05-04", who="P2"), clue(),
    ),
    Case(
        T("其后手术", "Operated on afterwards"),
        stay() + later("2023-05-20", at="H1") + operated("2023-06-03"), excused(RULED_OUT),
    ),
    Case(
        T("第三十一日手术", "On the thirty-first day"),
        stay() + later("2023-05-20", at="H1") + operated("2023-06-04"), clue(),
    ),
    Case(
        T("其后收取手术费", "An operation charged afterwards"),
        stay() + later("2023-05-20", at="H1") + """
        mi_fee
        setl_id | fee_ocur_time | med_list_codg | det_item_fee_sumamt
        S2      | 2023-05-21    | KNIFE         | 900
        """,
        excused(RULED_OUT),
    ),
    Case(
        T("其后手术费已退", "The operation charged afterwards was given back"),
        stay() + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | medfee_sumamt \
| init_setl_id
        S2 | B | P1 | H1 | 11 | 2023-05-21 | 1000 |
        R2 | B | P1 | H1 | 11 | 2023-05-22 | -900 | S2
        mi_fee
        setl_id | fee_ocur_time | med_list_codg | det_item_fee_sumamt | cnt
        S2      | 2023-05-21    | KNIFE         | 900                 | 1
        S2      | 2023-05-21    | DRUG          | 100                 | 1
        R2      | 2023-05-21    | KNIFE         | -900                | -1
        """,
        clue(),
    ),
    Case(T("不满三岁", "Not yet three"), stay(born="2020-05-02"), excused("UNDER_THREE")),
    Case(T("入院当日满三岁", "Three on the day of admission"), stay(born="2020-05-01"), clue()),
    Case(
        T("新生儿用母亲账号", "A newborn under the mother's number"), stay(flag="1"),
        excused("UNDER_THREE"),
    ),
    Case(
        T("年龄不明", "Age unknown"), stay(born=""), clue("L"), untested=("UNDER_THREE",),
    ),
    Case(T("参数两日", "Two days by parameter"), stay(), "none", params={"max_days": "2"}),
    Case(
        T("整笔冲销", "Reversed as a whole"),
        stay() + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime   | medfee_sumamt \
| fund_pay_sumamt | acct_pay | init_setl_id | dise_codg
        R1      | A        | P1     | H1             | 21       | 2023-05-01 | -100          \
| -80             | -20      | S1           | K29.5
        """,
        excused("REVERSED"),
    ),
    Case(
        T("错号经修复关联", "A mistyped number that is repaired"),
        stay().replace("S1 | A | P1 |", "S1 | A |  |") + """
        links
        row             | person
        mi_settlement:1 | P1
        """,
        clue(), confirm=True,
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, checkup_stay, engine)


SPECIFIED = (checkup_stay, {"": CASES})
