"""MI-19 by cases: therapist T, patient P1, sessions RUN of 60 minutes on one bill of 1000."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.rehabilitation import rehabilitation
from tests.spec.harness import Case, check, days_after

ITEMS = """
mi_catalogue
med_list_codg | kind       | minutes | one_to_one | active
RUN           | rehab      | 60      | 1          | 1
HAND          | rehab      | 30      | 1          | 0
GROUP         | rehab      | 60      | 0          | 1
WAX           | rehab      |         | 1          | 0
EVAL          | rehab_eval |         |            |
TREAT         | treat      |         |            |
"""
HEAD = "mi_settlement\nsetl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime " \
    "| endtime | fund_pay_sumamt | acct_pay | medfee_sumamt | dise_codg\n"
OUT = HEAD + "S1 | V1 | P1 | H1 | 11 | 2023-05-01 | | 600 | 200 | 1000 | I63.900\n" \
    "S2 | V2 | P2 | H1 | 11 | 2023-05-01 | | 600 | 200 | 1000 | I63.900\n"
FEES = "mi_fee\nsetl_id | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt " \
    "| exec_dr_codg | sess_no | fee_endtime\n"


def fees(*rows: str, of: str = "") -> str:
    """bill | time | code | quantity | amount | therapist | session | end"""
    return ITEMS + (of or OUT) + FEES + "".join(f"{row}\n" for row in rows)


def reversal(number: int = 1, med_type: str = "11") -> str:
    return HEAD.replace("dise_codg", "dise_codg | init_setl_id") + (
        f"R{number} | V{number} | P{number} | H1 | {med_type} | 2023-05-01 | | -600 | -200 | -1000 "
        f"| | S{number}\n"
    )


def stay(*rows: str, first: str = "2023-05-01", days: int = 30, inpatient: str = "",
         columns: str = "") -> str:  # fmt: skip
    """A stay of so many dates, admission and discharge included."""
    last = days_after(first, days - 1)
    bills = HEAD + f"S1 | V1 | P1 | H1 | 21 | {first} | {last} | 600 | 200 | 1000 | I63.900\n"
    register = (
        f"mi_inpatient\nmdtrt_id | adm_time | dscg_time | adm_dept{columns}\n"
        f"V1 | {first} 09:00 | {last} 14:00 | R{inpatient}\n"
    )
    return fees(*rows, of=bills + register)


def on(day: int, code: str = "RUN", amount: str = "100", time: str = "", who: str = "T",
       sess: str = "", end: str = "") -> str:  # fmt: skip
    """A session on the n-th date of a stay from 1 May."""
    moment = f"{days_after('2023-05-01', day - 1)} {time}".strip()
    return f"S1 | {moment} | {code} | 1 | {amount} | {who} | {sess} | {end}"


C = "H1 | P1 | V1 | clue | | 600.00 | 200.00 | M"
EVALUATED = (
    Case(T("三十日无评定", "Thirty dates without one"), stay(on(5)), C, untested=()),
    Case(T("二十九日", "Twenty-nine dates"), stay(on(5), days=29), "none"),
    Case(T("窗口内有评定", "One within"), stay(on(5), on(20, "EVAL")), "none"),
    Case(
        T("一次结算, 份额合并舍入", "Seven sevenths of a bill are all of it"),
        stay(*(on(n) for n in range(2, 9))), C,
    ),
    Case(
        T("评定当日不算空窗", "The day of evaluation is none of the empty ones"),
        stay(on(31), on(31, "EVAL"), days=40), "none",
    ),
    Case(
        T("评定后满三十日, 只计其后的治疗", "Thirty after it: only the sessions there"),
        stay(on(1, "EVAL"), on(1, amount="300"), on(2, amount="600"), days=31),
        "H1 | P1 | V1 | clue | | 360.00 | 120.00 | M",
    ),
    Case(
        T("两次评定之间二十九日", "Twenty-nine between two"),
        stay(on(1, "EVAL"), on(10), on(31, "EVAL"), days=31), "none",
    ),
    Case(
        T("首次治疗前三十日内的评定", "One thirty days before the first session"),
        stay(on(5), days=33) + HEAD + "S2 | V2 | P1 | H1 | 11 | 2023-04-05 | | 1 | 1 | 2 |\n"
        + FEES + "S2 | 2023-04-05 | EVAL | 1 | 2 | T | |\n", "none",
    ),
    Case(
        T("首次治疗前三十一日的评定", "One thirty-one days before"),
        stay(on(5), days=33) + HEAD + "S2 | V2 | P1 | H1 | 11 | 2023-04-04 | | 1 | 1 | 2 |\n"
        + FEES + "S2 | 2023-04-04 | EVAL | 1 | 2 | T | |\n", C,
    ),
    Case(
        T("他人的评定", "Somebody else's"),
        stay(on(5)) + HEAD + "S2 | V2 | P2 | H1 | 11 | 2023-05-03 | | 1 | 1 | 2 |\n"
        + FEES + "S2 | 2023-05-03 | EVAL | 1 | 2 | T | |\n", C,
    ),
    Case(
        T("冲销", "Reversed"), stay(on(5)) + reversal(1, "21"),
        "H1 | P1 | V1 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

OPERATION = "mi_operation\nmdtrt_id | oprn_srt_no | oprn_code | oprn_date | oprn_begntime " \
    "| oprn_endtime\n"
HOURS = OPERATION + "V1 | 1 | 81.5100 | 2023-05-03 | 2023-05-03 10:00 | 2023-05-03 12:00\n"


def outside(n: int, amount: str = "600.00 | 200.00", level: str = "H") -> str:
    return f"H1 | P1 | V1 | {days_after('2023-05-01', n - 1)} | clue | | {amount} | {level}"


OUTSIDE = (
    Case(T("入院当日", "On the day of admission"), stay(on(1), days=5), "none"),
    Case(T("出院当日", "On the day of discharge"), stay(on(5), days=5), "none"),
    Case(T("入院前一日", "The day before"), stay(on(0), days=5), outside(0), untested=()),
    Case(T("出院次日", "The day after"), stay(on(6), days=5), outside(6)),
    Case(
        T("只计住院之外的", "Only what lies outside"),
        stay(on(2, amount="750"), on(6, amount="250"), days=5), outside(6, "150.00 | 50.00"),
    ),
    Case(
        T("手术中开始", "Begun in theatre"), stay(on(3, time="11:59"), days=5) + HOURS,
        outside(3),
    ),
    Case(
        T("手术刚结束", "As the operation ends"), stay(on(3, time="12:00"), days=5) + HOURS,
        "none",
    ),
    Case(
        T("按项目时长延入手术", "Runs into the operation by its minutes"),
        stay(on(3, time="09:01"), days=5) + HOURS, outside(3),
    ),
    Case(
        T("恰在手术开始前结束", "Ends as the operation begins"),
        stay(on(3, time="09:00"), days=5) + HOURS, "none",
    ),
    Case(
        T("记有结束时间", "Its end is recorded"),
        stay(on(3, time="09:30", end="2023-05-03 10:00"), days=5) + HOURS, "none",
    ),
    Case(
        T("手术只有日期", "The operation has no hours"),
        stay(on(3, time="11:00"), days=5) + OPERATION + "V1 | 1 | 81.5100 | 2023-05-03 | |\n",
        "none",
    ),
    Case(T("治疗只有日期", "The session has no hour"), stay(on(3), days=5) + HOURS, "none"),
    Case(
        T("手术未归集, 不降级", "Operations are not held: the clue stands"),
        stay(on(6), days=5), outside(6), lacks=("mi_operation",), untested=("DURING_OPERATION",),
    ),
    Case(
        T("冲销", "Reversed"), stay(on(6), days=5) + reversal(1, "21"),
        "H1 | P1 | V1 | 2023-05-06 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

COLUMNS = " | uncons_begntime | uncons_endtime"


def coma(row: str, first: str = "2023-05-02 08:00", last: str = "2023-05-04 08:00") -> str:
    return stay(row, days=9, inpatient=f" | {first} | {last}", columns=COLUMNS)


UNCONSCIOUS = (
    Case(
        T("昏迷时段内", "While unconscious"), coma(on(3, time="09:00")),
        "H1 | P1 | V1 | 2023-05-03 | clue | | 600.00 | 200.00 | M", untested=(),
    ),
    Case(
        T("昏迷开始时刻", "As it begins"), coma(on(2, time="08:00")),
        "H1 | P1 | V1 | 2023-05-02 | clue",
    ),
    Case(T("昏迷前", "Before it"), coma(on(2, time="07:59")), "none"),
    Case(T("清醒时刻", "As it ends"), coma(on(4, time="08:00")), "none"),
    Case(T("被动训练不问", "Not active"), coma(on(3, "HAND", time="09:00")), "none"),
    Case(
        T("无时刻, 中间一日", "No hour: a day in between"), coma(on(3)),
        "H1 | P1 | V1 | 2023-05-03 | clue",
    ),
    Case(T("无时刻, 首日", "No hour: the first day"), coma(on(2)), "none"),
    Case(
        T("昏迷无结束至出院", "No end: until discharge"), coma(on(8, time="09:00"), last=""),
        "H1 | P1 | V1 | 2023-05-08 | clue",
    ),
    Case(T("无昏迷记录", "Never unconscious"), stay(on(3, time="09:00"), days=9), "none"),
    Case(
        T("冲销", "Reversed"), coma(on(3, time="09:00")) + reversal(1, "21"),
        "H1 | P1 | V1 | 2023-05-03 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

LIMIT = "mi_code_list\nlist | code | value | start_date\n" \
    "rehab_limit | I | 2 | 2020-01-01\nrehab_limit | I63 | 3 | 2020-01-01\n"
FILING = "mi_filing\nfiling_id | kind | certno | start_date | end_date | days | fixmedins_code\n"
FOUR = stay(*(on(n, amount="250") for n in (1, 2, 3, 4)), days=9)
LIMITS = (
    Case(
        T("第四日超限", "The fourth day is beyond three"), FOUR + LIMIT,
        "H1 | P1 | V1 | clue | | 150.00 | 50.00 | M", untested=(),
    ),
    Case(
        T("恰为三日", "Exactly three"), stay(*(on(n) for n in (1, 2, 3)), days=9) + LIMIT, "none",
    ),
    Case(
        T("同日两次是一日", "Two on one date are one day"),
        stay(on(1), on(2), on(3), on(3, "HAND"), days=9) + LIMIT, "none",
    ),
    Case(
        T("一次结算, 份额合并舍入", "Four sevenths of a bill, rounded once"),
        stay(*(on(n) for n in range(1, 8)), days=9) + LIMIT,
        "H1 | P1 | V1 | clue | | 342.86 | 114.29 | M",
    ),
    Case(
        T("无限定天数", "No limit for the diagnosis"), FOUR.replace("I63.900", "M51.200") + LIMIT,
        "none",
    ),
    Case(
        T("以主要诊断为准", "By the main diagnosis"),
        FOUR + LIMIT + "mi_diagnosis\nmdtrt_id | diag_code\nV1 | S14.100\n", "none",
    ),
    Case(
        T("已备案延期一日", "One more day is filed"),
        FOUR + LIMIT + FILING + "F1 | rehab_ext | P1 | 2023-05-01 | 2023-05-31 | 1 |\n",
        "H1 | P1 | V1 | excluded | EXTENSION_FILED | 0.00 | 0.00 |",
    ),
    Case(
        T("超出备案天数", "Beyond what was filed"),
        stay(*(on(n, amount="200") for n in (1, 2, 3, 4, 5)), days=9) + LIMIT
        + FILING + "F1 | rehab_ext | P1 | 2023-05-01 | 2023-05-31 | 1 |\n",
        "H1 | P1 | V1 | clue | EXTENSION_FILED | 120.00 | 40.00 | M",
    ),
    Case(
        T("备案已过期", "The filing has ended"),
        FOUR + LIMIT + FILING + "F1 | rehab_ext | P1 | 2023-04-01 | 2023-05-03 | 1 |\n",
        "H1 | P1 | V1 | clue",
    ),
    Case(
        T("备案在他院", "Filed for another institution"),
        FOUR + LIMIT + FILING + "F1 | rehab_ext | P1 | 2023-05-01 | 2023-05-31 | 1 | H2\n",
        "H1 | P1 | V1 | clue",
    ),
    Case(
        T("别种备案", "Another kind of filing"),
        FOUR + LIMIT + FILING + "F1 | chronic | P1 | 2023-05-01 | 2023-05-31 | 1 |\n",
        "H1 | P1 | V1 | clue",
    ),
    Case(
        T("备案未归集", "Filings are not held"), FOUR + LIMIT,
        "H1 | P1 | V1 | clue | | 150.00 | 50.00 | L", lacks=("mi_filing",),
        untested=("EXTENSION_FILED",),
    ),
    Case(
        T("冲销", "Reversed"), FOUR + LIMIT + reversal(1, "21"),
        "H1 | P1 | V1 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

PAIRS = "mi_item_pair\ncode_a | code_b | relation | scope | start_date\n" \
    "RUN | HAND | exclusive | session | 2020-01-01\n"
RUN_1, HAND_1 = on(2, amount="700", sess="1"), on(2, "HAND", amount="300", sess="1")
PAIRED = "H1 | P1 | V1 | 2023-05-02 | clue | | 180.00 | 60.00 | M"
EXCLUSIVE = (
    Case(
        T("同一单元, 计较便宜者", "One session: the cheaper"), stay(RUN_1, HAND_1) + PAIRS, PAIRED,
    ),
    Case(
        T("两个单元", "Two sessions"), stay(RUN_1, HAND_1.replace("T | 1", "T | 2")) + PAIRS,
        "none",
    ),
    Case(
        T("单元未记录, 同一治疗师", "No session: one therapist"),
        stay(RUN_1.replace("T | 1", "T |"), HAND_1) + PAIRS, PAIRED, untested=(),
    ),
    Case(
        T("单元未记录, 两名治疗师", "No session: two therapists"),
        stay(RUN_1.replace("T | 1", "T |"), HAND_1.replace("T | 1", "U |")) + PAIRS, "none",
    ),
    Case(
        T("两日同号单元", "The same number on two days"),
        stay(RUN_1, HAND_1.replace("05-02", "05-03")) + PAIRS, "none",
    ),
    Case(
        T("互斥关系尚未生效", "Not yet exclusive"),
        stay(RUN_1, HAND_1) + PAIRS.replace("2020-01-01", "2023-05-03"), "none",
    ),
    Case(T("非互斥", "Not exclusive"), stay(RUN_1, HAND_1), "none"),
    Case(
        T("冲销", "Reversed"), stay(RUN_1, HAND_1) + PAIRS + reversal(1, "21"),
        "H1 | P1 | V1 | 2023-05-02 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)


def ward(items: str, *, size: int = 20, without: dict[int, str] | None = None) -> str:
    bills, stays, lines = [], [], []
    for n in range(1, size + 1):
        bills.append(f"S{n} | V{n} | P{n} | H1 | 21 | 2023-05-01 | | 60 | 20 | 100 |")
        stays.append(f"V{n} | 2023-05-01 09:00 | 2023-05-20 | W")
        given = [i for i in items.split() if i not in (without or {}).get(n, "").split()]
        lines += [f"S{n} | 2023-05-09 | {i} | 1 | 10 | T | |" for i in given]
        lines.append(f"S{n} | 2023-05-01 | TREAT | 1 | {100 - 10 * len(given)} | | |")
    register = "mi_inpatient\nmdtrt_id | adm_time | dscg_time | adm_dept\n" + "\n".join(stays)
    return fees(*lines, of=HEAD + "\n".join(bills) + f"\n{register}\n")


SETS = (
    Case(
        T("人人同三项", "Everybody bears the same three"), ward("RUN HAND WAX"),
        "H1 | W | 2023-05 | clue | | 360.00 | 120.00 | M", untested=(),
    ),
    Case(
        T("恰为九成", "Exactly nine tenths"), ward("RUN HAND WAX", without={1: "RUN", 2: "HAND"}),
        "H1 | W | 2023-05 | clue | | 348.00 | 116.00 | M",
    ),
    Case(
        T("不足九成", "Fewer"), ward("RUN HAND WAX", without={1: "RUN", 2: "HAND", 3: "WAX"}),
        "none",
    ),
    Case(T("两项", "Two items"), ward("RUN HAND"), "none"),
    Case(T("十九名", "Nineteen admissions"), ward("RUN HAND WAX", size=19), "none"),
    Case(
        T("冲销后不足", "Too few once one is reversed"),
        ward("RUN HAND WAX", without={1: "RUN", 2: "HAND"}) + reversal(3, "21"),
        "H1 | W | 2023-05 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)


def of(letter: str, cases: tuple[Case, ...]) -> list[Any]:
    return [pytest.param(letter, cases, c, id=f"{letter}-{c.title.zh}") for c in cases]


ALL = [
    *of("c", EVALUATED), *of("d", OUTSIDE),
    *of("e", UNCONSCIOUS), *of("f", LIMITS), *of("g", EXCLUSIVE), *of("h", SETS),
]  # fmt: skip


@pytest.mark.parametrize(("letter", "cases", "case"), ALL)
def test_rehabilitation(letter: str, cases: tuple[Case, ...], case: Case, engine: Any) -> None:
    check(cases, case, rehabilitation, engine, rule=letter)


SPECIFIED = (
    rehabilitation,
    {"c": EVALUATED, "d": OUTSIDE, "e": UNCONSCIOUS, "f": LIMITS, "g": EXCLUSIVE, "h": SETS},
)
