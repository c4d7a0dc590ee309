"""The engine's fence, the dictionary of persons, one writer at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from clew.datasets import queries
from clew.datasets.lake import engine, identities, store
from clew.datasets.models import LakeFile
from clew.kernel.errors import StoreError
from clew.kernel.keys import person_key
from clew.kernel.workspace import Workspace
from tests.unit.datasets.conftest import GOOD_ID, Send, csv_text, settlement


def test_the_engine_reads_the_lake_and_nothing_else(workspace: Workspace, tmp_path: Path) -> None:
    outside, allowed = tmp_path / "outside.csv", tmp_path / "allowed.csv"
    for path in (outside, allowed, workspace.lake / "inside.csv"):
        path.write_text("a\n1\n")
    with engine.connect(workspace, also=[allowed]) as con:
        for path in (allowed, workspace.lake / "inside.csv"):
            assert con.execute(f"FROM read_csv({engine.quote(str(path))})").fetchall() == [(1,)]
        for sql in (
            f"FROM read_csv({engine.quote(str(outside))})",
            f"FROM read_csv({engine.quote(str(workspace.keys / 'workspace.key'))})",
            f"COPY (SELECT 1) TO {engine.quote(str(tmp_path / 'out.csv'))}",
            f"FROM read_text({engine.quote(str(workspace.lake / '..' / 'clew.toml'))})",
            "SET enable_external_access = true",
            "INSTALL httpfs",
        ):
            with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
                con.execute(sql)


def test_engines_side_by_side_spill_apart(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEW_MEMORY", "100MB")
    target = engine.quote(str(workspace.staging / "sorted"))
    sorting = "COPY (SELECT i, repeat(i::VARCHAR, 20) AS a FROM range(1_000_000) t(i) " \
        f"ORDER BY hash(i)) TO {target[:-1]}%s' (FORMAT parquet)"  # fmt: skip
    with (
        engine.connect(workspace, at_most=1) as one,
        engine.connect(workspace, at_most=1) as other,
        ThreadPoolExecutor(2) as pool,
    ):
        work = [pool.submit(c.execute, sorting % n) for n, c in enumerate((one, other))]
        spilled = set()
        while not all(each.done() for each in work):
            spilled |= {p.parent.name for p in workspace.staging.glob(f"{engine.SPILL}*/*")}
        assert [each.result().fetchall() for each in work] == [[(1_000_000,)]] * 2
    assert len(spilled) == 2
    assert [p.name for p in workspace.staging.iterdir() if p.name.startswith(engine.SPILL)] == []


def test_text_and_names_are_quoted() -> None:
    with duckdb.connect() as con:
        for text in ("it's", 'a "b"', "; DROP TABLE x; --", "中文"):
            sql = f"SELECT {engine.quote(text)} AS {engine.name(text)}"
            assert con.execute(sql).fetchall() == [(text,)]
            assert con.description[0][0] == text  # type: ignore[index]


def test_the_dictionary_gives_numbers_back(send: Send, workspace: Workspace) -> None:
    rows = [settlement(1), settlement(2, 身份证号="330324680312805"), settlement(3, 身份证号="无")]
    send(csv_text(rows))
    send(csv_text([settlement(4)]), "结算2.csv")
    known = queries.paths(workspace, None, LakeFile.IDENTITIES)
    assert len(known) == 1, "a person who is known is not written again"
    key = person_key(workspace.key, "01", GOOD_ID)
    with engine.connect(workspace) as con:
        assert identities.lookup(con, [key, key + 1], known) == {key: GOOD_ID}
        assert identities.lookup(con, [], known) == identities.lookup(con, [key], []) == {}


def test_one_key_never_stands_for_two_people() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE new AS SELECT 7 AS key, '01' AS scheme, 'a' AS number")
        con.execute("CREATE TABLE also AS FROM new UNION ALL SELECT NULL, NULL, NULL")
        identities.refuse_collisions(con, ["new", "also"], [])
        con.execute("CREATE TABLE other AS SELECT 7 AS key, '01' AS scheme, 'b' AS number")
        with pytest.raises(StoreError, match="share one person key"):
            identities.refuse_collisions(con, ["new", "other"], [])


def test_a_second_writer_waits(workspace: Workspace) -> None:
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait(10)
        with store.exclusive(workspace):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with store.exclusive(workspace):
        inside.set()
        thread.join(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
