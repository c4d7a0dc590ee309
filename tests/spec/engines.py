"""Engines behind the specification: the embedded one and an in-process Spark Connect server."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa


class DuckDB:
    name = "duckdb"

    def __init__(self) -> None:
        self.connection = ibis.duckdb.connect()

    def load(self, name: str, table: pa.Table) -> None:
        self.connection.create_table(name, table, overwrite=True)

    def run(self, expression: Any) -> pa.Table:
        return self.connection.to_pyarrow(expression)


class Spark:
    """Needs the development extra: the server runs inside this process, without Java."""

    name = "spark"

    def __init__(self) -> None:
        from pysail.spark import SparkConnectServer
        from pyspark.sql import SparkSession

        self.server = SparkConnectServer(ip="127.0.0.1", port=0)
        self.server.start(background=True)
        _, port = self.server.listening_address
        session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
        session.conf.set("spark.sql.session.timeZone", "Asia/Shanghai")
        self.connection = ibis.pyspark.connect(session)
        self.session = session

    def load(self, name: str, table: pa.Table) -> None:
        self.session.createDataFrame(table).createOrReplaceTempView(name)

    def run(self, expression: Any) -> pa.Table:
        return self.connection.to_pyarrow(expression)

    def close(self) -> None:
        self.session.stop()
        self.server.stop()
