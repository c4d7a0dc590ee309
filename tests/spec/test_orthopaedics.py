"""MI-15 by cases: stays at H1 and what is charged, registered and bought for them."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.orthopaedics import orthopaedics
from tests.spec.harness import Case, check

KINDS = ("implant", "screw", "pedicle_screw", "plate", "cement", "biologic", "npwt", "operation")
CATALOGUE = "\n".join((
    "mi_catalogue", "med_list_codg | kind | unit", *(f"{k.upper()} | {k} | 个" for k in KINDS), "",
))
STAYS = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt | acct_pay \
| medfee_sumamt
S1 | V1 | P1 | H1 | 21 | 2023-05-01 | 600 | 200 | 1000
S2 | V2 | P2 | H1 | 21 | 2023-05-20 | 600 | 200 | 1000
"""
REVERSAL = """
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt | acct_pay \
| medfee_sumamt | init_setl_id
R{n} | V{n} | P{n} | H1 | 21 | 2023-05-01 | -600 | -200 | -1000 | S{n}
"""


def bill(*lines: str, columns: str = "") -> str:
    """Two stays, the catalogue and lines: settlement | day | code | quantity | amount [| …]."""
    head = "setl_id | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt"
    head += f" | {columns}" if columns else ""
    return STAYS + CATALOGUE + "\n".join(("mi_fee", head, *lines, ""))


def operated(*rows: str) -> str:
    """visit | order | code | side"""
    return "\n".join((
        "mi_operation", "mdtrt_id | oprn_srt_no | oprn_code | oprn_date | side",
        *(" | ".join((*row.split(" | ")[:3], "2023-05-02", row.split(" | ")[3])) for row in rows),
        "",
    ))


LISTS = """
mi_code_list
list             | code  | start_date
revision         | 00.7  | 2020-01-01
hardware_removal | 97.88 | 2020-01-01
arthroplasty     | 81.5  | 2020-01-01
"""
ONE = bill(
    "S1 | 2023-05-02 | IMPLANT | 1 | 500 | 1", "S1 | 2023-05-03 | Z | 1 | 500 | 1",
    columns="bear_type",
)
A = "H1 | P1 | V1 | clue | | 300.00 | 100.00 | M"


def excused(code: str, key: str = "H1 | P1 | V1") -> str:
    return f"{key} | excluded | {code} | 0.00 | 0.00 |"


IMPLANT = (
    Case(
        T("植入物, 手术在他系统", "An implant, an operation of another system"),
        ONE + operated("V1 | 1 | 86.22 | L") + LISTS, A, untested=(),
    ),
    Case(T("七十八类", "Chapter 78"), ONE + operated("V1 | 1 | 78.55 | L"), "none"),
    Case(T("八十一类", "Chapter 81"), ONE + operated("V1 | 1 | 81.51 | L"), "none"),
    Case(T("七十七类", "Chapter 77"), ONE + operated("V1 | 1 | 77.45 | L") + LISTS, A),
    Case(T("八十二类", "Chapter 82"), ONE + operated("V1 | 1 | 82.45 | L") + LISTS, A),
    Case(T("该次住院无手术记录", "No operation of the stay is recorded"), ONE, "none"),
    Case(
        T("他次住院的手术不算", "Another stay's operation does not count"),
        ONE + operated("V1 | 1 | 86.22 | L", "V2 | 1 | 79.35 | L") + LISTS, A,
    ),
    Case(
        T("骨水泥不是植入物", "Cement is no implant"),
        bill("S1 | 2023-05-02 | CEMENT | 1 | 500") + operated("V1 | 1 | 86.22 | L"), "none",
    ),
    Case(
        T("两个部位的手术", "Operations of two sites"),
        ONE + operated("V1 | 1 | 86.22 | L", "V1 | 2 | 83.88 | L") + LISTS,
        excused("MULTIPLE_TRAUMA"),
    ),
    Case(
        T("同一手术两侧不是多发创伤", "One code on two sides is not several"),
        ONE + operated("V1 | 1 | 86.22 | L", "V1 | 2 | 86.22 | R") + LISTS, A,
    ),
    Case(
        T("翻修", "Revision"), ONE + operated("V1 | 1 | 00.70 | L") + LISTS, excused("REVISION")
    ),
    Case(
        T("取出内固定", "Removal of hardware"), ONE + operated("V1 | 1 | 97.88 | L") + LISTS,
        excused("HARDWARE_REMOVAL"),
    ),
    Case(
        T("免费提供", "Supplied free"),
        ONE.replace("500 | 1\nS1 | 2023-05-03", "500 | 3\nS1 | 2023-05-03")
        + operated("V1 | 1 | 86.22 | L") + LISTS,
        excused("FREE_REPLACEMENT"),
    ),
    Case(
        T("登记为免费更换", "Registered as a free replacement"),
        ONE + operated("V1 | 1 | 86.22 | L") + LISTS + """
        mi_implant
        mdtrt_id | impl_srt_no | med_list_codg | free_reason
        V1       | 1           | IMPLANT       | 投诉更换
        """,
        excused("FREE_REPLACEMENT"),
    ),
    Case(
        T("承担方式未记录且无登记", "Nobody says who bears it"),
        ONE.replace("500 | 1", "500 |") + operated("V1 | 1 | 86.22 | L") + LISTS,
        A.replace("| M", "| L"), lacks=("mi_implant", "mi_fee.bear_type"),
        untested=("FREE_REPLACEMENT",),
    ),
    Case(
        T("无规则名单", "Without the code lists"), ONE + operated("V1 | 1 | 86.22 | L"),
        A.replace("| M", "| L"), lacks=("mi_code_list",),
        untested=("REVISION", "HARDWARE_REMOVAL"),
    ),
    Case(
        T("冲销", "Reversed"),
        ONE + operated("V1 | 1 | 86.22 | L") + LISTS + REVERSAL.format(n=1), excused("REVERSED"),
    ),
)


def screws(n: int, kind: str = "SCREW", bear: str = "1", facts: str = "6 |") -> str:
    """`n` screws of 20 yuan; facts: plate holes | fused vertebrae."""
    return bill(
        f"S1 | 2023-05-02 | {kind} | {n} | {n * 20} | {bear}",
        f"S1 | 2023-05-03 | Z | 1 | {1000 - n * 20} | 1", columns="bear_type",
    ) + LISTS + f"""
    mi_implant
    mdtrt_id | impl_srt_no | med_list_codg | cnt | plate_holes | fused_vertebrae
    V1       | 1           | PLATE         | 1   | {facts}
    """


HOLD = operated("V1 | 1 | 79.36 | L")
SCREWS = (
    Case(T("孔数加四", "Holes and four"), screws(10) + HOLD, "none"),
    Case(
        T("多一枚, 计超出份额", "One more: its share"), screws(11) + HOLD,
        "H1 | P1 | V1 | clue | | 12.00 | 4.00 | M", untested=(),
    ),
    Case(
        T("两块钢板", "Two plates of the kind"),
        screws(11).replace("| 1   | 6 |", "| 2   | 6 |") + HOLD, "none",
    ),
    Case(
        T("椎弓根螺钉恰好", "Pedicle screws at the limit"),
        screws(6, "PEDICLE_SCREW", facts="| 2") + HOLD, "none",
    ),
    Case(
        T("椎弓根螺钉多一枚", "A pedicle screw more"),
        screws(7, "PEDICLE_SCREW", facts="| 2") + HOLD,
        "H1 | P1 | V1 | clue | | 12.00 | 4.00 | M",
    ),
    Case(
        T("无骨科登记不检验", "No bone facts, no test"), screws(30, facts="|") + HOLD, "none"
    ),
    Case(
        T("多发创伤", "Several sites"),
        screws(11) + operated("V1 | 1 | 79.36 | L", "V1 | 2 | 79.35 | L"),
        excused("MULTIPLE_TRAUMA"),
    ),
    Case(
        T("同一部位两种术式", "Two codes of one site"),
        screws(11) + operated("V1 | 1 | 79.36 | L", "V1 | 2 | 78.56 | L"),
        "H1 | P1 | V1 | clue",
    ),
    Case(
        T("两侧两种术式", "Two codes on two sides"),
        screws(11) + operated("V1 | 1 | 79.36 | L", "V1 | 2 | 78.56 | R"),
        excused("MULTIPLE_TRAUMA"),
    ),
    Case(
        T("取出内固定", "Removal of hardware"), screws(11) + operated("V1 | 1 | 97.88 | L"),
        excused("HARDWARE_REMOVAL"),
    ),
    Case(T("翻修", "Revision"), screws(11) + operated("V1 | 1 | 00.70 | L"), excused("REVISION")),
    Case(
        T("免费者除外后不超", "Without the free ones it is no longer too many"),
        screws(10).replace(
            "S1 | 2023-05-03 | Z", "S1 | 2023-05-02 | SCREW | 1 | 20 | 3\nS1 | 2023-05-03 | Z"
        ) + HOLD,
        excused("FREE_REPLACEMENT"),
    ),
    Case(
        T("免费者除外后仍超一枚", "Without the free ones it is still one too many"),
        screws(11).replace(
            "S1 | 2023-05-03 | Z | 1 | 780", "S1 | 2023-05-02 | SCREW | 1 | 20 | 3\n"
            "S1 | 2023-05-03 | Z | 1 | 760",
        ) + HOLD,
        "H1 | P1 | V1 | clue | FREE_REPLACEMENT | 12.00 | 4.00 | M",
    ),
    Case(
        T("冲销", "Reversed"), screws(11) + HOLD + REVERSAL.format(n=1), excused("REVERSED")
    ),
)


def twice(first: str = "U1", second: str = "U1", who: str = "S2", bear: str = "1") -> str:
    return bill(
        f"S1 | 2023-05-02 | PLATE | 1 | 500 | {first} | 1",
        f"{who} | 2023-05-21 | PLATE | 1 | 500 | {second} | {bear}",
        "S1 | 2023-05-03 | Z | 1 | 500 | | 1", "S2 | 2023-05-22 | Z | 1 | 500 | | 1",
        columns="udi | bear_type",
    )


TWICE = (
    Case(
        T("同一标识两名患者", "One identifier, two patients"), twice(),
        "U1 | clue | | 600.00 | 200.00 | H".replace("U1", " | U1"), untested=(),
    ),
    Case(
        T("无植入物登记", "Without the register of implants"), twice(),
        " | U1 | clue | | 600.00 | 200.00 | H", lacks=("mi_implant",), untested=(),
    ),
    Case(T("两个标识", "Two identifiers"), twice(second="U2"), "none"),
    Case(T("同一患者两次", "One patient twice"), twice(who="S1"), "none"),
    Case(T("无标识", "No identifier"), twice("", ""), "none"),
    Case(
        T("后者免费", "The second was free"), twice(bear="3"),
        excused("FREE_REPLACEMENT", " | U1"),
    ),
    Case(
        T("一方冲销", "One was reversed"), twice() + REVERSAL.format(n=2),
        excused("REVERSED", " | U1"),
    ),
)


def hips(*rows: str) -> str:
    return bill(
        "S1 | 2023-05-02 | IMPLANT | 2 | 300", "S1 | 2023-05-02 | OPERATION | 2 | 200",
        "S1 | 2023-05-03 | Z | 1 | 500",
    ) + LISTS + operated(*rows)


HIPS = hips("V1 | 1 | 81.51 | L", "V1 | 2 | 81.51 | R")


def theatre(*sides: str) -> str:
    rows = [f"H1 | 1 | V1 | 2023-05-02 0{8 + i}:00 | 2023-05-02 09:30 | {s}"
            for i, s in enumerate(sides)]
    head = "fixmedins_code | room_no | mdtrt_id | in_time | out_time | side"
    return "\n".join(("mi_theatre", head, *rows, ""))


SIDES = (
    Case(
        T("编码双侧, 日志左侧", "Both coded, the log says left"), HIPS + theatre("L"),
        "H1 | P1 | V1 | clue | | 150.00 | 50.00 | M", untested=(),
    ),
    Case(T("日志双侧", "The log says both"), HIPS + theatre("B"), "none"),
    Case(T("日志左右各一", "The log says left and right"), HIPS + theatre("L", "R"), "none"),
    Case(T("无日志", "No log of the stay"), HIPS, "none"),
    Case(
        T("日志一行侧别为空", "A row of the log names no side"), HIPS + theatre("L", ""),
        "H1 | P1 | V1 | clue | | 150.00 | 50.00 | L", untested=("ONE_SIDE",),
    ),
    Case(
        T("编码为双侧一条", "One code for both sides"),
        hips("V1 | 1 | 81.51 | B") + theatre("R"), "H1 | P1 | V1 | clue",
    ),
    Case(
        T("编码单侧", "One side coded"), hips("V1 | 1 | 81.51 | L") + theatre("L"), "none",
    ),
    Case(
        T("两个关节", "Two joints"), HIPS + "V1 | 3 | 81.54 | 2023-05-02 | L\n" + theatre("L"),
        excused("MULTIPLE_TRAUMA"),
    ),
    Case(
        T("非置换手术", "No arthroplasty"), HIPS.replace("81.51", "79.35") + theatre("L"), "none"
    ),
    Case(
        T("冲销", "Reversed"), HIPS + theatre("L") + REVERSAL.format(n=1), excused("REVERSED")
    ),
)


RULES = {"a": IMPLANT, "b": SCREWS, "c": TWICE, "f": SIDES}


@pytest.mark.parametrize(
    ("rule", "case"),
    [pytest.param(r, c, id=f"{r} {c.title.en}") for r, cases in RULES.items() for c in cases],
)
def test_case(rule: str, case: Case, engine: Any) -> None:
    check(RULES[rule], case, orthopaedics, engine, rule)


def test_identifiers_are_read_from_the_bill_alone() -> None:
    assert "mi_implant" not in orthopaedics.rule("c").required


SPECIFIED = (orthopaedics, RULES)
