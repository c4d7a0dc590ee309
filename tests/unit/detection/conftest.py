"""Engines with nothing in them, for forms and neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.spec.engines import DuckDB, Spark


@pytest.fixture(scope="session")
def plain_duckdb() -> DuckDB:
    return DuckDB()


@pytest.fixture(scope="session")
def plain_spark() -> Iterator[Spark]:
    pytest.importorskip("pysail", reason="the in-process Spark engine is not installed")
    engine = Spark()
    yield engine
    engine.close()


@pytest.fixture(params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(f"plain_{request.param}")
