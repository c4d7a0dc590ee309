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

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlglot
import yaml
from sqlglot import expressions as sql

from clew.datasets.lake.engine import name, quote
from clew.declare import Dataset, registry
from clew.declare.types import PersonName
from clew.kernel.errors import InputError

UNITS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
FUNCTIONS = (
    "coalesce, nullif, substr, substring, trim, upper, lower, replace, concat, lpad, rpad, left, "
    "right, round, abs, regexp_replace, regexp_extract, cast, try_cast, length, split_part, "
    "strftime, if, case"
)
_ALLOWED: tuple[type[sql.Expression], ...] = (
    sql.Column, sql.Identifier, sql.Literal, sql.Boolean, sql.Null, sql.Paren,
    sql.DataType, sql.DataTypeParam, sql.Cast, sql.TryCast, sql.Case, sql.If,
    sql.And, sql.Or, sql.Not, sql.EQ, sql.NEQ, sql.GT, sql.GTE, sql.LT, sql.LTE,
    sql.Is, sql.Like, sql.ILike, sql.In, sql.Between,
    sql.Add, sql.Sub, sql.Mul, sql.Div, sql.IntDiv, sql.Mod, sql.Neg, sql.DPipe,
    sql.Coalesce, sql.Nullif, sql.Substring, sql.Trim, sql.Upper, sql.Lower, sql.Replace,
    sql.Concat, sql.Pad, sql.Left, sql.Right, sql.Round, sql.Abs, sql.RegexpReplace,
    sql.RegexpExtract, sql.Length, sql.SplitPart, sql.TimeToStr,
)  # fmt: skip
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
class Mapping_:
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
        targets = tuple(_target(name_, t) for t in _list(name_, "targets", entry["targets"]))
        if len({t.dataset for t in targets}) < len(targets):
            raise _wrong(name_, "同一文件的一个数据集只能有一个 target (one target a dataset)")
        match = frozenset(map(str, _list(name_, "match", entry["match"])))
        files.append(FileMapping(match, targets))
    return Mapping_(str(content.get("mapping", name_)), tuple(files), content)


def _shipped() -> dict[str, Path]:
    folders = [p.mappings for p in registry.packs().values() if p.mappings]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml"))}


def _target(name_: str, entry: Any) -> Target:
    if not isinstance(entry, dict) or "dataset" not in entry or "columns" not in entry:
        raise _wrong(name_, "target 要有 dataset 和 columns (dataset and columns needed)")
    if not isinstance(entry["columns"], dict):
        raise _wrong(name_, "columns 要写成 列: 表头 (columns must be pairs)")
    contract = registry.dataset(str(entry["dataset"]))
    unknown = sorted(set(map(str, entry["columns"])) - set(contract.columns))
    if unknown:
        raise _wrong(name_, f"{contract.name} 没有列 {', '.join(unknown)} (no such column)")
    lacking = _lacking(contract, entry["columns"], bool(entry.get("names", True)))
    if lacking:
        raise _wrong(name_, f"{contract.name} 缺少必需的列 {', '.join(lacking)} (required columns)")
    where = str(entry.get("where") or "")
    return Target(
        contract.name,
        {column: _column(name_, column, spec) for column, spec in entry["columns"].items()},
        str(entry.get("department", "")),
        str(entry.get("scheme", "")),
        bool(entry.get("names", True)),
        safe_expression(where, name_) if where else "",
    )


def _lacking(contract: type[Dataset], given: Collection[str], names: bool) -> list[str]:
    """Required columns without a source. A scheme without names needs no name column."""
    return [
        column.name
        for column in contract.columns.values()
        if column.required
        and column.default is None
        and column.name not in given
        and contract.may_lack.get(column.name) not in given
        and (names or not isinstance(column.type, PersonName))
    ]


def _list(name_: str, key: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(name_, f"{key} 要写成列表 (must be a list)")
    return value


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
        if not isinstance(spec["codes"], dict) or not spec["codes"]:
            raise _wrong(name_, f"列 {column} 的 codes 要写成 原值: 新值 (must be pairs)")
        cases = " ".join(
            f"WHEN {quote(str(k))} THEN {quote(str(v))}" for k, v in spec["codes"].items()
        )
        text = f"CASE trim({text}) {cases} ELSE {text} END"
    factor = UNITS.get(str(spec.get("unit", "元")))
    if factor is None:
        raise _wrong(name_, f"列 {column} 的单位只能是 {', '.join(UNITS)} (unknown unit)")
    return text if factor == 1 else in_unit(text, factor)


def in_unit(text: str, factor: int) -> str:
    """A money text in yuan from one in another unit; what is no plain number stays as it is."""
    number = f"TRY_CAST(replace({text}, ',', '') AS DECIMAL(20, 8))"
    digits = f"rtrim(rtrim(CAST({number} * {factor} AS VARCHAR), '0'), '.')"
    return f"coalesce({digits}, {text})"


def safe_expression(text: str, name_: str) -> str:
    """The expression, proved to be one over columns, literals and known functions.

    Raises:
        InputError: anything else, with the part that is not allowed.
    """
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise _wrong(name_, f"表达式 {text!r} 无法解析 (cannot be parsed)") from error
    for node in tree.walk():
        if type(node) not in _ALLOWED:
            called = node.name if isinstance(node, sql.Anonymous) else type(node).__name__.lower()
            raise _wrong(
                name_,
                f"表达式 {text!r} 不能用 {called}; 可用的函数: {FUNCTIONS} "
                f"({called} is not allowed)",
            )
    return tree.sql(dialect="duckdb", identify=True)


def _wrong(name_: str, what: str) -> InputError:
    return InputError(
        f"映射 {name_}: {what}", next_step="见文档 docs/mappings.md (see docs/mappings.md)"
    )
