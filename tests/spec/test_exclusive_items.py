"""MI-14 (d), (e) by cases: two items of one visit that must not both be charged."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.overcharging import overcharging
from tests.spec.harness import Case, check
from tests.spec.test_overcharging import REVERSAL, bill

EXCLUDE = """
mi_item_pair
code_a | code_b | relation  | start_date | scope
A      | B      | exclusive | 2020-01-01 | day
"""
SITED = "body_site | incision_no"
BOTH = "H1 | P1 | V1 | A | B | 2023-05-02 | clue | | 60.00 | 20.00"


def both(a: str = "L |", b: str = "L |", day: str = "2023-05-02") -> str:
    """A for 300 and B for 100, with site and incision of each."""
    return bill(
        f"2023-05-02 | A | 1 | 300 | {a}", f"{day} | B | 1 | 100 | {b}",
        "2023-05-03 | Z | 1 | 600 | |", columns=SITED,
    )


def operations(n: int) -> str:
    rows = [f"V1 | {i} | 47.0{i} | 2023-05-02" for i in range(n)]
    return "\n".join(("mi_operation", "mdtrt_id | oprn_srt_no | oprn_code | oprn_date", *rows, ""))


PAIRS = (
    Case(
        T("同日同部位, 取较低者", "One day and site: the cheaper"), both() + EXCLUDE,
        BOTH + " | M", untested=(),
    ),
    Case(
        T("部位未记录", "No site recorded"), both("|", "L |") + EXCLUDE, BOTH + " | L",
        untested=("SITE",),
    ),
    Case(
        T("不同部位", "Different sites"), both("L |", "R |") + EXCLUDE,
        "H1 | P1 | V1 | A | B | 2023-05-02 | excluded | DIFFERENT_SITES | 0.00 | 0.00 |",
    ),
    Case(T("不同日", "Another day"), both(day="2023-05-03") + EXCLUDE, "none"),
    Case(
        T("两次手术不同切口", "Two operations, two incisions"),
        both("L | 1", "L | 2") + EXCLUDE + operations(2),
        "H1 | P1 | V1 | A | B | 2023-05-02 | excluded | SEPARATE_INCISIONS | 0.00 | 0.00 |",
    ),
    Case(
        T("不同切口, 仅一次手术", "Two incisions of one operation"),
        both("L | 1", "L | 2") + EXCLUDE + operations(1), BOTH + " | M", untested=(),
    ),
    Case(
        T("两次手术同一切口", "Two operations, one incision"),
        both("L | 1", "L | 1") + EXCLUDE + operations(2), BOTH + " | M", untested=(),
    ),
    Case(
        T("两次手术, 切口未记录", "Two operations, incisions not numbered"),
        both() + EXCLUDE + operations(2), BOTH + " | L", untested=("SEPARATE_INCISIONS",),
    ),
    Case(
        T("一项兼有两部位, 同部位者成立", "Sites pair with their own"),
        bill(
            "2023-05-02 | A | 1 | 300 | L", "2023-05-02 | A | 1 | 300 | R",
            "2023-05-02 | B | 1 | 100 | L", "2023-05-03 | Z | 1 | 300 |", columns="body_site",
        ) + EXCLUDE,
        "H1 | P1 | V1 | A | B | 2023-05-02 | clue | DIFFERENT_SITES | 60.00 | 20.00 | M",
    ),
    Case(
        T("关系尚未生效", "The relation is not yet in force"),
        both() + EXCLUDE.replace("2020-01-01", "2023-05-03"), "none",
    ),
    Case(
        T("按单元互斥属康复规则", "Exclusive within a session is not asked here"),
        both() + EXCLUDE.replace("| day", "| session"), "none",
    ),
    Case(
        T("双向登记只算一次", "Listed in both directions it is one pair"),
        both() + EXCLUDE + "B | A | exclusive | 2020-01-01 | day\n", BOTH + " | M",
    ),
    Case(
        T("冲销", "Reversed"), both() + EXCLUDE + REVERSAL,
        "H1 | P1 | V1 | A | B | 2023-05-02 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

INCLUDE = EXCLUDE.replace("exclusive", "included ")
PART = "H1 | P1 | V1 | A | B | clue | | 60.00 | 20.00 | M"
INCLUSIVE = (
    Case(T("内涵项目同日收费", "The part on the same day"), both() + INCLUDE, PART, untested=()),
    Case(T("部位未记录亦成立", "Without a site too"), both("|", "|") + INCLUDE, PART, untested=()),
    Case(T("按日, 不同日", "By day, another day"), both(day="2023-05-03") + INCLUDE, "none"),
    Case(
        T("按住院, 不同日", "By stay, another day"),
        both(day="2023-05-03") + INCLUDE.replace("| day", "| stay"), PART,
    ),
    Case(
        T("不同部位", "Another site"), both("L |", "R |") + INCLUDE,
        "H1 | P1 | V1 | A | B | excluded | DIFFERENT_SITES | 0.00 | 0.00 |",
    ),
    Case(
        T("两次手术不同切口", "Two operations, two incisions"),
        both("L | 1", "L | 2") + INCLUDE + operations(2),
        "H1 | P1 | V1 | A | B | excluded | SEPARATE_INCISIONS | 0.00 | 0.00 |",
    ),
    Case(
        T("仅收内涵项目", "The part alone"),
        bill("2023-05-02 | B | 1 | 100") + INCLUDE, "none",
    ),
    Case(
        T("同一单元", "Within one session"),
        bill(
            "2023-05-02 | A | 1 | 300 | 1", "2023-05-02 | B | 1 | 100 | 1",
            "2023-05-03 | Z | 1 | 600 |", columns="sess_no",
        ) + INCLUDE.replace("| day", "| session"),
        PART,
    ),
    Case(
        T("另一单元", "Another session"),
        bill("2023-05-02 | A | 1 | 300 | 1", "2023-05-02 | B | 1 | 100 | 2", columns="sess_no")
        + INCLUDE.replace("| day", "| session"),
        "none",
    ),
    Case(
        T("主项两日, 内涵项一行只计一次", "Beside two charges the part counts once"),
        bill(
            "2023-05-02 | A | 1 | 300", "2023-05-03 | A | 1 | 300", "2023-05-03 | B | 1 | 100",
            "2023-05-03 | Z | 1 | 300",
        ) + INCLUDE.replace("| day", "| stay"),
        PART,
    ),
    Case(
        T("冲销", "Reversed"), both() + INCLUDE + REVERSAL,
        "H1 | P1 | V1 | A | B | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

RULES = {"d": PAIRS, "e": INCLUSIVE}


@pytest.mark.parametrize(
    ("rule", "case"),
    [pytest.param(r, c, id=f"{r} {c.title.en}") for r, cases in RULES.items() for c in cases],
)
def test_case(rule: str, case: Case, engine: Any) -> None:
    check(RULES[rule], case, overcharging, engine, rule)


SPECIFIED = (overcharging, RULES)
