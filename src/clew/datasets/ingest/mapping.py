"""Mapping files: how a foreign layout becomes rows of our datasets.

    mapping: us-claims
    files:
      - match: [ClaimID, AdmissionDt]        # headers that must all be there
        targets:
          - dataset: mi_inpatient
            department: 医保局
            scheme: us-beneficiary           # document scheme of the person IDs
            names: false                     # the scheme carries no names
            where: AdmissionDt IS NOT NULL   # rows to take
            columns:
              mdtrt_id: ClaimID              # a header
              adm_time: {from: AdmissionDt}
              fund: {expr: "a + b", unit: 万元}
              med_type: {value: "21"}
              sex: {from: Gender, codes: {"1": "1", "2": "2"}}

Expressions are SQL over the file's headers: columns, literals, operators and the functions listed
in FUNCTIONS, nothing that could reach another table or file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlglot
import yaml
from sqlglot import expressions as sql

from clew.datasets.lake.engine import name, quote
from clew.declare import registry
from clew.kernel.errors import InputError

UNITS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
FUNCTIONS = frozenset(
    "coalesce nullif substr substring trim upper lower replace concat lpad rpad left right round "
    "abs regexp_replace regexp_extract cast try_cast length split_part strftime if case".split()
)
_KEYS = {"from", "expr", "value", "unit", "codes"}


@dataclass(frozen=True, slots=True)
class Target:
    """One dataset fed from a file. `columns` maps contract columns to SQL over the file."""

    dataset: str
    columns: Mapping[str, str]
    department: str = ""
    scheme: str = ""
    names: bool = True
    where: str = ""


@dataclass(frozen=True, slots=True)
class FileMapping:
    match: frozenset[str]
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Mapping_:  # noqa: N801 - typing's Mapping is in use here
    name: str
    files: tuple[FileMapping, ...]
    raw: Mapping[str, Any] = field(default_factory=dict)

    def for_headers(self, headers: Sequence[str], file_name: str) -> FileMapping:
        """The entry whose headers are all in the file; of several, the one that names most.

        Raises:
            InputError: none fits.
        """
        fitting = [f for f in self.files if f.match <= set(headers)]
        if not fitting:
            raise InputError(
                f"映射 {self.name} 没有适合 {file_name} 的条目 (no entry fits this file's headers)",
                next_step=f"clew datasets map {file_name}",
            )
        return max(fitting, key=lambda f: len(f.match))


def load(reference: str) -> Mapping_:
    """A mapping by file path or by the name of one that a pack ships.

    Raises:
        InputError: not found, or not a valid mapping.
    """
    path = Path(reference)
    if not path.is_file():
        shipped = _shipped()
        if reference not in shipped:
            raise InputError(
                f"没有映射 {reference} (no such mapping file or shipped mapping)",
                next_step=f"随附的映射: {', '.join(sorted(shipped)) or '无'}",
            )
        path = shipped[reference]
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(
            f"映射文件 {path.name} 不是有效的 YAML: {error} (not valid YAML)",
            next_step="修正后重试 (mend it and repeat the command)",
        ) from error
    return parse(content, path.stem)


def parse(content: Any, name_: str) -> Mapping_:
    """Checks a mapping's content.

    Raises:
        InputError: names the entry that is wrong.
    """
    if not isinstance(content, dict) or not isinstance(content.get("files"), list):
        raise _wrong(name_, "没有 files 列表 (no list `files`)")
    files = []
    for entry in content["files"]:
        if not isinstance(entry, dict) or not entry.get("match") or not entry.get("targets"):
            raise _wrong(name_, "files 的每一项都要有 match 和 targets (match and targets needed)")
        targets = tuple(_target(name_, t) for t in entry["targets"])
        files.append(FileMapping(frozenset(map(str, entry["match"])), targets))
    return Mapping_(str(content.get("mapping", name_)), tuple(files), content)


def _shipped() -> dict[str, Path]:
    folders = [p.mappings for p in registry.packs().values() if p.mappings]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml"))}


def _target(name_: str, entry: Any) -> Target:
    if not isinstance(entry, dict) or "dataset" not in entry or "columns" not in entry:
        raise _wrong(name_, "target 要有 dataset 和 columns (dataset and columns needed)")
    contract = registry.dataset(entry["dataset"])
    unknown = sorted(set(entry["columns"]) - set(contract.columns))
    if unknown:
        raise _wrong(name_, f"{contract.name} 没有列 {', '.join(unknown)} (no such column)")
    where = str(entry.get("where", ""))
    return Target(
        contract.name,
        {column: _column(name_, column, spec) for column, spec in entry["columns"].items()},
        str(entry.get("department", "")),
        str(entry.get("scheme", "")),
        bool(entry.get("names", True)),
        safe_expression(where, name_) if where else "",
    )


def _column(name_: str, column: str, spec: Any) -> str:
    """SQL text expression of one column."""
    if isinstance(spec, str):
        return name(spec)
    if not isinstance(spec, dict) or set(spec) - _KEYS:
        raise _wrong(name_, f"列 {column} 只能用 {', '.join(sorted(_KEYS))} (unknown key)")
    if "value" in spec:
        return quote(str(spec["value"]))
    if "expr" in spec:
        text = f"CAST({safe_expression(str(spec['expr']), name_)} AS VARCHAR)"
    elif "from" in spec:
        text = name(str(spec["from"]))
    else:
        raise _wrong(name_, f"列 {column} 要有 from, expr 或 value (one of them is needed)")
    if "codes" in spec:
        cases = " ".join(f"WHEN {quote(str(k))} THEN {quote(str(v))}" for k, v in
                         spec["codes"].items())
        text = f"CASE trim({text}) {cases} ELSE {text} END"
    factor = UNITS.get(str(spec.get("unit", "元")))
    if factor is None:
        raise _wrong(name_, f"列 {column} 的单位只能是 {', '.join(UNITS)} (unknown unit)")
    return text if factor == 1 else in_unit(text, factor)


def in_unit(text: str, factor: int) -> str:
    """A money text in yuan from one in another unit; what is no plain number stays as it is."""
    return f"coalesce(CAST(TRY_CAST(replace({text}, ',', '') AS DECIMAL(20, 8)) * {factor} AS VARCHAR), {text})"


def safe_expression(text: str, name_: str) -> str:
    """The expression, proved to be one over columns, literals and known functions.

    Raises:
        InputError: anything else, with the part that is not allowed.
    """
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except sqlglot.errors.ParseError as error:
        raise _wrong(name_, f"表达式 {text!r} 无法解析 (cannot be parsed)") from error
    for node in tree.walk():
        if isinstance(node, sql.Query | sql.Subquery | sql.Table | sql.Command | sql.Parameter):
            raise _wrong(name_, f"表达式 {text!r} 不能含查询 (no queries in expressions)")
        if isinstance(node, sql.Anonymous | sql.Func):
            called = node.name if isinstance(node, sql.Anonymous) else node.sql_name()
            operator = isinstance(node, sql.Connector | sql.Binary | sql.Unary)
            if called.lower() not in FUNCTIONS and not operator:
                raise _wrong(name_, f"表达式不能用函数 {called} (function not allowed)")
    return tree.sql(dialect="duckdb", identify=True)


def _wrong(name_: str, what: str) -> InputError:
    return InputError(
        f"映射 {name_}: {what}", next_step="见文档 docs/mappings.md (see docs/mappings.md)"
    )
