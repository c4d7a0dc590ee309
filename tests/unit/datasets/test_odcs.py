"""Contracts in the standard's form: valid by the standard's own model, nothing left out."""

from __future__ import annotations

import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from clew.datasets.odcs import API_VERSION, contract_yaml
from clew.declare import Dataset, registry

CONTRACTS = list(registry.datasets().values())


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda c: c.name)
def test_every_contract_is_valid_and_whole(contract: type[Dataset]) -> None:
    read = OpenDataContractStandard.from_string(contract_yaml(contract))
    assert (read.apiVersion, read.kind) == (API_VERSION, "DataContract")
    assert read.schema_ is not None
    (table,) = read.schema_
    assert table.properties is not None
    assert [p.name for p in table.properties] == list(contract.columns)
    keys = sorted((p.primaryKeyPosition, p.name) for p in table.properties if p.primaryKey)
    assert [name for _, name in keys] == list(contract.key)
    for described in table.properties:
        column = contract.columns[str(described.name)]
        assert described.classification == column.type.sensitivity
        assert described.required == (column.required and column.default is None)


def test_what_is_delivered_is_described_not_what_the_lake_keeps() -> None:
    content = yaml.safe_load(contract_yaml(registry.dataset("mi_settlement")))
    columns = {p["name"]: p for p in content["schema"][0]["properties"]}
    assert columns["certno"]["logicalType"] == "string"
    assert columns["medfee_sumamt"]["physicalType"] == "DECIMAL(18,2)"
    assert columns["begntime"]["logicalType"] == "timestamp"
    headers = {c["property"]: c["value"] for c in columns["certno"]["customProperties"]}["headers"]
    assert headers[0] == "证件号码" and "身份证号" in headers
    closed = columns["verify_mode"]["quality"][0]
    assert {"face", "人脸", "刷脸"} <= set(closed["arguments"]["validValues"])
    assert "quality" not in columns["med_type"]


def test_only_words_of_3_1_are_used() -> None:
    """The model also takes words of later editions; a reader of 3.1 would refuse them."""
    later = {"semanticType", "enum", "synonyms", "map", "context", "deprecated"}
    content = yaml.safe_load(contract_yaml(registry.dataset("mi_settlement")))
    assert not later & set(content)
    assert not any(later & set(p) for p in content["schema"][0]["properties"])


def test_the_same_contract_gives_the_same_text() -> None:
    first, second = CONTRACTS[:2]
    assert contract_yaml(first) == contract_yaml(first)
    ids = {yaml.safe_load(contract_yaml(c))["id"] for c in CONTRACTS}
    assert len(ids) == len(CONTRACTS)
    assert contract_yaml(second).startswith(f"apiVersion: {API_VERSION}")
