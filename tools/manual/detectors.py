"""One page a detector: what it says of itself, its queries, and the cases it is held to."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from datetime import date

import ibis

from clew.declare import AnyOf, Detector, Exclusion, Pack, Relations, Rule
from tests import spec
from tests.spec.harness import Case
from tools.manual.markdown import row

DAY = date(2023, 10, 31)
FIRES, STAYS_SILENT = "must fire · 应报", "must not fire · 不应报"


def cases() -> dict[str, dict[str, tuple[Case, ...]]]:
    """Detector → rule → its cases, from the `SPECIFIED` of every module of tests/spec."""
    found: dict[str, dict[str, tuple[Case, ...]]] = {}
    for module in pkgutil.iter_modules(spec.__path__):
        if not module.name.startswith("test_"):
            continue
        detector, rules = importlib.import_module(f"tests.spec.{module.name}").SPECIFIED
        known = found.setdefault(detector.id, {})
        for rule, listed in rules.items():
            known[rule] = known.get(rule, ()) + tuple(listed)
    return found


def page(
    detector: Detector,
    pack: Pack,
    specified: Mapping[str, tuple[Case, ...]],
    *,
    queries: bool = True,
) -> str:
    """The page as Markdown; without its `queries` it is written much faster."""
    return "\n".join(_lines(detector, pack, specified, queries)) + "\n"


def _lines(
    detector: Detector, pack: Pack, specified: Mapping[str, tuple[Case, ...]], queries: bool
) -> Iterator[str]:
    yield f"# {detector.id} {detector.title.zh} · {detector.title.en}\n"
    yield f"Version {detector.version} · {detector.owner} · next review {detector.next_review}\n"
    yield f"{detector.doc}\n"
    yield from _parameters(detector)
    yield from _basis(detector, pack)
    for rule in detector.rules:
        yield from _rule(rule)
        yield from _cases(specified.get(rule.code, ()))
        if queries:
            yield from _query(detector, rule, pack)


def _parameters(detector: Detector) -> Iterator[str]:
    if not detector.params:
        return
    yield "| parameter | meaning | value | unit | from | to |\n|---|---|---|---|---|---|"
    for p in detector.params:
        bounds = ("" if bound is None else str(bound) for bound in (p.low, p.high))
        yield row(f"`{p.name}`", f"{p.title.en} · {p.title.zh}", str(p.default), p.unit, *bounds)
    yield ""


def _basis(detector: Detector, pack: Pack) -> Iterator[str]:
    for basis in (pack.legal[name] for name in detector.basis):
        doubt = "" if basis.verified else " (not yet compared with the published text · 待核)"
        yield f"- {basis.document.zh} {basis.article}{doubt}"
    yield ""


def _rule(rule: Rule) -> Iterator[str]:
    if rule.code:
        yield f"## ({rule.code}) {rule.title.zh} · {rule.title.en}\n"
    key = ", ".join(f"`{part}`" for part in rule.fact_key)
    yield f"Counted from: {rule.base.en} ({rule.base.zh}).\n"
    yield f"One clue is a {rule.subject} with {key}. Needs {', '.join(_needs(rule))}.\n"
    yield "| asked in this order | meaning | kind | needs one of |\n|---|---|---|---|"
    for item in rule.asked:
        kind = item.outcome if isinstance(item, Exclusion) else type(item).__name__.lower()
        sources = ", ".join(f"`{s}`" for s in item.sources)
        yield row(f"`{item.code}`", f"{item.title.en} · {item.title.zh}", kind, sources)
    yield ""


def _needs(rule: Rule) -> Iterator[str]:
    for item in rule.required:
        choices = item.datasets if isinstance(item, AnyOf) else (item,)
        yield " or ".join(f"`{choice}`" for choice in choices)


def _cases(listed: tuple[Case, ...]) -> Iterator[str]:
    for heading, fires in ((FIRES, True), (STAYS_SILENT, False)):
        chosen = [case for case in listed if _fires(case) is fires]
        if not chosen:
            continue
        yield f"### {heading}\n"
        for case in chosen:
            yield f"**{case.title.zh}** · {case.title.en}\n"
            given = "".join(f" {n}={v}" for n, v in case.params.items())
            lacks = f" without {', '.join(case.lacks)}" if case.lacks else ""
            told = (_trimmed(case.tables), f"──{given}{lacks}", _trimmed(case.facts))
            yield "```text\n" + "\n".join(told) + "\n```\n"


def _fires(case: Case) -> bool:
    """Whether a fact of the case is a clue."""
    return any("clue" in (c.strip() for c in line.split("|")) for line in case.facts.splitlines())


def _trimmed(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _query(detector: Detector, rule: Rule, pack: Pack) -> Iterator[str]:
    """As the embedded engine is asked where everything is held."""
    columns = {f"{d.name}.{c}" for d in pack.datasets for c in d.columns}
    relations = Relations(
        {d.name: d for d in pack.datasets}, {d.name: d for d in pack.derived},
        held=frozenset(columns | {d.name for d in pack.datasets}), as_of=DAY,
    )  # fmt: skip
    sql = ibis.to_sql(rule.find(relations, detector.values()), dialect="duckdb")
    yield "<details><summary>SQL</summary>\n"
    yield f"```sql\n{sql}\n```\n\n</details>\n"
