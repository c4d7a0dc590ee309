from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel import divisions
from clew.kernel.addresses import AMBIGUOUS, UNKNOWN, parse_address

TODAY = date(2023, 10, 31)
COUNTIES = {
    code: divisions.division_name(code)
    for code in ("330302", "330303", "330304", "330305", "330324", "330326", "330327", "330328",
                 "330329", "330381", "330382", "330383")
}  # fmt: skip


@pytest.mark.parametrize(("code", "name"), COUNTIES.items())
@pytest.mark.parametrize("upper", ["浙江省温州市", "温州市", "浙江省", ""])
def test_every_county_of_wenzhou_under_any_upper_level(code: str, name: str, upper: str) -> None:
    found = parse_address(f"{upper}{name}某某镇1号", as_of=TODAY)
    assert (found.division, found.town, found.repaired) == (code, "某某镇", "")
    assert found.normal == f"浙江省温州市{name}某某镇1号"


@pytest.mark.parametrize(("code", "name"), COUNTIES.items())
def test_a_bare_name_counts_where_a_place_follows_and_never_as_a_street(
    code: str, name: str
) -> None:
    bare = name[:-1]
    assert parse_address(f"浙江温州{bare}城关街道", as_of=TODAY).division == code
    alone = parse_address(f"{bare}城关街道", as_of=TODAY)
    # 葫芦岛 has a 龙港 too.
    assert alone.division == code if bare != "龙港" else alone.reason == AMBIGUOUS
    for street in ("路1号", "大道1号", "北路1号", "街5号", "大厦3楼", "镇", "村"):
        assert parse_address(f"{bare}{street}", as_of=TODAY).division is None
        assert parse_address(f"温州市{bare}{street}", as_of=TODAY).division is None


@pytest.mark.parametrize(
    ("text", "day", "code"),
    [
        ("瑞安县城关镇", TODAY, "330381"),
        ("瑞安县城关镇", date(1986, 1, 1), "330325"),
        ("乐清市柳市镇", date(1994, 6, 1), "339017"),
        ("洞头县北岙镇", date(2015, 8, 31), "330322"),
        ("洞头县北岙镇", date(2015, 9, 1), "330305"),
        ("苍南县龙港镇", date(2019, 9, 24), "330327"),
        ("苍南县龙港镇", date(2019, 9, 25), "330383"),
        ("苍南县灵溪镇", TODAY, "330327"),
    ],
)
def test_names_go_by_the_day(text: str, day: date, code: str) -> None:
    assert parse_address(text, as_of=day).division == code


@pytest.mark.parametrize(
    ("text", "town", "village"),
    [
        ("瑞安市莘塍街道东新村12号", "莘塍街道", "东新村"),
        ("鹿城区五马街道墨池社区3幢", "五马街道", "墨池社区"),
        ("永嘉县瓯北街道办事处", "瓯北街道办事处", ""),
        ("瑞安市莘塍街道东新村(原西河村)3号", "莘塍街道", "东新村"),
        ("平阳县鳌江镇新河村民委员会", "鳌江镇", "新河村民委员会"),
        ("鹿城区人民路12号", "", ""),
    ],
)
def test_below_the_county(text: str, town: str, village: str) -> None:
    found = parse_address(text, as_of=TODAY)
    assert (found.town, found.village) == (town, village)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "EMPTY"), (None, "EMPTY"), ("不详", "D03_PLACEHOLDER"), ("温州市", UNKNOWN),
        ("平阳路12号", UNKNOWN), ("乐清市场路5号", UNKNOWN), ("温州经济技术开发区", UNKNOWN),
        ("鼓楼区中山路", AMBIGUOUS), ("朝阳区建国路", AMBIGUOUS), ("杭州市鹿城区", AMBIGUOUS),
        ("瑞安市平阳县", AMBIGUOUS), ("温州市西城区", AMBIGUOUS), ("Room 5", UNKNOWN),
    ],
)  # fmt: skip
def test_nothing_is_guessed(text: str | None, reason: str) -> None:
    found = parse_address(text, as_of=TODAY)
    assert (found.division, found.normal, found.reason) == (None, None, reason)


@pytest.mark.parametrize("day", [date(1985, 6, 1), date(2005, 1, 1), TODAY])
def test_every_name_ever_held_is_read_and_its_normal_form_stands(day: date) -> None:
    read = 0
    for code, spans in divisions.editions().items():
        above = [divisions.division_name(code[:n] + "0" * (6 - n)) or "" for n in (2, 4)]
        for name in {span.name for span in spans}:
            for text in (name, name[:-1], above[1] + name, "".join(above) + name):
                found = parse_address(text, as_of=day)
                if found.normal is not None:
                    again = parse_address(found.normal, as_of=day)
                    assert (again.division, again.normal) == (found.division, found.normal), text
                    read += 1
    assert read > 10_000


@given(st.text(alphabet="浙江省温州市瑞安县鹿城区平阳路街道镇村原()：1 ", max_size=24) | st.text())
def test_any_text_is_read_and_its_normal_form_stands(text: str) -> None:
    found = parse_address(text, as_of=TODAY)
    assert (found.division is None) == bool(found.reason) == (found.normal is None)
    if found.normal:
        again = parse_address(found.normal, as_of=TODAY)
        assert (again.division, again.normal) == (found.division, found.normal)
