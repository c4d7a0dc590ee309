"""The first page, and what an account may do with itself."""

from __future__ import annotations

from clew.web.door import OPEN, SIGNED_IN, WRITE, Route
from clew.web.home import filters, search, views

ROUTES = (
    Route("", views.home, "home", SIGNED_IN),
    Route("search/", search.search, "search", "read", WRITE),
    Route("rows/<slug:batch>/<int:row>/", search.row, "row", "read"),
    Route("filters/save/", filters.save, "filter-save", SIGNED_IN, WRITE),
    Route("filters/<slug:code>/forget/", filters.forget, "filter-forget", SIGNED_IN, WRITE),
    Route("mine/", views.mine, "mine", SIGNED_IN),
    Route("language/", views.language, "language", OPEN, WRITE),
    Route("text-size/", views.text_size, "text-size", OPEN, WRITE),
)
