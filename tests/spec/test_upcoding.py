"""MI-23 by cases. Lists and case groups are shared by all cases of the lake, so in the tables `#`
before a code and `@` for the first letter of a group make them the case's own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.upcoding import upcoding
from tests.spec.harness import Case, check


def numbered(*cases: Case) -> tuple[Case, ...]:
    return tuple(
        replace(c, tables=c.tables.replace("#", f"{n}:").replace("@", chr(ord("A") + n)))
        for n, c in enumerate(cases)
    )


def stay(
    billed: str = "BED",
    *,
    diagnosis: str = "#J96.000 | 2 | CC",
    group: str = "@R23 | 1.2",
    more: str = "",
    days: str = "2023-05-01 | 2023-05-08",
) -> str:
    """One stay of 1,000 yuan from the fund; `billed` are the codes of its lines."""
    lines = "\n".join(f"S1 | {n} | 2023-05-02 | {c} | 100" for n, c in enumerate(billed.split()))
    return f"""
    mi_settlement
    setl_id | mdtrt_id | certno | med_type | begntime   | fund_pay_sumamt | acct_pay
    S1      | V1       | P1     | 21       | 2023-05-01 | 1000            | 200
    mi_inpatient
    mdtrt_id | certno | fixmedins_code | adm_time | dscg_time | drg_code | drg_weight
    V1       | P1     | H1             | {days} | {group}
    mi_fee
    setl_id | feedetl_sn | fee_ocur_time | med_list_codg | det_item_fee_sumamt
    {lines}
    mi_diagnosis
    mdtrt_id | diag_srt_no | diag_code | diag_type | cc_level
    V1       | 1           | I63.900   | 1         | none
    V1       | 2           | {diagnosis}
    {more}
    """


def listed(note: str = "#OX、#VENT", *, code: str = "J96", start: str = "2020-01-01",
           end: str = "") -> str:  # fmt: skip
    return f"""
    mi_code_list
    list | code | start_date | end_date | note
    cc_treatment | #{code} | {start} | {end} | {note}
    """


def groups(*rows: str) -> str:
    """Stays of others, as far as their case group and weight."""
    body = "\n".join(
        f"X{n} | P{n + 10} | H9 | 2023-04-01 | 2023-04-05 | {row}" for n, row in enumerate(rows)
    )
    head = "mdtrt_id | certno | fixmedins_code | adm_time | dscg_time | drg_code | drg_weight"
    return f"mi_inpatient\n{head}\n{body}\n"


REVERSAL = """
mi_settlement
setl_id | mdtrt_id | certno | med_type | begntime   | medfee_sumamt | fund_pay_sumamt | init_setl_id
R1      | V1       | P1     | 21       | 2023-05-09 | {fee}         | {fund}          | S1
"""
RETURNED = """
mi_fee
setl_id | feedetl_sn | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt
R1      | 0          | 2023-05-02    | OX1           | -1  | -100
"""


def clue(fund: str = "0.00", severity: str = "M") -> str:
    return f"H1 | P1 | V1 | clue | | {fund} | 0.00 | {severity}"


STAYS = numbered(
    Case(T("并发症无治疗", "No treatment billed"), stay() + listed(), clue(), untested=()),
    Case(T("已收取其一", "One of the treatments billed"), stay("BED OX1") + listed(), "none"),
    Case(T("收取另一治疗", "The other one billed"), stay("VENT") + listed(), "none"),
    Case(T("名单无此诊断则不检验", "A diagnosis without an entry is not tested"),
         stay() + listed(code="J95"), "none"),
    Case(T("名单按前缀", "Entries are beginnings"), stay() + listed(code="J"), clue()),
    Case(T("名单尚未生效", "The entry begins after the stay"),
         stay() + listed(start="2023-05-09"), "none"),
    Case(T("名单当日生效", "The entry begins on the last day"),
         stay() + listed(start="2023-05-08"), clue()),
    Case(T("名单已失效", "The entry ended the day before"), stay() + listed(end="2023-05-07"),
         "none"),
    Case(T("没有并发症级别", "No complication"),
         stay(diagnosis="#J96.000 | 2 | none") + listed(), "none"),
    Case(T("严重并发症", "A major one"), stay(diagnosis="#J96.000 | 2 | MCC") + listed(), clue()),
    Case(T("入院诊断不计", "A diagnosis of admission does not count"),
         stay(diagnosis="#J96.000 | 3 | CC") + listed(), "none"),
    Case(T("没有明细则不检验", "Without lines nothing is known"), stay("") + listed(), "none"),
    Case(T("无并发症的权重已知", "The weight without it is known"),
         stay() + listed() + groups("@R25 | 0.9"), clue("250.00")),
    Case(T("另一病组的权重不算", "Another family tells nothing"),
         stay() + listed() + groups("@R15 | 0.9"), clue()),
    Case(T("同组两种权重", "Two weights of one group"),
         stay() + listed() + groups("@R25 | 0.9", "@R25 | 0.8"), clue()),
    Case(T("权重不低", "A weight that is not lower"),
         stay() + listed() + groups("@R25 | 1.2"), clue()),
    Case(
        T("仍有一项并发症", "Another complication keeps the weight"),
        stay(more="V1 | 3 | E87.600 | 2 | CC") + listed() + groups("@R25 | 0.9", "@R23 | 1.2"),
        clue(),
    ),
    Case(
        T("严重降为一般", "From major to common"),
        stay(diagnosis="#J96.000 | 2 | MCC", group="@R21 | 2", more="V1 | 3 | E87.600 | 2 | CC")
        + listed() + groups("@R25 | 0.9", "@R23 | 1.5"),
        clue("250.00"),
    ),
    Case(
        T("两项均无治疗, 只计一次", "Two without treatment: counted once"),
        stay(more="V1 | 3 | #J96.900 | 2 | CC") + listed() + groups("@R25 | 0.9"),
        clue("250.00"),
    ),
    Case(T("全部冲销", "Wholly reversed"),
         stay() + listed() + REVERSAL.format(fee="-1200", fund="-1000"),
         "H1 | P1 | V1 | excluded | REVERSED | 0.00 | 0.00 |"),
    Case(T("治疗被退", "The treatment was given back"),
         stay("BED OX1") + listed() + REVERSAL.format(fee="-100", fund="-40") + RETURNED
         + groups("@R25 | 0.9"),
         clue("240.00")),
)  # fmt: skip


@pytest.mark.parametrize("case", STAYS, ids=lambda c: c.title.en)
def test_stay(case: Case, engine: Any) -> None:
    check(STAYS, case, upcoding, engine, rule="a")


def hospitals(*counts: tuple[int, int], level: str = "2", quarter: str = "2023-05-10") -> str:
    """Stays and, of them, those with a complication; the first is of H1, and so on."""
    places = "\n".join(f"H{n} | place | {level}" for n in range(1, len(counts) + 1))
    stays, codes = [], []
    for n, (cases, heavy) in enumerate(counts, 1):
        for k in range(cases):
            stays.append(f"H{n}-{k} | P1 | H{n} | 2023-03-30 | {quarter}")
            if k < heavy:
                codes.append(f"H{n}-{k} | 1 | J96.000 | 2 | CC")
    return "\n".join(
        (
            "mi_institution", "fixmedins_code | name | hosp_lv", places,
            "mi_inpatient", "mdtrt_id | certno | fixmedins_code | adm_time | dscg_time", *stays,
            "mi_diagnosis", "mdtrt_id | diag_srt_no | diag_code | diag_type | cc_level", *codes,
        )
    )  # fmt: skip


def reversed_stays(*stays: str) -> str:
    rows = []
    for n, visit in enumerate(stays):
        rows.append(f"S{n} | {visit} | P1 | H1 | 21 | 2023-04-01 | 100 | 100 |")
        rows.append(f"R{n} | {visit} | P1 | H1 | 21 | 2023-05-11 | -100 | -100 | S{n}")
    head = (
        "setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | medfee_sumamt"
        " | fund_pay_sumamt | init_setl_id"
    )
    return "\n".join(("\nmi_settlement", head, *rows))


PEERS = ((10, 1), (10, 2), (10, 3), (10, 2), (10, 2))
# Shares of the peers: mean 0.2, variance 0.004, sd 0.0632; mean + 3 sd is 0.3897.
OUTLIER = "H1 | 2023Q2 | clue | | 0.00 | 0.00 | M"
SHARES = (
    Case(T("占比突出", "Far above the peers"), hospitals((50, 20), *PEERS), OUTLIER, untested=()),
    Case(T("三倍标准差以下", "Below three sd"), hospitals((50, 19), *PEERS), "none"),
    Case(T("四十九例", "49 stays"), hospitals((49, 40), *PEERS), "none"),
    Case(T("四家同级", "Four peers"), hospitals((50, 40), *PEERS[:4]), "none"),
    Case(T("同级都高", "All of the level"), hospitals(*[(50, 40)] * 6), "none"),
    Case(T("未出院不计", "Not discharged by then"), hospitals((50, 20), *PEERS, quarter=""),
         "none"),
    Case(T("按出院季度", "By quarter of discharge"),
         hospitals((50, 20), *PEERS, quarter="2023-03-31"), OUTLIER.replace("Q2", "Q1")),
    Case(T("冲销后不足", "Too few once reversed"),
         hospitals((50, 20), *PEERS) + reversed_stays("H1-0"),
         "H1 | 2023Q2 | excluded | REVERSED | 0.00 | 0.00 |"),
    Case(T("冲销后仍突出", "Still far above once reversed"),
         hospitals((60, 40), *PEERS) + reversed_stays("H1-0"),
         OUTLIER.replace("clue |", "clue | REVERSED")),
)  # fmt: skip


@pytest.mark.parametrize("case", SHARES, ids=lambda c: c.title.en)
def test_share(case: Case, engine: Any) -> None:
    check(SHARES, case, upcoding, engine, rule="b")


SPECIFIED = (upcoding, {"a": STAYS, "b": SHARES})
