"""Writes the reference manual from the declarations themselves.

    python tools/build_docs.py FOLDER

One page of datasets and one of detectors for each pack, and one of commands.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
import typer
from typer.cli import get_docs_for_click
from typer.main import get_command

from clew.datasets.contracts import form, version
from clew.declare import AnyOf, Dataset, Detector, Pack
from clew.declare.registry import packs
from clew.declare.types import Code

MARK = "<!-- Written by `make docs` from the code; change the code. -->\n"


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


def detector_page(pack: Pack) -> Iterator[str]:
    yield f"# {pack.title.zh} · {pack.title.en}: detectors\n"
    for detector in pack.detectors:
        yield from detector_section(detector, pack)


def detector_section(detector: Detector, pack: Pack) -> Iterator[str]:
    yield f"## {detector.id} {detector.title.zh} · {detector.title.en}\n"
    yield f"{detector.doc}\n"
    yield f"Counted from: {detector.base.en} ({detector.base.zh}).\n"
    needed = [" or ".join(r.datasets) if isinstance(r, AnyOf) else r for r in detector.required]
    optional = ", ".join(detector.optional) or "nothing"
    yield f"Needs {', '.join(needed)}; uses where held {optional}.\n"
    if detector.params:
        yield "| parameter | meaning | value | unit |\n|---|---|---|---|"
        for p in detector.params:
            yield row(f"`{p.name}`", f"{p.title.en} · {p.title.zh}", str(p.default), p.unit)
        yield ""
    if detector.exclusions:
        yield "| exclusion, in this order | meaning | outcome |\n|---|---|---|"
        for e in detector.exclusions:
            yield row(f"`{e.code}`", f"{e.title.en} · {e.title.zh}", e.outcome)
        yield ""
    for basis in (pack.legal[name] for name in detector.basis):
        doubt = "" if basis.verified else " (not yet compared with the published text · 待核)"
        yield f"- {basis.document.zh} {basis.article}{doubt}"
    yield ""


def row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def command_page() -> str:
    """Typer's own page of the command line; its rooms need Django's settings, not a workspace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clew.settings")
    django.setup()
    from clew.cli.app import app

    command = get_command(app)
    return str(get_docs_for_click(obj=command, ctx=typer.Context(command), name="clew"))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for pack in packs().values():
        for kind, page in (("datasets", dataset_page), ("detectors", detector_page)):
            target = folder / f"{pack.name}-{kind}.md"
            target.write_text(MARK + "\n".join(page(pack)), encoding="utf-8")
            sys.stdout.write(f"{target}\n")
    target = folder / "commands.md"
    target.write_text(MARK + command_page(), encoding="utf-8")
    sys.stdout.write(f"{target}\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
