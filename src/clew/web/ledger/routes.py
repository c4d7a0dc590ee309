"""The ledger: its entries in words, one entry with its hashes, whether the chain holds."""

from __future__ import annotations

from clew.web.door import WRITE, Route
from clew.web.ledger import views

ROUTES = (
    Route("ledger/", views.list_, "ledger", "read_ledger"),
    Route("ledger/verify/", views.verify, "ledger-verify", "read_ledger", WRITE),
    Route("ledger/<int:seq>/", views.entry, "entry", "read_ledger"),
)
