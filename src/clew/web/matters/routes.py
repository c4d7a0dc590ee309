"""Pages of this room."""

from __future__ import annotations

from clew.web.door import Route
from clew.web.matters import views

ROUTES = (Route("matters/", views.list_, "matters", "read"),)
