"""Every condition and exclusion of TP-01, on steps written by hand."""

from collections.abc import Callable
from datetime import date

import pytest

from clew.declare import HIGH, MEDIUM, Fact, Row
from clew.kernel.errors import InputError
from clew.packs._template.datasets import DATASETS
from clew.packs._template.detectors import overdue
from clew.packs._template.pack import PACK

Verdicts = dict[str, str]
Judge = Callable[..., Verdicts]
DAY, MINUTE, SECOND = 3, 4, 5


def steps(*rows: dict[str, object]) -> str:
    """SQL of lake rows; what a row does not say stands as in an ordinary case, late by a day."""
    usual: dict[str, object] = {
        "event_time": "2023-06-01 09:00:00", "dept": "规划许可科", "case_no": "A",
        "deadline": "2023-06-20 17:00:00", "deadline_precision": SECOND,
        "end_time": "2023-06-21 17:00:00", "end_time_precision": SECOND,
    }  # fmt: skip
    selects = []
    for number, row in enumerate(rows, 1):
        values = usual | {"row_id": number, "event_id": f"e{number}"} | row
        cells = [
            f"CAST({_literal(values.get(name))} AS {_sql_type(kind)}) AS {name}"
            for name, kind in DATASETS[0].schema().items()
        ]
        selects.append(f"SELECT {', '.join(cells)}")
    return " UNION ALL ".join(selects)


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else f"'{value}'"


def _sql_type(kind: str) -> str:
    return {"string": "VARCHAR", "int64": "BIGINT", "int8": "TINYINT"}.get(kind, kind)


@pytest.mark.parametrize(
    ("deadline", "ended", "late_by"),
    [
        ("2023-06-20 17:00:00", "2023-06-20 16:59:59", set()),
        ("2023-06-20 17:00:00", "2023-06-20 17:00:00", set()),
        ("2023-06-20 17:00:00", "2023-06-20 17:00:00.02", {"instant"}),
        ("2023-06-20 17:00:00", "2023-06-20 17:00:01", {"instant"}),
        ("2023-06-20 07:00:00", "2023-06-20 07:59:59", {"instant"}),
        ("2023-06-20 07:00:00", "2023-06-20 08:00:00", {"instant", "date"}),
        ("2023-06-20 17:00:00", "2023-06-21 00:00:00", {"instant", "local_date"}),
        ("2023-06-20 17:00:00", "2023-06-21 08:00:00", {"instant", "date", "local_date"}),
    ],
)
@pytest.mark.parametrize("by", ["instant", "date", "local_date"])
def test_after_means_what_the_reading_says(
    judge: Judge, deadline: str, ended: str, late_by: set[str], by: str
) -> None:
    found = judge(PACK, steps({"deadline": deadline, "end_time": ended}), by=by)
    assert found == ({"A": "clue"} if by in late_by else {})


@pytest.mark.parametrize("by", ["instant", "date", "local_date"])
@pytest.mark.parametrize("coarse", ["deadline_precision", "end_time_precision"])
def test_a_day_without_a_time_is_compared_by_local_day(judge: Judge, by: str, coarse: str) -> None:
    same = {"deadline": "2023-06-20 00:00:00", "end_time": "2023-06-20 10:00:00", coarse: DAY}
    later = same | {"end_time": "2023-06-21 00:00:00", "case_no": "B"}
    assert judge(PACK, steps(same, later), by=by) == {"B": "clue"}


def test_minutes_are_times(judge: Judge) -> None:
    row = {"end_time": "2023-06-20 17:01:00", "end_time_precision": MINUTE}
    assert judge(PACK, steps(row)) == {"A": "clue"}


def test_open_past_its_deadline_goes_to_the_review_list(judge: Judge) -> None:
    row = {"end_time": None, "end_time_precision": None}
    assert judge(PACK, steps(row)) == {"A": "STILL_OPEN"}
    assert judge(PACK, steps(row), date(2023, 6, 20)) == {}


def test_an_end_after_the_run_day_is_not_read(judge: Judge) -> None:
    assert judge(PACK, steps({}), date(2023, 6, 20)) == {}
    assert judge(PACK, steps({"end_time": "2023-07-20 00:00:00"}), date(2023, 7, 1)) == {
        "A": "STILL_OPEN"
    }


@pytest.mark.parametrize(
    "row",
    [
        {"deadline": None, "deadline_precision": None},
        {"deadline": "2023-06-01 00:00:00", "deadline_precision": 2},
    ],
)
def test_without_a_usable_deadline_the_owner_is_asked(judge: Judge, row: dict[str, object]) -> None:
    assert judge(PACK, steps(row)) == {"A": "NO_DEADLINE"}


def test_steps_that_disagree_are_a_data_error(judge: Judge) -> None:
    other = {"deadline": "2023-06-19 17:00:00"}
    assert judge(PACK, steps({}, other)) == {"A": "CONTRADICTORY"}
    empty = {"end_time": None, "end_time_precision": None}
    assert judge(PACK, steps(empty, {})) == {"A": "clue"}


def test_one_clue_a_case_with_all_its_steps(judge: Judge) -> None:
    assert judge(PACK, steps({}, {}, {"case_no": "B"})) == {"A": "clue", "B": "clue"}


def test_an_unknown_reading_names_the_known_ones(judge: Judge) -> None:
    with pytest.raises(InputError, match="local_date") as caught:
        judge(PACK, steps({}), by="week")
    assert "TP-01.by=instant" in caught.value.next_step


@pytest.mark.parametrize(("days", "level"), [(1, MEDIUM), (29, MEDIUM), (30, HIGH), (31, HIGH)])
def test_severity_grows_with_the_days(days: int, level: str) -> None:
    fact = Fact("规划许可科", ("A",), (Row({"days_late": days}, "clue"),), 0, 0)
    assert overdue.rules[0].grade([fact], overdue.values()) == [level]
