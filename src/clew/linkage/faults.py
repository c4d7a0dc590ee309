"""What tier T2 is decided on, read from the lake: faulty numbers, and known ones beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa

from clew.datasets.lake.engine import connect, files_sql, name, quote
from clew.datasets.models import LakeFile
from clew.datasets.queries import live_sql, paths
from clew.declare import Column, Dataset, registry
from clew.declare.types import BirthDate
from clew.kernel.identifiers import RESIDENT
from clew.kernel.workspace import Workspace
from clew.linkage.mentions import gather, named_persons
from clew.linkage.repair import FAULTS, Fault, Known, Repair, pairs, repair

DAY = 3  # precision of a date from which the day is known
PORTION = 5_000  # texts whose neighbours, some 180 each, are looked up at once


def repairs() -> Iterator[tuple[Fault, Repair]]:
    """Every live row whose faulty number can be repaired, in order of row ids."""
    workspace = Workspace.current()
    with connect(workspace) as con:
        found = _faults(con, workspace)
        holders = _holders(con, workspace, sorted({f.original for f in found}))
    for fault in sorted(found, key=lambda f: (f.row_id, f.column)):
        mended = repair(fault, holders.get(fault.original, ()))
        if mended is not None:
            yield fault, mended


def _faults(con: duckdb.DuckDBPyConnection, workspace: Workspace) -> list[Fault]:
    found: list[Fault] = []
    for contract in registry.datasets().values():
        noted = paths(workspace, contract.name, LakeFile.REPAIRS)
        rows = live_sql(workspace, contract.name)
        if noted and rows:
            for column, called in named_persons(contract).items():
                found += _faults_of(con, contract, column, called, files_sql(noted), rows)
    return found


def _faults_of(
    con: duckdb.DuckDBPyConnection,
    contract: type[Dataset],
    column: Column,
    called: str,
    noted: str,
    rows: str,
) -> list[Fault]:
    key, birth = name(f"{called}_key"), _birth(contract)
    codes = ", ".join(map(quote, FAULTS))
    answer = con.execute(
        f"SELECT row_id, original, {name(called)}, {key}, {birth} FROM {rows} JOIN ("
        f"SELECT row_id, original FROM {noted} WHERE NOT repaired AND code IN ({codes}) "
        f"AND column_name = {quote(column.name)}) USING (row_id) "
        f"WHERE {name(column.name)} IS NULL AND {key} <> ''"
    ).fetchall()
    return [Fault(contract.name, column.name, int(row[0]), *row[1:]) for row in answer]


def _birth(contract: type[Dataset]) -> str:
    """SQL of a row's birth date, where it is plain whose it is and the day is known."""
    births = [c.name for c in contract.columns.values() if isinstance(c.type, BirthDate)]
    if len(births) != 1 or len(named_persons(contract)) != 1:
        return "CAST(NULL AS DATE)"
    return f"CASE WHEN {name(births[0] + '_precision')} >= {DAY} THEN {name(births[0])} END"


def _holders(
    con: duckdb.DuckDBPyConnection, workspace: Workspace, originals: Sequence[str]
) -> dict[str, list[Known]]:
    """Known persons one edit away from each text, with the names under which they are held."""
    dictionary = paths(workspace, None, LakeFile.IDENTITIES)
    con.execute("CREATE TEMP TABLE near (original VARCHAR, person BIGINT, number VARCHAR)")
    for start in range(0, len(originals) if dictionary else 0, PORTION):
        texts, numbers = pairs(originals[start : start + PORTION])
        con.register("pairs", pa.table({"original": texts, "number": numbers}))
        con.execute(
            "INSERT INTO near SELECT DISTINCT original, key, number FROM pairs "
            f"JOIN {files_sql(dictionary)} USING (number) WHERE scheme = {quote(RESIDENT)}"
        )
        con.unregister("pairs")
    gather(con, among="near")
    names: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for person, key, dataset in con.execute(
        "SELECT person, name_key, min(dataset) FROM mentions WHERE name_key <> '' GROUP BY ALL"
    ).fetchall():
        names[person][key] = dataset
    former: defaultdict[int, set[str]] = defaultdict(set)
    for person, key in con.execute("SELECT person, name_key FROM former").fetchall():
        former[person].add(key)
    found: defaultdict[str, list[Known]] = defaultdict(list)
    for original, person, number in con.execute("FROM near ORDER BY ALL").fetchall():
        known = Known(person, number, names[person], frozenset(former[person]))
        found[original].append(known)
    return found
