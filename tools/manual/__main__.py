"""Writes the manual.

    python -m tools.manual FOLDER

The data dictionary of each pack, a page a detector, the commands, the roles, and the dirt
catalogue.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from clew.declare.registry import packs
from tools.manual.commands import command_page
from tools.manual.datasets import dataset_page
from tools.manual.detectors import cases, page
from tools.manual.dirt import dirt_page
from tools.manual.lifecycles import lifecycle_page
from tools.manual.roles import roles_page

MARK = "<!-- Written by `make docs` from the code; change the code. -->\n"


def pages() -> Iterator[tuple[str, str]]:
    """Path within the manual, and text, of every page."""
    specified = cases()
    for pack in packs().values():
        yield f"{pack.name}-datasets.md", "\n".join(dataset_page(pack))
        for detector in pack.detectors:
            text = page(detector, pack, specified.get(detector.id, {}))
            yield f"detectors/{detector.id}.md", text
        for rules in pack.lifecycles:
            yield f"lifecycles/{rules.id}.md", lifecycle_page(rules)
    yield "commands.md", command_page()
    yield "dirt.md", "\n".join(dirt_page())
    yield "roles.md", "\n".join(roles_page())


def main(folder: Path) -> None:
    for name, text in pages():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(MARK + text, encoding="utf-8")
        sys.stdout.write(f"{target}\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
