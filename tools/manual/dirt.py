"""The dirt catalogue, from the cases that its tests deliver."""

from __future__ import annotations

from collections.abc import Iterator

from clew.datasets.reasons import title
from tests.spec.dirt.case import Scene
from tests.spec.dirt.cells import CELLS
from tests.spec.dirt.scenes import SCENES
from tools.manual.markdown import row


def dirt_page() -> Iterator[str]:
    yield "# 脏数据目录 · Dirt catalogue\n"
    yield "Every row below is delivered in a file and checked by a test. Numbers are made up.\n"
    for code in sorted({case.code for case in (*CELLS, *SCENES)}):
        yield f"## {code} {title(code).zh} · {title(code).en}\n"
        cells = [cell for cell in CELLS if cell.code == code]
        if cells:
            yield "| case | column | delivered | becomes | how |\n|---|---|---|---|---|"
        for cell in cells:
            how = " ".join(filter(None, (f"{cell.kind.en} · {cell.kind.zh}", cell.reason)))
            yield row(f"{cell.title.en} · {cell.title.zh}", f"`{cell.place}`", f"`{cell.text}`",
                      f"`{cell.becomes}`" if cell.becomes else "", how)  # fmt: skip
        scenes = [scene for scene in SCENES if scene.code == code]
        if scenes:
            yield "| case | files become | then |\n|---|---|---|"
        for scene in scenes:
            yield row(f"{scene.title.en} · {scene.title.zh}", "; ".join(scene.told), _then(scene))
        yield ""


def _then(scene: Scene) -> str:
    """What a scene shows beside the counts of its files."""
    shown = [", ".join(cell or "" for cell in cells) for cells in scene.rows]
    parts = [f"{scene.look} = {'; '.join(shown) or 'nothing'}"] if scene.look else []
    parts += [f"row {at} is linked to the person of `{number}`" for at, number in scene.links or ()]
    parts += [f"a conflict for a person to settle: {kind}" for kind in scene.conflicts or ()]
    if scene.links is not None and not scene.links:
        parts.append("nobody is linked")
    return ". ".join(parts) or "left alone"
