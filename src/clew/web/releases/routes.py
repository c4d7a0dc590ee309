"""Releases: asked for by one, decided by another, taken by the first."""

from __future__ import annotations

from clew.web.door import READ, WRITE, Route
from clew.web.releases import views

ROUTES = (
    Route("releases/", views.list_, "releases", "export", READ),
    Route("releases/ask/", views.ask, "release-ask", "unmask", WRITE),
    Route("releases/<slug:code>/", views.show, "release", "export", READ),
    Route("releases/<slug:code>/decide/", views.decide, "release-decide", "release", WRITE),
    Route("releases/<slug:code>/take/", views.take, "release-take", "unmask", WRITE),
)
