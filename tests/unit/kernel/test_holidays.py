from __future__ import annotations

import importlib.util
import json
from datetime import date
from pathlib import Path

import pytest

from clew.kernel.calendar import Calendar
from clew.kernel.errors import InputError
from clew.kernel.holidays import read_notice, shipped_notices, statutory_holidays

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"


@pytest.mark.parametrize(
    ("year", "days"),
    [(1998, 7), (1999, 8), (2000, 10), (2007, 10), (2008, 11), (2014, 11), (2024, 11), (2025, 13),
     (2027, 13)],
)  # fmt: skip
def test_number_of_statutory_days(year: int, days: int) -> None:
    # 中秋节 never falls on 国庆节 in these years, so every day counts.
    assert len(statutory_holidays(year)) == days


def test_two_holidays_on_one_day_count_once() -> None:
    assert statutory_holidays(2020)[date(2020, 10, 1)] == "国庆节"
    assert len(statutory_holidays(2020)) == 10


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 2, 5), "春节"),  # the eve, off again since 2025
        (date(2027, 2, 8), "春节"),
        (date(2027, 4, 5), "清明节"),
        (date(2027, 5, 2), "劳动节"),
        (date(2027, 6, 9), "端午节"),
        (date(2027, 9, 15), "中秋节"),
        (date(2027, 10, 3), "国庆节"),
    ],
)
def test_statutory_days_of_a_year_without_a_notice(day: date, name: str) -> None:
    assert statutory_holidays(2027)[day] == name


def test_new_year_eve_was_off_from_2008_to_2013_and_is_since_2025() -> None:
    assert date(2008, 2, 6) in statutory_holidays(2008)
    assert date(2014, 1, 30) not in statutory_holidays(2014)
    assert date(2024, 2, 9) not in statutory_holidays(2024)
    assert date(2025, 1, 28) in statutory_holidays(2025)


def test_every_statutory_day_is_off_in_the_notices() -> None:
    """The notices judge lunar calendar and solar term independently of us."""
    calendar = Calendar.shipped()
    for year in sorted(calendar.years):
        for day in statutory_holidays(year):
            assert not calendar.is_working_day(day), day


def test_the_shipped_notices() -> None:
    notices = shipped_notices()
    assert [notice.year for notice in notices] == list(range(2007, 2027))
    assert notices[0].days[0] == (date(2006, 12, 30), False, "元旦")
    worked = [day.day for notice in notices for day in notice.days if not day.off]
    # The notice for 2020 was amended by one that named a Monday as the first day of work.
    assert [day for day in worked if day.weekday() < 5] == [date(2020, 2, 3)]


def notice_of(path: Path, **changes: object) -> Path:
    content = {
        "year": 2027,
        "papers": ["invented for the test"],
        "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}],
    } | changes
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_notice_is_read(tmp_path: Path) -> None:
    notice = read_notice(notice_of(tmp_path / "2027.json"))
    assert (notice.year, notice.days) == (2027, ((date(2027, 1, 1), True, "元旦"),))


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"papers": []}, "unknown, not free of holidays"),
        ({"days": []}, "unknown, not free of holidays"),
        ({"days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}] * 2}, "twice"),
        ({"days": [{"name": "元旦", "date": "2029-01-01", "isOffDay": True}]}, "too far"),
        ({"days": [{"name": "元旦", "date": "2027-02-30", "isOffDay": True}]}, "form"),
        ({"days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": "yes"}]}, "form"),
        ({"days": [{"name": "元旦"}]}, "form"),
        ({"year": None}, "form"),
    ],
)
def test_unusable_notices(tmp_path: Path, changes: dict[str, object], cause: str) -> None:
    with pytest.raises(InputError, match=cause):
        read_notice(notice_of(tmp_path / "2027.json", **changes))


def test_no_notice_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_notice(tmp_path / "absent.json")
    (tmp_path / "text.json").write_text("元旦放假", encoding="utf-8")
    with pytest.raises(InputError, match="form"):
        read_notice(tmp_path / "text.json")


@pytest.mark.skipif(not DATA.is_dir(), reason="the public notices are not on this machine")
def test_the_table_is_what_the_generator_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.spec_from_file_location(
        "build_calendar", ROOT / "tools" / "build_calendar.py"
    )
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    shipped = generator.TABLE.read_bytes()
    monkeypatch.setattr(generator, "TABLE", tmp_path / "calendar.tsv")
    monkeypatch.setattr("sys.argv", ["build_calendar", str(DATA)])
    generator.main()
    assert generator.TABLE.read_bytes() == shipped


@pytest.mark.skipif(not DATA.is_dir(), reason="the public notices are not on this machine")
def test_the_year_without_papers_is_no_notice() -> None:
    with pytest.raises(InputError, match="unknown, not free of holidays"):
        read_notice(DATA / "calendar" / "2027.json")
