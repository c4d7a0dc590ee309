from __future__ import annotations

import pytest

from clew.datasets.ingest import recognise
from clew.declare import Column, Dataset, T, registry
from clew.declare.types import Money, Text
from clew.kernel.errors import InputError

CONTRACTS = list(registry.datasets().values())


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda c: c.name)
@pytest.mark.parametrize("language", ["zh", "en", "name", "synonym"])
def test_a_contract_recognises_itself(contract: type[Dataset], language: str) -> None:
    headers = {
        "zh": [c.title.zh for c in contract.columns.values()],
        "en": [c.title.en.upper() for c in contract.columns.values()],
        "name": list(contract.columns),
        "synonym": [c.headers[-1] for c in contract.columns.values()],
    }[language]
    assert len({h.lower() for h in headers}) == len(headers)
    matched = recognise.match(contract, headers)
    assert matched.columns == dict(zip(contract.columns, headers, strict=True))
    assert (matched.missing, matched.guessed, matched.unknown) == ([], {}, [])
    assert recognise.recognise(CONTRACTS, headers, f"{contract.title.zh}.csv").dataset is contract


class Left(Dataset):
    """One row is one thing."""

    name = "left_side"
    title = T("左表", "Left")
    owners = ("民政局", "公安局")
    key = ("number",)
    number = Column(Text(), "流水编号", en="Number", required=True)
    amount = Column(Money(), "总金额/金额合计", en="Amount", required=True)
    note = Column(Text(), "备注", en="Note")


class Right(Left):
    """One row is one other thing."""

    name = "right_side"
    title = T("右表", "Right")
    synonyms = ("右边明细",)
    number = Column(Text(), "流水编号", en="Number", required=True)
    amount = Column(Money(), "总金额/金额合计", en="Amount", required=True)
    extra = Column(Text(), "其他", en="Extra")


class Slim(Dataset):
    """One row is one amount."""

    name = "slim"
    title = T("小表", "Slim")
    owners = ("民政局",)
    key = ("amount",)
    amount = Column(Money(), "总金额", en="Amount", required=True)


def test_a_tie_is_refused_naming_both() -> None:
    with pytest.raises(InputError, match=r"left_side.*right_side") as error:
        recognise.recognise([Left, Right], ["流水编号", "总金额"], "x.csv")
    assert "--dataset left_side" in error.value.next_step


def test_file_name_then_most_columns_decide() -> None:
    both = ["流水编号", "总金额"]
    assert recognise.recognise([Left, Right], both, "2023右边明细.csv").dataset is Right
    assert recognise.recognise([Left, Right], both, "LEFT_SIDE.csv").dataset is Left
    assert recognise.recognise([Left, Right], [*both, "备注"], "x.csv").dataset is Left
    assert recognise.recognise([Left, Right], [*both, "备注"], "右表.csv").dataset is Right


def test_a_guess_with_more_columns_stands_before_a_poorer_fit() -> None:
    headers = ["流水编码", "总金额", "备注"]
    matched = recognise.recognise([Left, Slim], headers, "x.csv")
    assert (matched.dataset, matched.guessed) == (Left, {"number": "流水编码"})
    assert recognise.recognise([Left, Slim], headers, "小表.csv").dataset is Slim
    assert recognise.recognise([Left, Slim], headers[1:], "x.csv").dataset is Slim


def test_what_fits_nothing_is_refused_naming_what_is_missing() -> None:
    with pytest.raises(InputError, match=r"left_side.*amount"):
        recognise.recognise([Left], ["流水编号", "别的"], "x.csv")
    with pytest.raises(InputError, match="no dataset has these headers"):
        recognise.recognise([Left], ["甲", "乙"], "x.csv")


def test_headers_are_compared_without_width_case_and_blanks() -> None:
    matched = recognise.match(Left, [" 流水 编号 ", "ＡＭＯＵＮＴ", "备注：", "电话"])
    assert matched.columns == {"number": " 流水 编号 ", "amount": "ＡＭＯＵＮＴ", "note": "备注："}
    assert matched.unknown == ["电话"]


def test_likeness_is_only_a_guess() -> None:
    matched = recognise.match(Left, ["流水编号号", "总金额"])
    assert matched.guessed == {"number": "流水编号号"}
    assert recognise.match(Left, ["甲乙丙丁", "总金额"]).missing == ["number"]


def test_a_title_of_two_columns_tells_nothing() -> None:
    class Twice(Dataset):
        """One row is one thing."""

        name = "twice"
        title = T("表", "Table")
        owners = ("民政局",)
        key = ("code",)
        code = Column(Text(), "编码", en="Thing", required=True)
        label = Column(Text(), "名称", en="Thing")

    assert recognise.match(Twice, ["thing", "编码"]).columns == {"code": "编码"}


@pytest.mark.parametrize(
    ("header", "factor"),
    [("总金额（万元）", 10_000), ("总金额(亿元)", 10**8), ("合计总金额(万元)", 10_000)],
)
def test_a_unit_in_the_header_counts_and_must_be_confirmed(header: str, factor: int) -> None:
    """Also where the header itself is only a guess: forgetting the unit there would cost 10,000."""
    matched = recognise.match(Left, ["流水编号", header])
    assert matched.factors == {"amount": factor}
    assert matched.guessed == {"amount": header}
    assert recognise.match(Left, ["流水编号", "总金额(元)"]).guessed == {}


def test_the_department_stands_in_the_file_name() -> None:
    assert recognise.department(Left, "市公安局_左表.csv", ["公安局", "民政局"]) == "公安局"
    assert recognise.department(Left, "左表.csv", ["公安局", "民政局"]) == "民政局"
    assert recognise.department(Left, "市医保局分局.csv", ["医保局", "医保局分局"]) == "医保局分局"


def test_a_set_of_headers_has_one_name() -> None:
    assert recognise.headers_hash(["甲", "乙 "]) == recognise.headers_hash(["乙", "甲"])
    assert recognise.headers_hash(["甲", "乙"]) != recognise.headers_hash(["甲"])
    assert recognise.headers_hash(["甲（万元）"]) == recognise.headers_hash(["甲(万元)"])
    assert recognise.headers_hash(["甲(万元)"]) != recognise.headers_hash(["甲"])


def test_a_file_that_names_a_dataset_it_does_not_meet_is_no_other() -> None:
    """A death file without its times would else pass as a list of persons."""
    deaths, persons = (registry.dataset(name) for name in ("death_health", "police_person"))
    headers = ["身份证号", "姓名"]
    with pytest.raises(InputError, match="death_time"):
        recognise.recognise([deaths, persons], headers, "死亡医学证明_2023.csv")
    assert recognise.recognise([deaths, persons], headers, "人口信息.csv").dataset is persons
    assert recognise.recognise([deaths, persons], headers, "2023.csv").dataset is persons
