"""Spark, through Spark Connect: a cluster, or an in-process server in the tests.

$SPARK_REMOTE names the server. The lake's files must be reachable under the same paths there.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from clew.declare import Dataset
from clew.declare.relations import CORE
from clew.detection.engines.steps import stepwise, store
from clew.detection.inputs import HOLDERS, LINKS, Frozen, Inputs
from clew.kernel.errors import StoreError
from clew.kernel.identifiers import PERMIT, RESIDENT
from clew.kernel.workspace import Workspace

_TYPES = {
    "string": "STRING", "int64": "BIGINT", "int8": "TINYINT", "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP_NTZ", "date": "DATE", "decimal(18, 4)": "DECIMAL(18, 4)",
}  # fmt: skip


class SparkEngine:
    name = "spark"

    def __init__(self, spark: Any, workspace: Workspace) -> None:
        self._spark = spark
        self._workspace = workspace
        self._folder = workspace.staging / f"spark-{uuid.uuid4().hex[:8]}"

    def open(self, datasets: Mapping[str, type[Dataset]], inputs: Inputs) -> None:
        for dataset, contract in datasets.items():
            frozen = inputs.frozen.get(dataset)
            body = _empty(contract.schema())
            if frozen is not None and frozen.files:
                body = self._live(contract, frozen, inputs)
            self._spark.sql(body).createOrReplaceTempView(dataset)
        links = inputs.frozen.get(LINKS)
        if links is None:
            self._spark.sql(_empty(CORE[LINKS])).createOrReplaceTempView(LINKS)
        else:
            files = [str(p) for p in links.paths(self._workspace)]
            self._spark.read.parquet(*files).createOrReplaceTempView(LINKS)
        self._open_holders(inputs.frozen.get(HOLDERS))

    def _open_holders(self, known: Frozen | None) -> None:
        """Sex and birth date as the 17th character and the 7th to 14th of a number tell them."""
        body = _empty(CORE[HOLDERS])
        if known is not None and known.files:
            files = [str(p) for p in known.paths(self._workspace)]
            self._spark.read.parquet(*files).createOrReplaceTempView("dictionary")
            born = "concat_ws('-', substr(number, 7, 4), substr(number, 11, 2), " \
                "substr(number, 13, 2))"
            body = (
                "SELECT DISTINCT key AS person, "
                "CASE WHEN TRY_CAST(substr(number, 17, 1) AS INT) % 2 = 1 THEN '1' ELSE '2' END "
                f"AS sex, TRY_CAST({born} AS DATE) AS born FROM dictionary "
                f"WHERE scheme IN ('{RESIDENT}', '{PERMIT}') AND length(number) = 18"
            )
        self._spark.sql(body).createOrReplaceTempView(HOLDERS)

    def _live(self, contract: type[Dataset], frozen: Frozen, inputs: Inputs) -> str:
        files = [str(p) for p in frozen.paths(self._workspace)]
        raw = self._spark.read.parquet(*files)
        if not contract.schema().keys() <= set(raw.columns):
            raw = self._spark.read.option("mergeSchema", "true").parquet(*files)
        raw.createOrReplaceTempView(f"raw_{contract.name}")
        # A column that the contract gained later is in no file of an earlier delivery.
        there = set(raw.columns)
        cells = ", ".join(
            f"CAST({f'r.`{c}`' if c in there else 'NULL'} AS {_TYPES[t]}) AS `{c}`"
            for c, t in contract.schema().items()
        )
        sql = f"SELECT {cells} FROM raw_{contract.name} AS r"
        if frozen.tombstones:
            dead = [str(p) for p in frozen.tombstone_paths(self._workspace)]
            self._spark.read.parquet(*dead).createOrReplaceTempView(f"dead_{contract.name}")
            sql += f" LEFT ANTI JOIN dead_{contract.name} AS dead ON dead.row_id = r.row_id"
        if contract.main_date and frozen.last_day > inputs.as_of.isoformat():
            day = f"CAST(r.`{contract.main_date}` AS DATE)"
            sql += f" WHERE ({day} IS NULL OR {day} <= DATE '{inputs.as_of}')"
        return sql

    def materialise(self, table: str, sql: str, order: tuple[str, ...]) -> bool:
        with stepwise(self._spark, sql, self._folder) as rows:
            store(self._spark, rows, self._folder, table)
        return False

    def view(self, name: str, sql: str) -> None:
        self._spark.sql(sql).createOrReplaceTempView(name)

    def sql(self, expression: ir.Table) -> str:
        return str(ibis.to_sql(expression, dialect="pyspark"))

    def rows(self, sql: str) -> pa.Table:
        with stepwise(self._spark, sql, self._folder) as rows:
            table: pa.Table = rows.toArrow()
        return table

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _empty(schema: Mapping[str, str]) -> str:
    cells = ", ".join(f"CAST(NULL AS {_TYPES[t]}) AS `{c}`" for c, t in schema.items())
    return f"SELECT {cells} WHERE false"


@contextmanager
def session(workspace: Workspace) -> Iterator[SparkEngine]:
    """Raises StoreError if no Spark client is installed or no server is named."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise StoreError(
            "没有安装 Spark 客户端 (no Spark client is installed)",
            next_step="安装 clew[spark], 或用 CLEW_ENGINE=duckdb",
        ) from error
    remote = os.environ.get("SPARK_REMOTE", "")
    if not remote:
        raise StoreError(
            "没有指明 Spark 服务器 (SPARK_REMOTE is not set)",
            next_step="SPARK_REMOTE=sc://host:15002 clew detect …",
        )
    # A session of this run's own: an active one would be taken whatever server it belongs to.
    spark = SparkSession.builder.remote(remote).create()
    spark.conf.set("spark.sql.session.timeZone", "Asia/Shanghai")
    _ = ibis.pyspark  # loading it sets the options without which its compiler fails
    engine = SparkEngine(spark, workspace)
    try:
        yield engine
    finally:
        engine.close()
        spark.stop()
