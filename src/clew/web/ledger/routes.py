"""Pages of this room."""

from __future__ import annotations

from clew.web.door import Route
from clew.web.ledger import views

ROUTES = (Route("ledger/", views.list_, "ledger", "read_ledger"),)
