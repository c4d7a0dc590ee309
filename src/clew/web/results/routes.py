"""Pages of this room."""

from __future__ import annotations

from clew.web.door import Route
from clew.web.results import views

ROUTES = (Route("results/", views.list_, "results", "read_brief"),)
