"""`clew new-pack NAME`: a project of one's own from the template pack."""

from __future__ import annotations

import keyword
import re
import shutil
from importlib.metadata import version
from pathlib import Path

import clew.packs
from clew.declare import registry
from clew.kernel.errors import InputError, Refused

TEMPLATE = Path(clew.packs.__file__).parent / "_template"
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_PROJECT = """\
[project]
name = "{project}"
version = "0.1.0"
description = "A domain pack for Clew."
requires-python = ">=3.11"
dependencies = ["clew>={clew}"]

[project.entry-points."clew.packs"]
{name} = "{name}.pack:PACK"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.build.targets.wheel]
packages = ["{name}"]
"""


def copy_template(name: str, target: Path) -> Path:
    """Writes a project `target` that holds the package `name`, a renamed copy of the template.

    Pack, dataset, detector and mapping get names of their own, so that several copies can be
    installed side by side.

    Returns:
        The project's folder.

    Raises:
        InputError: `name` cannot name a Python package, or is a pack's already.
        Refused: `target` exists.
    """
    _check(name)
    if target.exists():
        raise Refused(
            f"{target} 已存在 (it exists already)",
            next_step=f"clew new-pack {name} --into <另一目录 another folder>",
        )
    words = _new_words(name)
    for source in sorted(TEMPLATE.rglob("*")):
        if source.is_dir() or "__pycache__" in source.parts:
            continue
        copy = target / name / _renamed(source.relative_to(TEMPLATE).as_posix(), words)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(_renamed(source.read_text(encoding="utf-8"), words), encoding="utf-8")
        shutil.copymode(source, copy)
    project = _PROJECT.format(name=name, project=name.replace("_", "-"), clew=version("clew"))
    (target / "pyproject.toml").write_text(project, encoding="utf-8")
    return target


def _check(name: str) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or name == "clew":
        raise InputError(
            f"领域包的名称 {name!r} 只能用小写字母、数字和单个下划线 (not a name for a package)",
            next_step="clew new-pack river_patrol",
        )
    if name in registry.packs():
        raise InputError(
            f"已有名为 {name} 的领域包 (a pack has this name)",
            next_step=f"clew new-pack my_{name}",
        )


def _new_words(name: str) -> dict[str, str]:
    """The template's own names → the copy's; longer ones first, as some contain others."""
    camel = "".join(part.capitalize() for part in name.split("_"))
    return {
        "clew.packs._template": name,
        "permits_template": name,
        "permit_event": f"{name}_event",
        "PermitEvent": f"{camel}Event",
        "mapping: permits": f"mapping: {name}",
        "permits.yaml": f"{name}.yaml",
        "TP-": f"{_prefix(name)}-",
    }


def _prefix(name: str) -> str:
    """Initials for detector ids, or the whole name where another pack's ids begin with them."""
    initials = "".join(part[0] for part in name.split("_")).upper()
    taken = {id.split("-")[0] for id in registry.detectors()}
    return initials if len(initials) > 1 and initials not in taken else name.upper()


def _renamed(text: str, words: dict[str, str]) -> str:
    for old, new in words.items():
        text = text.replace(old, new)
    return text
