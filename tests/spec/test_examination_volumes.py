"""MI-17 by cases: minutes, reports and devices of an institution, and its positive results."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.examinations import examinations
from tests.spec.harness import Case, check
from tests.spec.test_examinations import ENHANCED, ITEMS, LOG, REVERSAL, fees, of, visits

DEVICE = "mi_device\nfixmedins_code | device_no | start_date | modality | minutes | end_date\n"
PETS = DEVICE + "H1 | A | 2020-01-01 | PET | 200 |\n"
SHORT_PET = "mi_catalogue\nmed_list_codg | kind | modality | minutes\nSHORT | exam | PET | 60\n"
BUSY = ITEMS + visits("1 | H1 | 2023-05-01", "2 | H1 | 2023-05-01")
DEVICES = (
    Case(
        T("恰好全天", "Exactly a day"),
        BUSY + PETS + fees("S1 | 2023-05-01 | PET | 12 | 1000 |"), "none",
    ),
    Case(
        T("超过全天, 只计超出份额", "Over a day: the share beyond it"),
        BUSY + PETS
        + fees("S1 | 2023-05-01 | PET | 8 | 1000 |", "S2 | 2023-05-01 | PET | 8 | 10 |"),
        "H1 | PET | 2023-05-01 | clue | | 300.00 | 100.00 | M", untested=(),
    ),
    Case(
        T("一张结算单两个项目只取整一次", "Two items of one bill are rounded once"),
        BUSY + SHORT_PET + PETS
        + fees("S1 | 2023-05-01 | PET | 6 | 100.25 |", "S1 | 2023-05-01 | SHORT | 13 | 100.25 |",
               "S1 | 2023-05-01 | TREAT | 1 | 799.50 |"),
        "H1 | PET | 2023-05-01 | clue | | 4.81 | 1.60 | M",
    ),
    Case(
        T("两台设备", "Two devices"),
        BUSY + PETS + "H1 | B | 2020-01-01 | PET | 200 |\n"
        + fees("S1 | 2023-05-01 | PET | 16 | 1000 |"), "none",
    ),
    Case(
        T("第二台前一日停用", "The second ended the day before"),
        BUSY + PETS + "H1 | B | 2020-01-01 | PET | 200 | 2023-04-30\n"
        + fees("S1 | 2023-05-01 | PET | 16 | 1000 |"),
        "H1 | PET | 2023-05-01 | clue | | 150.00 | 50.00 | M",
    ),
    Case(
        T("第二台当日停用仍在用", "The last day of use counts"),
        BUSY + PETS + "H1 | B | 2020-01-01 | PET | 200 | 2023-05-01\n"
        + fees("S1 | 2023-05-01 | PET | 16 | 1000 |"), "none",
    ),
    Case(
        T("设备所记时长较短", "The device takes less than the item says"),
        BUSY + DEVICE + "H1 | A | 2020-01-01 | PET | 60 |\n"
        + fees("S1 | 2023-05-01 | PET | 24 | 1000 |"), "none",
    ),
    Case(
        T("他院设备不算, 本院未登记不问", "Never registered here: not asked"),
        BUSY + DEVICE + "H2 | A | 2020-01-01 | PET | 200 |\n"
        + fees("S1 | 2023-05-01 | PET | 16 | 1000 |"), "none",
    ),
    Case(
        T("登记过而全部停用", "Registered once, none in service"),
        BUSY + PETS.replace("200 |", "200 | 2023-04-30")
        + fees("S1 | 2023-05-01 | PET | 1 | 1000 |"),
        "H1 | PET | 2023-05-01 | clue | | 600.00 | 200.00 | M",
    ),
    Case(
        T("两日不相加", "Two days do not add up"),
        BUSY + PETS + fees("S1 | 2023-05-01 | PET | 12 | 9 |", "S2 | 2023-05-02 | PET | 12 | 9 |"),
        "none",
    ),
    Case(
        T("冲销后不超", "Not over once one bill is reversed"),
        BUSY + PETS + fees("S1 | 2023-05-01 | PET | 8 | 1000 |", "S2 | 2023-05-01 | PET | 8 | 10 |")
        + REVERSAL.replace("05-08", "05-01"),
        "H1 | PET | 2023-05-01 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("冲销后仍超", "Still over"),
        BUSY + PETS + fees("S1 | 2023-05-01 | PET | 16 | 99 |", "S2 | 2023-05-01 | PET | 8 | 10 |")
        + REVERSAL.replace("05-08", "05-01"),
        "H1 | PET | 2023-05-01 | clue | REVERSED | 150.00 | 50.00 | M",
    ),
)

MANY = ITEMS + visits("1 | H1 | 2023-05-01", "2 | H1 | 2023-05-31")


def log(count: int, *, code: str = "CT1", month: str = "2023-05", more: str = "ok | |",
        place: str = "H1", first: int = 1) -> str:  # fmt: skip
    return "".join(
        f"L{first + n} | {place} | PACS | {code} | {month}-{n % 28 + 1:02d} | | | {more}\n"
        for n in range(count)
    )


BILLED = fees("S1 | 2023-05-01 | CT1 | 3 | 1000 |", "S2 | 2023-05-31 | CT1 | 1 | 10 |")
LOGS = (
    Case(T("报告与收费相等", "As many reports"), MANY + BILLED + LOG + log(4), "none"),
    Case(
        T("少一份报告, 按多收份额", "One report short: a quarter"),
        MANY + BILLED + LOG + log(3), "H1 | CT1 | 2023-05 | clue | | 300.00 | 100.00 | M",
        untested=(),
    ),
    Case(
        T("取消的不算", "Cancelled ones do not count"),
        MANY + BILLED + LOG + log(3) + log(1, more="cancelled | |", first=9),
        "H1 | CT1 | 2023-05 | clue | | 300.00 | 100.00 | M",
    ),
    Case(
        T("图像失败仍是报告", "A failed picture is a report"),
        MANY + BILLED + LOG + log(3) + log(1, more="image_failed | |", first=9), "none",
    ),
    Case(
        T("上月报告不算", "Reports of the month before"),
        MANY + BILLED + LOG + log(3) + log(3, month="2023-04", first=9),
        "H1 | CT1 | 2023-05 | clue | | 300.00 | 100.00 | M",
    ),
    Case(
        T("该项目无报告, 别的有", "No report of this item, some of another"),
        MANY + BILLED + LOG + log(3, code="MR1"),
        "H1 | CT1 | 2023-05 | clue | | 1200.00 | 400.00 | M",
    ),
    Case(
        T("当月日志未报送不问", "No log of that month at all"),
        MANY + BILLED + LOG + log(3, month="2023-04"), "none",
    ),
    Case(
        T("冲销后相等", "As many once one is reversed"),
        MANY + BILLED + LOG + log(3) + REVERSAL,
        "H1 | CT1 | 2023-05 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)

ENDED = DEVICE + "H1 | D1 | 2020-01-01 | CT | 15 | 2023-04-30\n"
ON_IT = fees("S1 | 2023-05-01 | CT1 | 1 | 500 | D1", "S1 | 2023-05-01 | TREAT | 1 | 500 | D1",
             columns="device_no")  # fmt: skip
AFTER = (
    Case(
        T("停用次日", "The day after its end"), ENHANCED + ENDED + ON_IT,
        "H1 | D1 | 2023-05-01 | clue | | 300.00 | 100.00 | M", untested=(),
    ),
    Case(
        T("停用当日", "On its last day"),
        ENHANCED + ENDED.replace("04-30", "05-01") + ON_IT, "none",
    ),
    Case(
        T("他院同号设备", "The same number elsewhere"),
        ENHANCED + ENDED.replace("H1", "H2") + ON_IT, "none",
    ),
    Case(
        T("未停用", "Still in use"),
        ENHANCED + ENDED.replace("2023-04-30", "") + ON_IT, "none",
    ),
    Case(
        T("冲销", "Reversed"),
        ENHANCED + ENDED + ON_IT + REVERSAL.replace("V2", "V1").replace("| S2", "| S1"),
        "H1 | D1 | 2023-05-01 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)


def rates(*positives: int, reports: int = 30, quarter: str = "2023-05") -> str:
    """H1, H2 … of one level, each with so many positive reports of `reports`."""
    places = "mi_institution\nfixmedins_code | hosp_lv\n" + "".join(
        f"H{n} | 2\n" for n, _ in enumerate(positives, 1)
    )
    rows = "".join(
        f"H{n}-{k} | H{n} | PACS | CT1 | {quarter}-{k % 28 + 1:02d} | | | ok | | {int(k < count)}\n"
        for n, count in enumerate(positives, 1)
        for k in range(reports)
    )
    return ITEMS + places + LOG + rows


PEERS = (14, 16, 14, 16, 15)
RATES = (
    Case(
        T("远低于同级", "Far below the level"), rates(3, *PEERS),
        "H1 | CT | 2023Q2 | clue | | 0.00 | 0.00 | M", untested=(),
    ),
    Case(T("接近同级", "Near the level"), rates(14, *PEERS), "none"),
    Case(T("高于同级", "Above the level"), rates(29, *PEERS), "none"),
    Case(
        T("报告不足三十份", "Fewer than thirty reports"), rates(3, *PEERS, reports=29), "none",
    ),
    Case(
        T("同级不足五家", "Fewer than five peers"), rates(3, *PEERS[:4]),
        "\n".join(f"H{n} | CT | 2023Q2 | clue | | 0.00 | 0.00 | L" for n in range(1, 6)),
        untested=("LOW_RATE",),
    ),
    Case(
        T("恰为二倍标准差", "Exactly two deviations below"), rates(5, 10, 10, 10, 20, 20, 20),
        "none",
    ),
    Case(
        T("略低于二倍标准差", "Just more than two below"), rates(4, 10, 10, 10, 20, 20, 20),
        "H1 | CT | 2023Q2 | clue",
    ),
)


ALL = [*of("c", DEVICES), *of("d", LOGS), *of("e", AFTER), *of("f", RATES)]


@pytest.mark.parametrize(("letter", "cases", "case"), ALL)
def test_volumes(letter: str, cases: tuple[Case, ...], case: Case, engine: Any) -> None:
    check(cases, case, examinations, engine, rule=letter)


SPECIFIED = (examinations, {"c": DEVICES, "d": LOGS, "e": AFTER, "f": RATES})
