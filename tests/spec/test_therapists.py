"""MI-19 by cases: the therapist's day, T's licence and T's absence."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.rehabilitation import rehabilitation
from tests.spec.harness import Case, check
from tests.spec.test_rehabilitation import fees, of, reversal


def run(quantity: str, *, bill: str = "S1", code: str = "RUN", amount: str = "1000",
        day: str = "2023-05-01", who: str = "T") -> str:  # fmt: skip
    return f"{bill} | {day} | {code} | {quantity} | {amount} | {who} | |"


MINUTES = (
    Case(T("恰好 528 分钟", "Exactly 528 minutes"), fees(run("8.8")), "none"),
    Case(
        T("超过 528 分钟, 计超出份额", "Beyond 528 minutes: the share beyond"), fees(run("11")),
        "H1 | T | 2023-05-01 | clue | | 120.00 | 40.00 | M", untested=(),
    ),
    Case(
        T("两名患者相加", "Two patients add up"), fees(run("5"), run("6", bill="S2")),
        "H1 | T | 2023-05-01 | clue | | 240.00 | 80.00 | M",
    ),
    Case(
        T("两名治疗师不相加", "Two therapists do not"),
        fees(run("5"), run("6", who="U", bill="S2")),
        "none",
    ),
    Case(
        T("两日不相加", "Nor do two days"), fees(run("5"), run("6", day="2023-05-02")), "none",
    ),
    Case(
        T("无分钟的项目不计", "Items without minutes do not count"),
        fees(run("8"), run("20", code="WAX")), "none",
    ),
    Case(T("执行人未记录", "No therapist is recorded"), fees(run("11", who="")), "none"),
    Case(
        T("参数: 八小时整", "Eight hours and no more"), fees(run("8.8")),
        "H1 | T | 2023-05-01 | clue", params={"tolerance": "1.0"},
    ),
    Case(
        T("集体项目", "A group"), fees(run("5"), run("6", code="GROUP", bill="S2")),
        "H1 | T | 2023-05-01 | excluded | GROUP_ITEM | 0.00 | 0.00 |",
    ),
    Case(
        T("除集体项目仍超", "Still over without the group"),
        fees(run("11"), run("6", code="GROUP", bill="S2")),
        "H1 | T | 2023-05-01 | clue | GROUP_ITEM | 120.00 | 40.00 | M",
    ),
    Case(
        T("冲销后不超", "Not over once a bill is reversed"),
        fees(run("5"), run("6", bill="S2")) + reversal(),
        "H1 | T | 2023-05-01 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

STAFF = "mi_staff\nstaff_codg | role | licence_from | licence_to | assistant_flag\n"
AWAY = "mi_absence\nstaff_codg | start_date | end_date | kind\n"
ONE = fees(run("1"))
GOOD = STAFF + "T | therapist | 2016-01-01 | | 0\n"
B = "H1 | T | 2023-05-01 | clue | | 600.00 | 200.00 | H"
LICENCES = (
    Case(T("在岗持证", "There and licensed"), ONE + GOOD, "none"),
    Case(
        T("缺勤首日", "The first day away"),
        ONE + GOOD + AWAY + "T | 2023-05-01 | 2023-05-09 | leave\n", B, untested=(),
    ),
    Case(
        T("缺勤末日", "The last day away"),
        ONE + GOOD + AWAY + "T | 2023-04-20 | 2023-05-01 | leave\n", B,
    ),
    Case(
        T("销假次日", "The day after"),
        ONE + GOOD + AWAY + "T | 2023-04-20 | 2023-04-30 | leave\n", "none",
    ),
    Case(
        T("执业证前一日注销", "Cancelled the day before"),
        ONE + STAFF + "T | therapist | 2016-01-01 | 2023-04-30 | 0\n", B,
    ),
    Case(
        T("执业证当日注销", "Valid on its last day"),
        ONE + STAFF + "T | therapist | 2016-01-01 | 2023-05-01 | 0\n", "none",
    ),
    Case(
        T("执业证次日发放", "Issued the day after"),
        ONE + STAFF + "T | therapist | 2023-05-02 | | 0\n", B,
    ),
    Case(T("名册无此人", "Not in the register"), ONE + GOOD.replace("T |", "U |"), B),
    Case(
        T("持证助理", "A licensed assistant"),
        ONE + STAFF + "T | therapist | 2023-05-02 | | 1\n",
        "H1 | T | 2023-05-01 | excluded | ASSISTANT_LICENSED | 0.00 | 0.00 |",
    ),
    Case(
        T("助理缺勤", "An assistant who was away"),
        ONE + STAFF + "T | therapist | 2016-01-01 | | 1\n"
        + AWAY + "T | 2023-05-01 | 2023-05-09 | leave\n", B,
    ),
    Case(
        T("助理证已注销", "An assistant whose licence was cancelled"),
        ONE + STAFF + "T | therapist | 2016-01-01 | 2023-04-30 | 1\n", B,
    ),
    Case(
        T("是否助理未记录", "Whether an assistant is not recorded"),
        ONE + STAFF + "T | therapist | 2023-05-02 | |\n",
        "H1 | T | 2023-05-01 | clue | | 600.00 | 200.00 | M", untested=("ASSISTANT_LICENSED",),
    ),
    Case(
        T("冲销", "Reversed"),
        ONE + GOOD + AWAY + "T | 2023-05-01 | 2023-05-09 | leave\n" + reversal(),
        "H1 | T | 2023-05-01 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

ALL = [*of("a", MINUTES), *of("b", LICENCES)]


@pytest.mark.parametrize(("letter", "cases", "case"), ALL)
def test_therapists(letter: str, cases: tuple[Case, ...], case: Case, engine: Any) -> None:
    check(cases, case, rehabilitation, engine, rule=letter)


SPECIFIED = (rehabilitation, {"a": MINUTES, "b": LICENCES})
