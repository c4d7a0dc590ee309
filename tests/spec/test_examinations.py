"""MI-17 by cases: CT of the chest (CT1) and MR (MR1) of P1, bills of 1000, 600 from the fund."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.examinations import examinations
from tests.spec.harness import Case, check

ITEMS = """
mi_catalogue
med_list_codg | kind | modality | region | enhanced | recog_days | minutes
CT1  | exam     | CT | chest | 0 | 14 |
CT2  | exam     | CT | chest | 0 | |
CTE  | exam     | CT | chest | 1 | |
MR1  | exam     | MR | chest | 0 | |
CTH  | exam     | CT | head  | 0 | |
US1  | exam     | US | chest | 0 | |
DYE  | contrast | | | | |
PET  | exam     | PET | body | 0 | | 120
TREAT | treat   | | | | |
"""


def visits(*rows: str, columns: str = "") -> str:
    """number | day [| columns]: outpatient bills of P1, each 600 fund, 200 account, 1000 in all."""
    head = "setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt " \
        "| acct_pay | medfee_sumamt | dise_codg"
    extra = f" | {columns}" if columns else ""
    lines = ["mi_settlement", head + extra]
    for row in rows:
        cells = [c.strip() for c in row.split("|")]
        number, place, day = cells[:3]
        more = "".join(f" | {c}" for c in cells[3:])
        lines.append(
            f"S{number} | V{number} | P1 | {place} | 11 | {day} | 600 | 200 | 1000 | J18.900{more}"
        )
    return "\n".join((*lines, ""))


def fees(*rows: str, columns: str = "body_site") -> str:
    """bill | day | code | quantity | amount | columns"""
    head = f"setl_id | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt | {columns}"
    return "\n".join(("mi_fee", head, *rows, ""))


FIRST = "S1 | 2023-05-01 | CT1 | 1 | 1000 | L"


def two(day: str = "2023-05-08", code: str = "CT1", *, first: str = FIRST, site: str = "L") -> str:
    """A picture on 1 May and another one on `day`."""
    return (
        ITEMS + visits("1 | H1 | 2023-05-01", f"2 | H1 | {day}")
        + fees(first, f"S2 | {day} | {code} | 1 | 1000 | {site}")
    )


LOG = "mi_lab_log\nreport_id | fixmedins_code | system | med_list_codg | exam_time | mdtrt_id " \
    "| protocol | result_status | contrast | positive\n"
REVERSAL = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt | acct_pay \
| medfee_sumamt | init_setl_id
R1 | V2 | P1 | H1 | 11 | 2023-05-08 | -600 | -200 | -1000 | S2
"""
P = "H1 | P1 | V2 | CT1 | clue | | 600.00 | 200.00 | M"

REPEATS = (
    Case(T("第七日重复", "Again on day seven"), two(), P, untested=()),
    Case(T("第八日不算", "Not on day eight"), two("2023-05-09"), "none"),
    Case(
        T("两种方法", "CT, then MR"), two("2023-05-04", "MR1"),
        "H1 | P1 | V2 | MR1 | clue | | 600.00 | 200.00 | M", untested=(),
    ),
    Case(T("两种方法同日不算", "Both methods on one day"), two("2023-05-01", "MR1"), "none"),
    Case(
        T("同一方法同日两次", "One method twice on one day"), two("2023-05-01", "CT2"),
        "H1 | P1 | V2 | CT2 | clue | | 600.00 | 200.00 | M",
    ),
    Case(
        T("一行数量二, 只计一半", "Two on one line: one of them is flagged"),
        ITEMS + visits("1 | H1 | 2023-05-01") + fees("S1 | 2023-05-01 | CT1 | 2 | 1000 | L"),
        "H1 | P1 | V1 | CT1 | clue | | 300.00 | 100.00 | M",
    ),
    Case(T("不同部位", "Another region"), two(code="CTH"), "none"),
    Case(T("超声不计", "Ultrasound is neither"), two(code="US1"), "none"),
    Case(
        T("他院不属本项", "Another institution is not this question"),
        two().replace("S2 | V2 | P1 | H1", "S2 | V2 | P1 | H2"), "none",
    ),
    Case(
        T("主要诊断类目改变", "The main diagnosis has changed"),
        two() + "mi_diagnosis\nmdtrt_id | diag_code\nV1 | J18.900\nV2 | I26.900\n", "none",
    ),
    Case(
        T("同类目不同细目", "Another code of the same category"),
        two() + "mi_diagnosis\nmdtrt_id | diag_code\nV1 | J18.900\nV2 | J18.000\n", P,
    ),
    Case(
        T("诊断未记录", "No diagnosis is recorded"), two().replace("J18.900", ""),
        "H1 | P1 | V2 | CT1 | clue | | 600.00 | 200.00 | L", untested=("SAME_DIAGNOSIS",),
    ),
    Case(
        T("参数: 三日", "Within three days only"), two(), "none", params={"repeat_days": "3"},
    ),
    Case(
        T("部分金额", "The picture is a part of the bill"),
        ITEMS + visits("1 | H1 | 2023-05-01", "2 | H1 | 2023-05-08")
        + fees(FIRST, "S2 | 2023-05-08 | CT1 | 1 | 250 | L", "S2 | 2023-05-08 | TREAT | 1 | 750 |"),
        "H1 | P1 | V2 | CT1 | clue | | 150.00 | 50.00 | M",
    ),
    Case(
        T("冲销", "Reversed"), two() + REVERSAL,
        "H1 | P1 | V2 | CT1 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("前次已冲销", "The earlier one was reversed"),
        two() + REVERSAL.replace("V2", "V1").replace("| S2", "| S1"),
        "H1 | P1 | V2 | CT1 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("急诊标志", "The later one is an emergency"),
        two().replace("dise_codg", "dise_codg | emer_flag").replace("J18.900", "J18.900 | 1"),
        "H1 | P1 | V2 | CT1 | excluded | EMERGENCY | 0.00 | 0.00 |",
    ),
    Case(
        T("急诊就诊类型", "By the type of care"),
        two().replace("S2 | V2 | P1 | H1 | 11", "S2 | V2 | P1 | H1 | 13"),
        "H1 | P1 | V2 | CT1 | excluded | EMERGENCY | 0.00 | 0.00 |",
    ),
    Case(
        T("前次急诊不算", "An emergency before excuses nothing"),
        two().replace("S1 | V1 | P1 | H1 | 11", "S1 | V1 | P1 | H1 | 13"), P,
    ),
    Case(
        T("术后三十日内", "Thirty days after an operation"),
        two() + "mi_operation\nmdtrt_id | oprn_srt_no | oprn_code | oprn_date\n"
        "V1 | 1 | 32.4100 | 2023-04-08\n",
        "H1 | P1 | V2 | CT1 | excluded | POST_OPERATION | 0.00 | 0.00 |",
    ),
    Case(
        T("术后三十一日", "Thirty-one days after"),
        two() + "mi_operation\nmdtrt_id | oprn_srt_no | oprn_code | oprn_date\n"
        "V1 | 1 | 32.4100 | 2023-04-07\n", P,
    ),
    Case(
        T("手术在后次之后", "An operation after both"),
        two() + "mi_operation\nmdtrt_id | oprn_srt_no | oprn_code | oprn_date\n"
        "V1 | 1 | 32.4100 | 2023-05-09\n", P,
    ),
    Case(
        T("前次图像不合格", "The first picture failed"),
        two() + LOG + "L1 | H1 | PACS | CT1 | 2023-05-01 | V1 | | image_failed | |\n",
        "H1 | P1 | V2 | CT1 | excluded | IMAGE_FAILURE | 0.00 | 0.00 |",
    ),
    Case(
        T("后次图像不合格不算", "The second one failed"),
        two() + LOG + "L1 | H1 | PACS | CT1 | 2023-05-08 | V2 | | image_failed | |\n", P,
    ),
    Case(
        T("部位记录不同", "Another site is recorded"), two(site="R"),
        "H1 | P1 | V2 | CT1 | excluded | DIFFERENT_SITE | 0.00 | 0.00 |",
    ),
    Case(
        T("序列不同", "Another sequence"),
        two(site="", first=FIRST.replace("| L", "|")) + LOG
        + "L1 | H1 | PACS | CT1 | 2023-05-01 | V1 | plain | ok | |\n"
        "L2 | H1 | PACS | CT1 | 2023-05-08 | V2 | thin | ok | |\n",
        "H1 | P1 | V2 | CT1 | excluded | DIFFERENT_SITE | 0.00 | 0.00 |",
    ),
    Case(
        T("两种方法序列自不同", "Two methods never share a protocol"),
        two("2023-05-04", "MR1") + LOG
        + "L1 | H1 | PACS | CT1 | 2023-05-01 | V1 | plain | ok | |\n"
        "L2 | H1 | PACS | MR1 | 2023-05-04 | V2 | T2 | ok | |\n",
        "H1 | P1 | V2 | MR1 | clue | | 600.00 | 200.00 | M",
    ),
    Case(
        T("平扫后增强是另一序列", "Plain, then enhanced"), two(code="CTE"),
        "H1 | P1 | V2 | CTE | excluded | DIFFERENT_SITE | 0.00 | 0.00 |",
    ),
    Case(
        T("部位与序列均未记录", "Neither site nor sequence is known"),
        two(site="", first=FIRST.replace("| L", "|")),
        "H1 | P1 | V2 | CT1 | clue | | 600.00 | 200.00 | L", untested=("DIFFERENT_SITE",),
    ),
    Case(
        T("无手术和日志数据", "Operations and logs are not held"), two(),
        "H1 | P1 | V2 | CT1 | clue | | 600.00 | 200.00 | L",
        lacks=("mi_operation", "mi_lab_log"), untested=("POST_OPERATION", "IMAGE_FAILURE"),
    ),
    Case(
        T("证件错号经修复关联", "The number is repaired"),
        two().replace("S2 | V2 | P1", "S2 | V2 | ") + "links\nrow | person\nmi_settlement:2 | P1\n",
        P, confirm=True,
    ),
    Case(
        T("三次检查, 各为一次", "Of three pictures two are repeats"),
        ITEMS + visits("1 | H1 | 2023-05-01", "2 | H1 | 2023-05-03", "3 | H1 | 2023-05-05")
        + fees(FIRST, "S2 | 2023-05-03 | CT1 | 1 | 9 | L", "S3 | 2023-05-05 | CT1 | 1 | 9 | R"),
        """
        H1 | P1 | V2 | CT1 | clue | | 600.00 | 200.00 | M
        H1 | P1 | V3 | CT1 | excluded | DIFFERENT_SITE | 0.00 | 0.00 |
        """,
    ),
)

ENHANCED = ITEMS + visits("1 | H1 | 2023-05-01")
ALONE = "S1 | 2023-05-01 | CTE | 1 | 400 |"
AGENT = "S1 | 2023-05-01 | DYE | 1 | 600 |"
CONTRAST = (
    Case(
        T("无造影剂", "No agent"), ENHANCED + fees(ALONE, "S1 | 2023-05-01 | TREAT | 1 | 600 |"),
        "H1 | P1 | V1 | CTE | clue | | 240.00 | 80.00 | M", untested=(),
    ),
    Case(T("有造影剂", "With the agent"), ENHANCED + fees(ALONE, AGENT), "none"),
    Case(
        T("造影剂在次日", "The agent of the next day"),
        ENHANCED + fees(ALONE, AGENT.replace("05-01", "05-02")),
        "H1 | P1 | V1 | CTE | clue | | 240.00 | 80.00 | M",
    ),
    Case(
        T("日志记有造影", "The log shows contrast"),
        ENHANCED + fees(ALONE) + LOG + "L1 | H1 | PACS | CTE | 2023-05-01 | V1 | | ok | 1 |\n",
        "none",
    ),
    Case(
        T("日志记无造影", "The log shows none"),
        ENHANCED + fees(ALONE) + LOG + "L1 | H1 | PACS | CTE | 2023-05-01 | V1 | | ok | 0 |\n",
        "H1 | P1 | V1 | CTE | clue | | 600.00 | 200.00 | M",
    ),
    Case(
        T("日志未归集", "No log is held"), ENHANCED + fees(ALONE),
        "H1 | P1 | V1 | CTE | clue | | 600.00 | 200.00 | L",
        lacks=("mi_lab_log",), untested=("NO_CONTRAST_LOGGED",),
    ),
    Case(
        T("平扫不问造影剂", "A plain picture needs none"),
        ENHANCED + fees("S1 | 2023-05-01 | CT1 | 1 | 400 |"), "none",
    ),
    Case(
        T("冲销", "Reversed"),
        ENHANCED + fees(ALONE) + REVERSAL.replace("V2", "V1").replace("| S2", "| S1"),
        "H1 | P1 | V1 | CTE | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

def other(day: str = "2023-05-15", code: str = "CT1", first: str = "CT1", site: str = "L") -> str:
    lines = f"S1 | 2023-05-01 | {first} | 1 | 1000 | L", f"S2 | {day} | {code} | 1 | 10 | {site}"
    return ITEMS + visits("1 | H1 | 2023-05-01", f"2 | H2 | {day}") + fees(*lines)


G = "H2 | P1 | V2 | CT1 | clue | | 600.00 | 200.00 | M"
RECOGNISED = (
    Case(T("互认期末日", "On the last day of recognition"), other(), G, untested=()),
    Case(T("互认期过后", "A day later"), other("2023-05-16"), "none"),
    Case(T("前次不互认", "The earlier item is not recognised"), other(first="CT2"), "none"),
    Case(
        T("同法同部位的另一项目", "Another item of one method and region"), other(code="CT2"),
        "H2 | P1 | V2 | CT2 | clue | | 600.00 | 200.00 | M",
    ),
    Case(T("他院改用磁共振", "MR elsewhere is another examination"), other(code="MR1"), "none"),
    Case(
        T("诊断改变仍须互认", "A changed diagnosis is no condition here"),
        other() + "mi_diagnosis\nmdtrt_id | diag_code\nV1 | J18.900\nV2 | I26.900\n", G,
    ),
    Case(
        T("同一医院两个院区", "Two campuses of one hospital"),
        other() + "mi_institution\nfixmedins_code | campus_of\nH2 | H1\n", "none",
    ),
    Case(
        T("冲销", "Reversed"), other() + REVERSAL.replace("H1", "H2"),
        "H2 | P1 | V2 | CT1 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("急诊", "Emergency"), other().replace("H2 | 11", "H2 | 13"),
        "H2 | P1 | V2 | CT1 | excluded | EMERGENCY | 0.00 | 0.00 |",
    ),
    Case(
        T("两次之间有手术", "An operation between the two"),
        other() + "mi_operation\nmdtrt_id | oprn_srt_no | oprn_code | oprn_date\n"
        "V2 | 1 | 32.4100 | 2023-05-02\n",
        "H2 | P1 | V2 | CT1 | excluded | POST_OPERATION | 0.00 | 0.00 |",
    ),
    Case(
        T("前次图像不合格", "The first picture failed"),
        other() + LOG + "L1 | H1 | PACS | CT1 | 2023-05-01 | V1 | | image_failed | |\n",
        "H2 | P1 | V2 | CT1 | excluded | IMAGE_FAILURE | 0.00 | 0.00 |",
    ),
    Case(
        T("部位不同", "Another site"), other(site="R"),
        "H2 | P1 | V2 | CT1 | excluded | DIFFERENT_SITE | 0.00 | 0.00 |",
    ),
)


def of(letter: str, cases: tuple[Case, ...]) -> list[Any]:
    return [pytest.param(letter, cases, c, id=f"{letter}-{c.title.zh}") for c in cases]


ALL = [
    *of("a", REPEATS), *of("b", CONTRAST), *of("g", RECOGNISED),
]  # fmt: skip


@pytest.mark.parametrize(("letter", "cases", "case"), ALL)
def test_examinations(letter: str, cases: tuple[Case, ...], case: Case, engine: Any) -> None:
    check(cases, case, examinations, engine, rule=letter)


SPECIFIED = (examinations, {"a": REPEATS, "b": CONTRAST, "g": RECOGNISED})
