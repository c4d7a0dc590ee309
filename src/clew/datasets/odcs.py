"""A contract in the Open Data Contract Standard, v3.1, the form that other tools read.

Source: Bitol, Open Data Contract Standard 3.1.0. What the standard has no word for (Chinese
headers, key stand-ins, bounds of freshness by day) stands under `customProperties`.
"""

from __future__ import annotations

import uuid
from typing import Any

import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from clew.datasets.contracts import form, version
from clew.declare import Column, Dataset, registry, types

API_VERSION = "v3.1.0"
_LOGICAL = {
    "string": ("string", "VARCHAR"), "int64": ("integer", "BIGINT"),
    "boolean": ("boolean", "BOOLEAN"), "date": ("date", "DATE"),
    "timestamp": ("timestamp", "TIMESTAMP"), "decimal(18, 4)": ("number", "DECIMAL(18,4)"),
}  # fmt: skip
# Identifies this project's contracts wherever they are exported.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "clew.datasets")


def contract_yaml(contract: type[Dataset]) -> str:
    """The contract as YAML, describing the rows that a department delivers.

    The same contract gives the same text, and its `id` never changes.
    """
    content = _content(contract)
    OpenDataContractStandard.model_validate(content)
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100))


def _content(contract: type[Dataset]) -> dict[str, Any]:
    pack = registry.pack_of_dataset(contract.name)
    content: dict[str, Any] = {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": str(uuid.uuid5(_NAMESPACE, contract.name)),
        "name": contract.title.zh,
        "version": version(contract),
        "status": "active",
        "domain": pack.name,
        "dataProduct": pack.title.en,
        "description": {
            "purpose": f"{contract.title.zh} {contract.title.en}",
            "usage": " ".join((contract.__doc__ or "").split()),
            "limitations": "时间为北京时间 (Asia/Shanghai wall time); 金额单位为元 (yuan)",
        },
        "schema": [_schema(contract)],
        "team": {"name": "、".join(contract.owners)},
        "customProperties": _custom(
            mode=contract.mode, synonyms=list(contract.synonyms),
            moment=contract.moment, mainDate=contract.main_date, mayLack=contract.may_lack,
            volume=list(contract.volume or ()),
        ),
    }  # fmt: skip
    if contract.fresh_days is not None:
        content["slaProperties"] = [
            {"property": "frequency", "value": contract.fresh_days, "unit": "d"}
        ]
    return content


def _schema(contract: type[Dataset]) -> dict[str, Any]:
    return {
        "name": contract.name,
        "physicalName": contract.name,
        "logicalType": "object",
        "physicalType": "table",
        "businessName": contract.title.zh,
        "description": " ".join((contract.__doc__ or "").split()),
        "dataGranularityDescription": " ".join((contract.__doc__ or "").split()),
        "properties": [_property(contract, column) for column in contract.columns.values()],
    }


def _property(contract: type[Dataset], column: Column) -> dict[str, Any]:
    logical, physical = _delivered(column)
    found = form(column.type)
    described: dict[str, Any] = {
        "name": column.name,
        "businessName": column.title.zh,
        "logicalType": logical,
        "physicalType": physical,
        "description": f"{column.title.en}. {found.how.en}. {found.how.zh}",
        "required": column.required and column.default is None,
        "classification": column.type.sensitivity,
    }
    if column.name in contract.key:
        described["primaryKey"] = True
        described["primaryKeyPosition"] = contract.key.index(column.name) + 1
    if found.example:
        described["examples"] = [found.example]
    meanings = dict(column.type.meanings) if isinstance(column.type, types.Code) else {}
    if meanings and isinstance(column.type, types.Code) and not column.type.open_list:
        described["quality"] = [_listed(meanings)]
    described["customProperties"] = _custom(
        semanticType=column.type.name, headers=list(column.headers), meanings=meanings,
        default=column.default,
    )  # fmt: skip
    return described


def _delivered(column: Column) -> tuple[str, str]:
    """Types of a delivered value: a person's number is text, though the lake keeps a key of it;
    money is yuan, though the lake keeps fen."""
    if isinstance(column.type, types.PersonId):
        return "string", "VARCHAR"
    if isinstance(column.type, types.Money):
        return "number", "DECIMAL(18,2)"
    return _LOGICAL[column.type.lake]


def _listed(meanings: dict[str, str]) -> dict[str, Any]:
    words = [word for meaning in meanings.values() for word in meaning.split("/")]
    return {
        "type": "library",
        "metric": "invalidValues",
        "arguments": {"validValues": list(dict.fromkeys([*meanings, *words]))},
        "mustBe": 0,
        "description": "code or its Chinese meaning",
    }


def _custom(**values: Any) -> list[dict[str, Any]]:
    return [{"property": name, "value": value} for name, value in values.items() if value]
