"""Pages of this room."""

from __future__ import annotations

from clew.web.door import Route
from clew.web.people import views

ROUTES = (Route("people/", views.list_, "people", "read_accounts"),)
