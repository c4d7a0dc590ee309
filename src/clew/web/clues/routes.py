"""Pages of this room."""

from __future__ import annotations

from clew.web.clues import views
from clew.web.door import Route

ROUTES = (Route("clues/", views.list_, "clues", "read"),)
