"""Pages of this room."""

from __future__ import annotations

from clew.web.data import views
from clew.web.door import Route

ROUTES = (Route("data/", views.list_, "data", "read_batches"),)
