from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.spec.engines import DuckDB, Spark


@pytest.fixture(scope="session")
def duckdb_engine() -> DuckDB:
    return DuckDB()


@pytest.fixture(scope="session")
def spark_engine() -> Iterator[Spark]:
    pytest.importorskip("pysail", reason="the in-process Spark engine is not installed")
    engine = Spark()
    yield engine
    engine.close()


@pytest.fixture(params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(f"{request.param}_engine")
