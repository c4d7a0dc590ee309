"""MI-08 (b) by cases: persons P1, P2, … at H1 on 2023-05-10."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.fictitious_visit import fictitious_visit
from tests.spec.harness import Case, check

DAY = "2023-05-10"
COLUMNS = (
    "setl_id", "mdtrt_id", "certno", "psn_no", "fixmedins_code", "med_type", "begntime",
    "setl_time", "verify_mode", "terminal_no", "tel", "emer_flag", "offline_flag",
    "internet_flag", "upload_time", "fund_pay_sumamt", "acct_pay",
)  # fmt: skip
USUAL = {
    "fixmedins_code": "H1", "med_type": "11", "verify_mode": "face", "emer_flag": "0",
    "offline_flag": "0", "internet_flag": "0", "fund_pay_sumamt": "10", "acct_pay": "1",
}  # fmt: skip


def visit(n: int, when: str, **cells: str) -> dict[str, str]:
    """Visit n, of person Pn with number N<7n>, begun and settled at one time."""
    row = {
        "setl_id": f"S{n}", "mdtrt_id": f"V{n}", "certno": f"P{n}", "psn_no": f"N{7 * n}",
        "begntime": when, "setl_time": when, "upload_time": when,
    }  # fmt: skip
    return USUAL | row | cells


def table(rows: Iterable[dict[str, str]]) -> str:
    body = "".join(" | ".join(row.get(c, "") for c in COLUMNS) + "\n" for row in rows)
    return f"mi_settlement\n{' | '.join(COLUMNS)}\n{body}"


def times(count: int, seconds: int, start: str = f"{DAY} 10:00:00") -> list[str]:
    first = datetime.fromisoformat(start)
    return [str(first + timedelta(seconds=seconds * n)) for n in range(count)]


def burst(
    count: int = 8, seconds: int = 40, *, start: str = f"{DAY} 10:00:00", **cells: str
) -> list[dict[str, str]]:
    """`count` settlements at one terminal, a few seconds after each other."""
    given = {"terminal_no": "T1"} | cells
    return [visit(n, at, **given) for n, at in enumerate(times(count, seconds, start), 1)]


def changed(rows: list[dict[str, str]], n: int, **cells: str) -> list[dict[str, str]]:
    return [row | cells if row["setl_id"] == f"S{n}" else row for row in rows]


def numbered(rows: list[dict[str, str]], first: int = 0) -> list[dict[str, str]]:
    """Insured numbers in a row from the visit `first` on."""
    return [
        row | ({"psn_no": f"N{500 + n}"} if n >= first else {}) for n, row in enumerate(rows)
    ]


def fact(visits: int, severity: str = "H", code: str = "", day: str = DAY) -> str:
    return f"H1 | {day} | clue | {code} | {10 * visits}.00 | {visits}.00 | {severity}"


def excluded(code: str, day: str = DAY) -> str:
    return f"H1 | {day} | excluded | {code} | 0.00 | 0.00 |"


RUN = numbered(burst())
NONE = burst(10, 30, verify_mode="none")
NIGHT = burst(10, 30, start=f"{DAY} 22:00:00")
PLACES = """
mi_institution
fixmedins_code | lon   | lat
H1             | 120.0 | 28.0
H2             | 120.5 | 28.0
H3             | 120.1 | 28.0
"""
"""H2 lies 49.1 km to the east, H3 9.8 km."""


def far(minutes: str, at: str = "H2") -> list[dict[str, str]]:
    """P1 is at H1 by night, in a burst without verification, and then at another place."""
    return [*NONE, visit(40, f"{DAY} {minutes}", certno="P1", fixmedins_code=at)]


def apart(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Each at a terminal of its own."""
    return [row | {"terminal_no": f"T{n}"} for n, row in enumerate(rows)]


PHONE = [row | {"tel": "13800000001"} for row in apart(NONE)[:5]] + apart(NONE)[5:]


def catalogue(minutes: str, kind: str) -> str:
    return f"""
mi_catalogue
med_list_codg | name | list_type | kind   | minutes
A             | 甲   | item      | {kind} | {minutes}
"""


def lines(count: int, cnt: str = "1", day: str = DAY) -> str:
    text = "mi_fee\nsetl_id | feedetl_sn | fee_ocur_time | med_list_codg | cnt"
    text += " | det_item_fee_sumamt | bilg_dr_codg\n"
    return text + "".join(f"S{n} | 1 | {day} | A | {cnt} | 5 | D1\n" for n in range(1, count + 1))


def log(visits: Iterable[int], day: str = DAY, status: str = "ok") -> str:
    text = "mi_lab_log\nreport_id | fixmedins_code | system | med_list_codg | exam_time"
    text += " | mdtrt_id | result_status\n"
    return text + "".join(f"R{n} | H1 | LIS | A | {day} | V{n} | {status}\n" for n in visits)


GIVEN_BACK = f"""
mi_settlement
setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | setl_time | medfee_sumamt \
| fund_pay_sumamt | refd_setl_flag | init_setl_id
R1 | V1 | P1 | H1 | 11 | {DAY} 12:00 | {DAY} 12:00 | -5 | -5 | 1 | S1
mi_fee
setl_id | feedetl_sn | fee_ocur_time | med_list_codg | cnt | det_item_fee_sumamt | bilg_dr_codg
R1 | 1 | {DAY} | A | -1 | -5 | D1
"""
"""A part reversal: one A of the visit V1."""

TEN = apart(NONE)
CASES = (
    Case(T("连号且同终端密集", "A run in a burst"), table(RUN), fact(8), untested=()),
    Case(T("只有密集", "A burst alone"), table(burst()), "none"),
    Case(T("七笔不够", "Seven are no burst"), table(numbered(burst(7))), "none"),
    Case(
        T("恰五分钟", "Exactly five minutes from the first"),
        table(changed(RUN, 8, setl_time=f"{DAY} 10:05:00")), fact(8),
    ),
    Case(
        T("超五分钟", "A second more"),
        table(changed(RUN, 8, setl_time=f"{DAY} 10:05:01")), "none",
    ),
    Case(
        T("跨午夜的密集", "A burst over midnight"),
        table(numbered(burst(12, 30, start=f"{DAY} 23:57:00"), 0)),
        fact(6) + "\n" + fact(6, day="2023-05-11"),
    ),
    Case(
        T("两个终端", "Two terminals"), table(changed(RUN, 8, terminal_no="T2")), "none",
    ),
    Case(
        T("仅五人连号", "Five in a row, of eight"), table(numbered(burst(), 3)), fact(5),
    ),
    Case(T("四人连号", "Four in a row"), table(numbered(burst(), 4)), "none"),
    Case(
        T("中间断号", "A gap in the numbers"), table(changed(RUN, 4, psn_no="N900")), "none",
    ),
    Case(
        T("倒序不是连号", "Falling numbers"),
        table([r | {"psn_no": f"N{600 - n}"} for n, r in enumerate(burst())]), "none",
    ),
    Case(T("全天无核验且密集", "A day without verification"), table(NONE), fact(10)),
    Case(T("九笔", "Nine settlements"), table(NONE[:9]), "none"),
    Case(
        T("一笔有核验", "One was verified"), table(changed(NONE, 10, verify_mode="password")),
        "none",
    ),
    Case(T("夜间密集", "A burst by night"), table(NIGHT), fact(10)),
    Case(
        T("夜间起点之前", "Before ten at night"),
        table(changed(NIGHT, 1, begntime=f"{DAY} 21:59:59")), "none",
    ),
    Case(
        T("次日五点五十九分五十九秒", "Until six in the morning"),
        table(changed(NIGHT, 10, begntime="2023-05-11 05:59:59")),
        fact(9) + "\n" + fact(1, day="2023-05-11"),
    ),
    Case(
        T("六点不算夜间", "Six is no longer night"),
        table(changed(NIGHT, 10, begntime="2023-05-11 06:00:00")), "none",
    ),
    Case(
        T("急诊不计", "Emergencies are left out"), table(changed(NIGHT, 1, emer_flag="1")), "none"
    ),
    Case(
        T("药店不是门诊", "A pharmacy is no outpatient service"),
        table(changed(NIGHT, 1, med_type="41")), "none",
    ),
    Case(
        T("移动过快", "A journey too fast"),
        table(apart(far("10:24:32"))) + PLACES,
        fact(1) , params={"terminal_n": "99"},
    ),
    Case(
        T("移动够慢", "A journey slow enough"),
        table(apart(far("10:24:33"))) + PLACES, "none", params={"terminal_n": "99"},
    ),
    Case(
        T("同时两地", "At two places at once"), table(apart(far("10:00:00"))) + PLACES, fact(1),
        params={"terminal_n": "99"},
    ),
    Case(
        T("不足十公里", "Less than ten km"), table(apart(far("10:00:00", "H3"))) + PLACES,
        "none", params={"terminal_n": "99"},
    ),
    Case(
        T("跨午夜移动", "A journey over midnight"),
        table([
            *apart(burst(10, 1, start=f"{DAY} 23:55:00", verify_mode="none")),
            visit(40, "2023-05-11 00:10:00", certno="P1", fixmedins_code="H2"),
        ]) + PLACES,
        fact(1), params={"night_n": "99"},
    ),
    Case(
        T("五人同一电话", "Five with one phone"), table(PHONE), fact(5),
    ),
    Case(
        T("四人同一电话", "Four with one phone"),
        table(changed(PHONE, 5, tel="13800000002")), "none",
    ),
    Case(
        T("其中两人是亲属", "Two of the five are related"),
        table(PHONE) + "kin\ncertno | kin_certno | relation\nP1 | P2 | spouse\n", "none",
    ),
    Case(
        T("其中两人绑定共济", "Two of the five are bound"),
        table(PHONE) + "mi_binding\nowner_certno | member_certno | start_date\n"
        "P5 | P1 | 2020-01-01\n",
        "none",
    ),
    Case(
        T("六人中两人是亲属", "Six, two of them related"),
        table([r | {"tel": "13800000001"} for r in TEN[:6]] + TEN[6:])
        + "kin\ncertno | kin_certno | relation\nP1 | P2 | spouse\n",
        fact(6),
    ),
    Case(
        T("第九十日的来电", "The 90th day of the window"),
        table([*changed(PHONE, 5, tel=""),
               visit(40, "2023-08-07 09:00", tel="13800000001", fixmedins_code="H2")]),
        fact(4),
    ),
    Case(
        T("第九十一日", "The 91st day"),
        table([*changed(PHONE, 5, tel=""),
               visit(40, "2023-08-08 09:00", tel="13800000001", fixmedins_code="H2")]),
        "none",
    ),
    Case(
        T("无亲属资料则电话未检验", "Without kin the phone cannot be tested"), table(PHONE), "none",
        lacks=("kin", "mi_binding"),
    ),
    Case(
        T("医师工时超限", "961 minutes"),
        table(TEN) + catalogue("961", "rehab") + lines(1), fact(1),
    ),
    Case(
        T("恰十六小时", "960 minutes"), table(TEN) + catalogue("96", "rehab") + lines(10), "none"
    ),
    Case(
        T("分钟乘数量", "Minutes by quantity"),
        table(TEN) + catalogue("97", "rehab") + lines(5, "2"), fact(5),
    ),
    Case(
        T("退回后恰十六小时", "960 minutes after one was given back"),
        table(TEN) + catalogue("960", "rehab") + lines(1, "2") + GIVEN_BACK, "none",
    ),
    Case(
        T("退回后仍超", "961 minutes after one was given back"),
        table(TEN) + catalogue("961", "rehab") + lines(1, "2") + GIVEN_BACK,
        f"H1 | {DAY} | clue | | 5.00 | 1.00 | H",
    ),
    Case(
        T("退回的检验不计", "A test given back is none of the billed"),
        table(TEN) + catalogue("", "lab") + lines(10) + GIVEN_BACK, "none",
    ),
    Case(
        T("检验八成无日志", "Eight of ten tests were not logged"),
        table(TEN) + catalogue("", "lab") + lines(10) + log((1, 2)), fact(8),
    ),
    Case(
        T("七成无日志", "Seven of ten"),
        table(TEN) + catalogue("", "lab") + lines(10) + log((1, 2, 3)), "none",
    ),
    Case(
        T("九项检验", "Nine tests"), table(TEN) + catalogue("", "lab") + lines(9), "none"
    ),
    Case(
        T("次日日志", "A log of the next day"),
        table(TEN) + catalogue("", "lab") + lines(10) + log((1, 2, 3), "2023-05-11"), "none",
    ),
    Case(
        T("第三日日志", "A log of the day after"),
        table(TEN) + catalogue("", "lab") + lines(10) + log((1, 2, 3), "2023-05-12"), fact(10),
    ),
    Case(
        T("取消的日志不算", "A cancelled one"),
        table(TEN) + catalogue("", "exam") + lines(10) + log((1, 2, 3), status="cancelled"),
        fact(10),
    ),
    Case(
        T("药品不是检验", "Drugs are no tests"),
        table(TEN) + catalogue("", "drug") + lines(10), "none",
    ),
    Case(
        T("一笔脱机补录, 余下不足", "One entered offline: seven are left"),
        table(changed(RUN, 8, offline_flag="1", upload_time=f"{DAY} 12:00:00")),
        excluded("OFFLINE_SUPPLEMENT"),
    ),
    Case(
        T("九笔中一笔脱机补录", "One of nine entered offline"),
        table(changed(numbered(burst(9, 30)), 9, offline_flag="1",
                      upload_time=f"{DAY} 12:00:00")),
        fact(8, code="OFFLINE_SUPPLEMENT"),
    ),
    Case(
        T("脱机但一小时内上传", "Offline, uploaded within the hour"),
        table(changed(RUN, 8, offline_flag="1", upload_time=f"{DAY} 11:00:00")), fact(8),
    ),
    Case(
        T("互联网复诊", "Seen again online"), table(changed(RUN, 1, internet_flag="1")),
        excluded("INTERNET_REVISIT"),
    ),
    Case(
        T("对端为互联网复诊", "The other end of the journey was online"),
        table([r | ({"internet_flag": "1"} if r["setl_id"] == "S40" else {})
               for r in apart(far("10:10:00"))]) + PLACES,
        excluded("INTERNET_REVISIT"), params={"terminal_n": "99"},
    ),
    Case(
        T("巡回医疗日", "Day of a mobile clinic"),
        table(RUN) + "mi_programme\nprog_id | kind | fixmedins_code | start_date | end_date\n"
        f"G1 | mobile | H1 | {DAY} | {DAY}\n",
        excluded("MOBILE_CLINIC"),
    ),
    Case(
        T("巡回医疗前一日", "The day before the mobile clinic"),
        table(RUN) + "mi_programme\nprog_id | kind | fixmedins_code | start_date | end_date\n"
        "G1 | mobile | H1 | 2023-05-11 | 2023-05-11\n",
        fact(8),
    ),
    Case(
        T("一笔冲销", "One was reversed"),
        table(RUN) + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | med_type | begntime | medfee_sumamt\
 | fund_pay_sumamt | acct_pay | refd_setl_flag | init_setl_id | terminal_no
        R8 | V8 | P8 | H1 | 11 | 2023-05-10 12:00 | -11 | -10 | -1 | 1 | S8 | T1
        """,
        excluded("REVERSED"),
    ),
    Case(
        T("脱机标志为空", "Whether offline is not recorded"),
        table([r | {"offline_flag": "", "upload_time": ""} for r in RUN]), fact(8, "M"),
        untested=("OFFLINE_SUPPLEMENT",),
    ),
    Case(
        T("信号缺输入不降级", "A signal without its input lowers nothing"), table(RUN), fact(8),
        lacks=("mi_lab_log", "mi_institution.lon"), untested=("NO_LOG", "SPEED"),
    ),
    Case(
        T("只有日期的结算不比分钟", "Settlements without a time are not compared"),
        table([r | {"setl_time": DAY} for r in RUN]), "none",
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, fictitious_visit, engine, "b")


SPECIFIED = (fictitious_visit, {"b": CASES})
