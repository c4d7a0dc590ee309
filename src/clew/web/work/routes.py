"""Work that goes on in the background: its progress, its end."""

from __future__ import annotations

from clew.web.door import Route

ROUTES: tuple[Route, ...] = ()
