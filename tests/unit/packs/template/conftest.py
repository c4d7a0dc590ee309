"""Runs the template's detector on plain DuckDB, with an evaluator of its own."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import ibis
import pytest

from clew.accounts import actions as accounts
from clew.accounts.models import Account
from clew.declare import CLUE, Detector, Pack, Relations, registry
from clew.kernel.workspace import Workspace
from clew.packs._template.pack import PACK

Verdicts = dict[str, str]
TODAY = date(2023, 10, 31)


def verdicts(con: Any, pack: Pack, rows: str, today: date = TODAY, **overrides: str) -> Verdicts:
    """Case → "clue" or the code that excluded it, for every case that meets the conditions.

    `rows` is SQL that yields the lake's rows of the pack's one dataset.
    """
    (contract,), (detector,) = pack.datasets, pack.detectors
    con.raw_sql(f"CREATE OR REPLACE VIEW {contract.name} AS {rows}")
    held = frozenset({contract.name, *(f"{contract.name}.{c}" for c in contract.columns)})
    relations = Relations({contract.name: contract}, {}, held=held, as_of=today)
    expression = detector.rules[0].find(relations, detector.values(overrides))
    sql = ibis.to_sql(expression, dialect="duckdb")
    answer = con.raw_sql(sql)
    names = [column[0] for column in answer.description]
    rows_found = [dict(zip(names, values, strict=True)) for values in answer.fetchall()]
    found = [row for row in rows_found if _meets(detector, row)]
    return {row["case_no"]: _excluded_by(detector, row) for row in found}


def _meets(detector: Detector, row: dict[str, Any]) -> bool:
    return all(row[f"if_{c.code}"] is not False for c in detector.conditions)


def _excluded_by(detector: Detector, row: dict[str, Any]) -> str:
    return next((e.code for e in detector.exclusions if row[f"not_{e.code}"]), CLUE)


@pytest.fixture
def judge() -> Callable[..., Verdicts]:
    con = ibis.duckdb.connect()

    def run(pack: Pack, rows: str, today: date = TODAY, **overrides: str) -> Verdicts:
        return verdicts(con, pack, rows, today, **overrides)

    return run


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pack]:
    """The template as if it were an installed pack, the only one."""
    monkeypatch.setattr(registry, "packs", lambda: {PACK.name: PACK})
    yield PACK


@pytest.fixture
def officer(db: None, workspace: Workspace, installed: Pack) -> Account:
    """An account in a workspace that knows the pack's departments."""
    account = accounts.bootstrap(os_user="tester")
    for owner in installed.owners:
        accounts.create_department(
            by=account, code=owner.code, name_zh=owner.title.zh, name_en=owner.title.en
        )
    return account
