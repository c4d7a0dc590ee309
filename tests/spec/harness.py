"""Text tables in, facts out: a detector's specification that runs on every engine.

A case holds the lake as aligned text, the facts that must come out, and a title in both languages.
Its evaluator is written apart from the engine's, so that it can serve as its oracle.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

import pyarrow as pa

from clew.declare import DATA_CORRECTION, Dataset, Detector, Fact, Relations, Row, Rule, T
from clew.declare.relations import CORE
from clew.declare.types import (
    Address,
    Date,
    Flag,
    Integer,
    Money,
    Month,
    PersonId,
    PersonName,
    Timestamp,
)
from clew.declare.types import Decimal as DecimalType
from clew.kernel.addresses import parse_address
from clew.packs.medical_insurance.datasets import DATASETS
from clew.packs.medical_insurance.derived import DERIVED

AS_OF = date(2023, 10, 31)
CONTRACTS = {d.name: d for d in DATASETS}
RELATIONS = {d.name: d for d in DERIVED}
LINKS, HOLDERS = "links", "holders"
EVERYTHING = frozenset(CONTRACTS) | {
    f"{d.name}.{c}" for d in DATASETS for c in d.columns
}
ARROW = {
    "int64": pa.int64(), "int8": pa.int8(), "string": pa.string(), "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us"), "date": pa.date32(),
    "decimal(18, 4)": pa.decimal128(18, 4),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """`tables`: a dataset's name on a line of its own, then headers and rows parted by `|`.

    `facts`: subject | fact key … | outcome | code | fund | account | severity, as far as given.
    The table `links` (row, person, tier) holds what is stored about rows without a usable number,
    `holders` (person, sex, born) what numbers say of those who hold them.
    An outcome without facts is the text "none". `lacks` are datasets and columns not held.
    """

    title: T
    tables: str
    facts: str
    params: Mapping[str, str] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    untested: tuple[str, ...] | None = None
    confirm: bool | None = None
    """Whether every clue must say that identity is to be confirmed first, or that none may."""


class Engine(Protocol):
    name: str

    def load(self, name: str, table: pa.Table) -> None: ...

    def compile(self, expression: Any) -> str: ...

    def run(self, sql: str) -> pa.Table: ...


OWN = {
    "setl_id", "mdtrt_id", "init_setl_id", "psn_no", "fixmedins_code", "partner_code",
    "successor_code", "campus_of", "med_list_codg", "hosp_lv", "code_a", "code_b", "udi",
    "substance", "drug_trac_codg", "prog_id", "staff_codg", "bilg_dr_codg", "exec_dr_codg",
    "oper_dr_codg", "atddr_no", "terminal_no", "tel",
    "emp_uscc", "group_uscc", "merged_into", "agent_tel",
}  # fmt: skip
"""Columns whose values belong to one case, so that all cases can share one lake."""


def person(label: str) -> int:
    """A stable key for a label such as 12:P1, the person P1 of case 12."""
    return zlib.crc32(label.encode()) + 1


def name_of(label: str) -> str:
    return f"name of {label}"


def parse(text: str) -> dict[str, list[dict[str, str]]]:
    tables: dict[str, list[dict[str, str]]] = {}
    name, headers = "", []
    for line in filter(None, (part.strip() for part in text.splitlines())):
        if line in CONTRACTS or line in (LINKS, HOLDERS):
            name, headers = line, []
            tables.setdefault(name, [])
            continue
        cells = [cell.strip() for cell in line.split("|")]
        if not headers:
            headers = cells
        else:
            assert len(cells) == len(headers), line
            tables[name].append(dict(zip(headers, cells, strict=True)))
    return tables


def lake(cases: Mapping[int, Case]) -> dict[str, pa.Table]:
    """Every dataset of the pack as the lake holds it, the cases side by side."""
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in (*CONTRACTS, LINKS, HOLDERS)}
    for number, case in cases.items():
        for name, given in parse(case.tables).items():
            rows[name].extend(
                _filled(name, row, i) | {"case": str(number), "place": f"{name}:{i + 1}"}
                for i, row in enumerate(given)
            )
    tables, places, first = {}, {}, 1
    for name, contract in CONTRACTS.items():
        tables[name] = _arrow(contract, rows[name], first)
        places |= {(row["case"], row["place"]): first + i for i, row in enumerate(rows[name])}
        first += len(rows[name])
    return tables | {LINKS: _links(rows[LINKS], places), HOLDERS: _holders(rows[HOLDERS])}


def _links(rows: list[dict[str, str]], places: Mapping[tuple[str, str], int]) -> pa.Table:
    """Stored links: `row` is "dataset:n", the n-th row that the case gives of that dataset."""
    types = {"int64": pa.int64(), "string": pa.string()}
    cells = [
        {"row_id": places[row["case"], row["row"]], "column": "certno",
         "person": person(f"{row['case']}:{row['person']}"), "tier": row.get("tier", "T2")}
        for row in rows
    ]  # fmt: skip
    schema = pa.schema([(column, types[kind]) for column, kind in CORE[LINKS].items()])
    return pa.Table.from_pylist(cells, schema=schema)


def _filled(name: str, row: dict[str, str], position: int) -> dict[str, str]:
    """The columns that a case need not repeat."""
    row = dict(row)
    if name == "mi_settlement":
        row.setdefault("setl_id", f"S{position + 1}")
        row.setdefault("mdtrt_id", f"V{position + 1}")
        row.setdefault("med_type", "41")
        row.setdefault("fixmedins_code", "H1")
        row.setdefault("setl_time", row["begntime"])
        row.setdefault("fund_pay_sumamt", "0")
        row.setdefault("acct_pay", "0")
        paid = sum(Decimal(row[c] or 0) for c in ("fund_pay_sumamt", "acct_pay"))
        row.setdefault("medfee_sumamt", str(paid))
    if name == "mi_fee":
        row.setdefault("feedetl_sn", str(position))
        row.setdefault("cnt", "1")
        row.setdefault("med_list_codg", "DRUG")
    if name == "mi_catalogue":
        row.setdefault("start_date", "2000-01-01")
    if name == "mi_diagnosis":
        row.setdefault("diag_type", "1")
        row.setdefault("diag_srt_no", "1")
    return row


def _arrow(contract: type[Dataset], rows: list[dict[str, str]], first: int) -> pa.Table:
    unknown = {c for row in rows for c in row} - set(contract.columns) - {"case", "place"}
    assert not unknown, f"{contract.name} has no {unknown}"
    cells: dict[str, list[Any]] = {name: [] for name in contract.schema()}
    for offset, row in enumerate(rows):
        cells["row_id"].append(first + offset)
        for column in contract.columns.values():
            text = row.get(column.name, column.default or "")
            for name, value in _cells(column.name, column.type, text, row):
                cells[name].append(value)
    schema = pa.schema([(n, ARROW[t]) for n, t in contract.schema().items()])
    return pa.table(cells, schema=schema)


def _cells(name: str, kind: Any, text: str, row: dict[str, str]) -> list[tuple[str, Any]]:
    if isinstance(kind, PersonId):
        return [(name, person(f"{row['case']}:{text}") if text else None)]
    if isinstance(kind, PersonName):
        if name == "psn_name" and name not in row:
            text = name_of(row.get("certno") or row.get("psn_no") or "?")
        return [(name, text or None), (f"{name}_key", text or None)]
    if isinstance(kind, Timestamp | Date):
        moment, precision = _moment(text)
        value = moment.date() if moment and isinstance(kind, Date) else moment
        return [(name, value), (f"{name}_precision", precision)]
    if name in OWN and text:
        return [(name, f"{row['case']}:{text}")]
    if isinstance(kind, Address):
        return [(name, text or None), (f"{name}_div", parse_address(text, as_of=AS_OF).division)]
    return [(name, _plain(kind, text))]


def _plain(kind: Any, text: str) -> Any:
    if not text:
        return None
    if isinstance(kind, Month):
        return date.fromisoformat(f"{text}-01")
    if isinstance(kind, Money):
        return int(Decimal(text) * 100)
    if isinstance(kind, Flag):
        return text == "1"
    if isinstance(kind, Integer):
        return int(text)
    return Decimal(text) if isinstance(kind, DecimalType) else text


def _moment(text: str) -> tuple[datetime | None, int | None]:
    """"2023", "2023-03", "2023-03-05", "2023-03-05 14:00": what is written sets the precision."""
    if not text:
        return None, None
    forms = {4: ("-01-01", 1), 7: ("-01", 2), 10: ("", 3), 16: ("", 4), 19: ("", 5)}
    rest, precision = forms[len(text)]
    return datetime.fromisoformat(text + rest), precision


def _holders(rows: list[dict[str, str]]) -> pa.Table:
    cells = [
        {"person": person(f"{row['case']}:{row['person']}"), "sex": row.get("sex") or None,
         "born": date.fromisoformat(row["born"]) if row.get("born") else None}
        for row in rows
    ]  # fmt: skip
    schema = pa.schema([(column, ARROW[kind]) for column, kind in CORE[HOLDERS].items()])
    return pa.Table.from_pylist(cells, schema=schema)


@dataclass(frozen=True)
class Found:
    """One fact as a run would tell it."""

    outcome: str
    codes: tuple[str, ...]
    fund: int
    account: int
    severity: str
    untested: frozenset[str]
    confirm: bool


def detect(
    cases: Sequence[Case], case: Case, detector: Detector, engine: Engine, rule: str = ""
) -> dict[tuple[Any, ...], Found]:
    """Facts of one case. All cases with the same parameters and inputs run together, once."""
    held = EVERYTHING - {n for n in EVERYTHING for x in case.lacks if f"{n}.".startswith(f"{x}.")}
    params = detector.values(case.params)
    asked = detector.rule(rule)
    key = (engine.name, detector.id, rule, tuple(case.params.items()), case.lacks)
    if key not in _ran:
        together = {
            number: other
            for number, other in enumerate(cases)
            if (other.params, other.lacks) == (case.params, case.lacks)
        }
        try:
            _ran[key] = _run(together, detector, asked, params, frozenset(held), engine)
        except Exception as failure:
            _ran[key] = f"{type(failure).__name__}: {str(failure)[:500]}"
    assert not isinstance(_ran[key], str), _ran[key]
    rows = [row for row in _ran[key] if _case_of(_owner(asked, row)) == cases.index(case)]
    return evaluate(asked, params, rows, held)


def _owner(rule: Rule, row: Mapping[str, Any]) -> Any:
    """What tells a row's case: its subject, or for a set the first part of its key."""
    return row["subject"] if rule.subject != "set" else row[rule.fact_key[0]]


_ran: dict[Any, Any] = {}


def _run(
    cases: Mapping[int, Case],
    detector: Detector,
    rule: Rule,
    params: Any,
    held: frozenset[str],
    engine: Engine,
) -> list[dict[str, Any]]:
    """Rows of a detector, its derived tables stored first, as a run does it."""
    relations = Relations(CONTRACTS, RELATIONS, held=held, as_of=AS_OF)
    for name, table in lake(cases).items():
        engine.load(name, table)
    needed = set(detector.inputs)
    for relation in reversed(DERIVED):
        if relation.name in needed:
            needed |= set(relation.inputs)
    for relation in DERIVED:
        if relation.name in needed:
            expression = relations.definition(relation.name)
            if relation.materialise:
                expression = expression.order_by(list(relation.order))
            engine.load(relation.name, engine.run(engine.compile(expression)))
    found = engine.run(engine.compile(rule.find(relations, params)))
    rows = [dict(row) for row in found.to_pylist()]
    return rule.after(sorted(rows, key=str), params) if rule.after else rows


def evaluate(
    rule: Rule, params: Any, rows: Iterable[dict[str, Any]], held: Iterable[str]
) -> dict[tuple[Any, ...], Found]:
    groups: dict[tuple[Any, ...], list[tuple[dict[str, Any], str, str, set[str]]]] = {}
    for row in rows:
        judged = _judge(rule, row, set(held))
        if judged is not None:
            key = (row["subject"], *(row[name] for name in rule.fact_key))
            groups.setdefault(key, []).append((row, *judged))
    facts = {key: _fact(rule, params, key, judged) for key, judged in groups.items()}
    clues = [key for key, (_, outcome, _) in facts.items() if outcome == "clue"]
    grades = rule.grade([facts[key][0] for key in clues], params)
    severity = dict(zip(clues, grades, strict=True))
    found = {}
    for key, (fact, outcome, codes) in facts.items():
        unknown = frozenset(c for _, o, _, u in groups[key] if o == "clue" for c in u)
        level = severity.get(key, "")
        if unknown - {s.code for s in rule.signals} and level:
            level = {"H": "M", "M": "L", "L": "L"}[level]
        confirm = any(row.values.get("confirm_identity") for row in fact.rows)
        found[key] = Found(outcome, codes, fact.fund, fact.account, level, unknown, confirm)
    return found


def _judge(
    rule: Rule, row: dict[str, Any], held: set[str]
) -> tuple[str, str, set[str]] | None:
    unknown = set()
    for signal in rule.signals:
        lacking = signal.sources and not held.intersection(signal.sources)
        if lacking or row[f"is_{signal.code}"] is None:
            unknown.add(signal.code)
    for condition in rule.conditions:
        value = row[f"if_{condition.code}"]
        if condition.sources and not held.intersection(condition.sources):
            value = None
        if value is False:
            return None
        if value is None:
            unknown.add(condition.code)
    deciding = ("clue", "")
    for exclusion in reversed(rule.exclusions):
        value = row[f"not_{exclusion.code}"]
        if exclusion.sources and not held.intersection(exclusion.sources):
            value = None
        if value is None:
            unknown.add(exclusion.code)
        elif value:
            deciding = (exclusion.outcome, exclusion.code)
    return (*deciding, unknown)


def _fact(
    rule: Rule,
    params: Any,
    key: tuple[Any, ...],
    judged: list[tuple[dict[str, Any], str, str, set[str]]],
) -> tuple[Fact, str, tuple[str, ...]]:
    outcomes = {outcome for _, outcome, _, _ in judged}
    kept = [row for row, outcome, _, _ in judged if outcome == "clue"]
    if DATA_CORRECTION in outcomes:
        outcome = DATA_CORRECTION
    else:
        outcome = "clue" if kept else sorted(outcomes)[-1]
    fact = Fact(
        key[0], key[1:], tuple(Row(row, "clue") for row in kept),
        sum(row["fund"] for row in kept), sum(row["account"] for row in kept),
    )
    codes = [code for _, _, code, _ in judged if code]
    if outcome == "clue" and codes and rule.holds and not rule.holds(fact, params):
        most = max(codes.count(code) for code in codes)
        first = next(e for e in rule.exclusions if codes.count(e.code) == most)
        return Fact(key[0], key[1:], (), 0, 0), first.outcome, (first.code,)
    return fact, outcome, tuple(sorted(set(codes)))


def expected(case: Case) -> list[list[str]]:
    lines = [line.strip() for line in case.facts.strip().splitlines()]
    return [] if lines == ["none"] else [[c.strip() for c in line.split("|")] for line in lines]


def told(found: Mapping[tuple[Any, ...], Found]) -> list[list[str]]:
    """Facts in the form in which cases expect them, keys in the words of the case."""
    return sorted(
        [
            *(_word(part) for part in key), fact.outcome, "+".join(fact.codes),
            f"{fact.fund / 100:.2f}", f"{fact.account / 100:.2f}", fact.severity,
        ]
        for key, fact in found.items()
    )


LABELS = {person(f"{n}:P{i}"): f"{n}:P{i}" for n in range(100) for i in range(1, 40)}


def _case_of(subject: Any) -> int:
    return int(str(LABELS.get(subject, subject)).split(":")[0])


def _word(part: Any) -> str:
    text = str(LABELS.get(part, part) if isinstance(part, int) else part)
    return re.sub(r"^\d+:", "", text)


def days_after(day: str, n: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=n)).isoformat()


def check(
    cases: Sequence[Case], case: Case, detector: Detector, engine: Engine, rule: str = ""
) -> None:
    """Compares as many columns as the case states."""
    found = detect(cases, case, detector, engine, rule)
    wanted = sorted(expected(case))
    got = told(found)
    width = min((len(line) for line in wanted), default=None)
    assert [line[:width] for line in got] == [line[:width] for line in wanted]
    if case.untested is not None:
        for fact in found.values():
            assert fact.untested == set(case.untested)
    if case.confirm is not None:
        clues = [fact for fact in found.values() if fact.outcome == "clue"]
        assert clues and all(fact.confirm == case.confirm for fact in clues)
