"""Whatever a delivery's texts were, its files have the types of its contract."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest

from clew.datasets.models import LakeFile
from clew.declare import registry
from clew.kernel.workspace import Workspace
from tests.unit.datasets.conftest import Send, csv_text, settlement

ARROW = {
    "int64": "int64", "int8": "int8", "string": "string", "boolean": "bool",
    "timestamp": "timestamp[us]", "date": "date32[day]", "decimal(18, 4)": "decimal128(18, 4)",
}  # fmt: skip


@pytest.mark.parametrize("day", ["2023-03-05 09:10:00", "2023/3/5", "2023年3月5日", "20230305"])
def test_lake_types_are_those_of_the_contract(send: Send, day: str) -> None:
    assert send(csv_text([settlement(1, **{"开始时间": day})])).status == "published"
    (file,) = LakeFile.objects.filter(kind=LakeFile.ROWS)
    schema = pq.read_schema(Workspace.current().home / file.path)
    declared = registry.dataset("mi_settlement").schema()
    assert {n: str(schema.field(n).type) for n in declared} == {
        n: ARROW[t] for n, t in declared.items()
    }
