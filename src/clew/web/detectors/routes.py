"""Pages of this room."""

from __future__ import annotations

from clew.web.detectors import views
from clew.web.door import Route

ROUTES = (Route("detectors/", views.list_, "detectors", "read_runs"),)
