"""Engines behind the specification: the embedded one and an in-process Spark Connect server."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from clew.detection.engines.steps import stepwise


class DuckDB:
    name = "duckdb"

    def __init__(self) -> None:
        self.connection = ibis.duckdb.connect()

    def load(self, name: str, table: pa.Table) -> None:
        raw = self.connection.con
        raw.register("incoming", table)
        raw.execute(f'create or replace table "{name}" as select * from incoming')
        raw.unregister("incoming")

    def compile(self, expression: Any) -> str:
        return str(self.connection.compile(expression))

    def run(self, sql: str) -> pa.Table:
        return self.connection.con.execute(sql).to_arrow_table()


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
        self.folder = TemporaryDirectory(prefix="clew-spark-")
        self.numbers = count()
        self.held: dict[str, pa.Table] = {}

    def load(self, name: str, table: pa.Table) -> None:
        held = self.held.get(name)
        if held is not None and held.equals(table):
            return
        self.held[name] = table
        path = Path(self.folder.name) / f"{name}-{next(self.numbers)}.parquet"
        pq.write_table(table, path)
        self.session.read.parquet(str(path)).createOrReplaceTempView(name)

    def compile(self, expression: Any) -> str:
        return str(self.connection.compile(expression))

    def run(self, sql: str) -> pa.Table:
        with stepwise(self.session, sql, Path(self.folder.name)) as rows:
            return rows.toArrow()

    def close(self) -> None:
        self.session.stop()
        self.server.stop()
        self.folder.cleanup()
