"""Self-contained pages: one template engine, no network, everything escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(Path(__file__).parent)], autoescape=True)


def render(template: str, content: Mapping[str, Any]) -> str:
    """The page as text. Every value is escaped; templates mark nothing as safe."""
    return _engine().get_template(template).render(Context(dict(content)))
