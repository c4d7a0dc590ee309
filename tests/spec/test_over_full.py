"""MI-04 (c) by cases. H1 has four open beds, so that more than 4.6 inpatients are too many."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.bed_hanging import bed_hanging
from tests.spec.harness import Case, check


def ward(*spans: str, beds: str = "4", who: tuple[str, ...] = ()) -> str:
    """Stays in H1, one a person: "02-05" lasts from 05-02 to 05-05."""
    settlements, stays = [], []
    for n, span in enumerate(spans, 1):
        first, last = (f"2023-05-{day}" for day in span.split("-"))
        person = who[n - 1] if who else f"P{n}"
        settlements.append(f"S{n} | V{n} | {person} | H1 | 21 | {first} | {last} | 100")
        stays.append(f"V{n} | {first} | {last}")
    return "\n".join((
        "mi_settlement",
        "setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | endtime "
        "| fund_pay_sumamt",
        *settlements,
        "mi_inpatient",
        "mdtrt_id | adm_time | dscg_time",
        *stays,
        "mi_institution",
        "fixmedins_code | beds_open",
        f"H1 | {beds}",
        "",
    ))


def reversal(of: str = "5") -> str:
    return f"""
    mi_settlement
    setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime   | medfee_sumamt \
| fund_pay_sumamt | init_setl_id
    R{of}   | V{of}    | P{of}  | H1             | 21       | 2023-05-02 | -100          \
| -100            | S{of}
    """


FOUR = ("01-10", "01-10", "01-10", "01-10")


def clue(day: str) -> str:
    return f"H1 | 2023-05-{day} | clue | | 0.00 | 0.00 | M"


CASES = (
    Case(T("四床五人", "Five in four beds"), ward(*FOUR, "03-05"), clue("03"), untested=()),
    Case(T("四床四人", "Four in four beds"), ward(*FOUR), "none"),
    Case(T("恰为一点一五倍", "Exactly 1.15 times"), ward(*["01-04"] * 23, beds="20"), "none"),
    Case(T("略多", "One more"), ward(*["01-04"] * 24, beds="20"), clue("01")),
    Case(
        T("出院日不计", "The day of discharge does not count"),
        ward("01-03", "01-03", "01-03", "01-03", "03-06"), "none",
    ),
    Case(T("入院日计", "The day of admission counts"), ward(*FOUR, "09-12"), clue("09")),
    Case(
        T("两段各为一条", "Two runs are two clues"), ward(*FOUR, "02-04", "05-07"),
        clue("02") + "\n" + clue("05"),
    ),
    Case(T("相连的两段为一条", "Joined days are one"), ward(*FOUR, "02-04", "04-07"), clue("02")),
    Case(
        T("同一人两次住院只算一人", "One person in two stays is one"),
        ward(*FOUR, "02-05", who=("P1", "P2", "P3", "P4", "P4")), "none",
    ),
    Case(T("床位数为空", "Beds not on file"), ward(*FOUR, "03-05", beds=""), "none"),
    Case(
        T("冲销后不超", "Not too many once one is reversed"), ward(*FOUR, "03-05") + reversal(),
        "H1 | 2023-05-03 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("冲销后仍超", "Still too many"), ward(*FOUR, "03-05", "03-05") + reversal(), clue("03"),
    ),
    Case(
        T("参数一点二五", "By parameter 1.25"), ward(*FOUR, "03-05"), "none",
        params={"bed_ratio": "1.25"},
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, bed_hanging, engine, rule="c")


SPECIFIED = (bed_hanging, {"c": CASES})
