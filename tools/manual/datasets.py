"""The data dictionary: one page a pack."""

from __future__ import annotations

from collections.abc import Iterator

from clew.datasets.contracts import form, version
from clew.declare import Dataset, Pack
from clew.declare.types import Code
from tools.manual.markdown import row


def dataset_page(pack: Pack) -> Iterator[str]:
    yield f"# {pack.title.zh} · {pack.title.en}: datasets\n"
    for dataset in pack.datasets:
        yield from dataset_section(dataset)


def dataset_section(dataset: type[Dataset]) -> Iterator[str]:
    yield f"## {dataset.title.zh} · {dataset.title.en} (`{dataset.name}`)\n"
    yield f"{(dataset.__doc__ or '').strip()}\n"
    yield f"Owner {'、'.join(dataset.owners)} · key {', '.join(f'`{k}`' for k in dataset.key)}\n"
    files = f"`clew datasets template {dataset.name}` · `clew datasets export {dataset.name}`"
    yield f"Version {version(dataset)} · {files}\n"
    yield "| column | headers | meaning | type | how to fill it in | class | required |"
    yield "|---|---|---|---|---|---|---|"
    for column in dataset.columns.values():
        stand_in = dataset.may_lack.get(column.name)
        needed = f"yes, or `{stand_in}`" if stand_in else "yes"
        yield row(
            f"`{column.name}`",
            "、".join(column.headers),
            column.title.en,
            column.type.name,
            form(column.type).how.en,
            column.type.sensitivity,
            needed if column.required and column.default is None else "",
        )
    yield ""
    yield from codes(dataset)


def codes(dataset: type[Dataset]) -> Iterator[str]:
    """Every listed code with its meanings, each of which a file may hold instead."""
    for column in dataset.columns.values():
        if isinstance(column.type, Code) and column.type.meanings:
            listed = "; ".join(f"`{c}` {m}" for c, m in column.type.meanings.items())
            more = " (more are loaded as data)" if column.type.open_list else ""
            yield f"- `{column.name}` {column.title.zh}: {listed}{more}"
    yield ""
