"""The contracts: every one builds, and no header is ambiguous within its dataset."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import clew.packs.medical_insurance
from clew.declare import BATCH, REGISTER, Dataset, load_legal
from clew.declare.types import Code, Delivery, PersonId
from clew.packs.medical_insurance.datasets import DATASETS

ids = pytest.mark.parametrize("contract", DATASETS, ids=lambda d: d.name)


def test_names_are_unique() -> None:
    names = Counter(d.name for d in DATASETS)
    assert [n for n, times in names.items() if times > 1] == []


def test_a_name_or_synonym_points_at_one_dataset() -> None:
    words = Counter(w for d in DATASETS for w in {d.title.zh, *d.synonyms})
    assert [w for w, times in words.items() if times > 1] == []


@ids
def test_every_header_is_unique_within_its_dataset(contract: type[Dataset]) -> None:
    headers = Counter(h for c in contract.columns.values() for h in {*c.headers, c.name})
    assert [h for h, times in headers.items() if times > 1] == []


@ids
def test_contract_is_complete(contract: type[Dataset]) -> None:
    assert contract.mode in (BATCH, REGISTER)
    assert contract.owners and all(owner.endswith(("局", "委", "院")) for owner in contract.owners)
    assert contract.title.zh and contract.title.en
    for part in contract.key:
        column = contract.columns[part]
        assert column.required or column.default, f"{contract.name}.{part} is in the key"
    for column in contract.columns.values():
        assert column.title.zh and column.title.en
    assert set(contract.schema()) >= {"row_id", *contract.columns}


@ids
def test_person_columns_are_called_as_such(contract: type[Dataset]) -> None:
    typed = {c.name for c in contract.person_columns()}
    assert typed == {n for n in contract.columns if n.endswith("certno")}
    if "psn_name" in contract.columns:
        link = contract.columns["certno"].type
        assert isinstance(link, PersonId) and link.person_name == "psn_name"


@ids
def test_every_meaning_leads_back_to_its_code(contract: type[Dataset]) -> None:
    delivery = Delivery(date(2023, 11, 1))
    for column in contract.columns.values():
        if isinstance(column.type, Code):
            for code, meaning in column.type.meanings.items():
                for word in (code, *meaning.split("/")):
                    assert column.type.check(word, delivery).normal == code


def test_settlement_may_name_persons_by_number() -> None:
    settlement = next(d for d in DATASETS if d.name == "mi_settlement")
    assert settlement.may_lack == {"certno": "psn_no"}
    assert settlement.moment == "upload_time"
    assert settlement.columns["psn_cert_type"].default == "01"


def test_legal_register_is_readable() -> None:
    legal = load_legal(Path(clew.packs.medical_insurance.__file__).with_name("legal.toml"))
    assert [i for i, b in legal.items() if b.verified] == ["reg735-15"]
    for basis in legal.values():
        assert basis.document.zh and basis.document.en and basis.article
        assert basis.valid_from and basis.valid_to is None


def test_legal_register_holds_what_the_detectors_rest_on() -> None:
    legal = load_legal(Path(clew.packs.medical_insurance.__file__).with_name("legal.toml"))
    assert {f"{i}: {b.article} {b.valid_from}" for i, b in legal.items()} == {
        "reg735-15: 第十五条 2021-05-01",
        "reg735-17: 第十七条 2021-05-01",
        "reg735-20: 第二十条 2021-05-01",
        "reg735-38: 第三十八条 2021-05-01",
        "reg735-40: 第四十条 2021-05-01",
        "reg735-41: 第四十一条 2021-05-01",
        "sil-30: 第三十条 2011-07-01",
        "sil-56: 第五十六条 2011-07-01",
        "sil-88: 第八十八条 2011-07-01",
        "crl-266: 第二百六十六条 1997-10-01",
        "npc2014-266: 全文 2014-04-24",
    }
