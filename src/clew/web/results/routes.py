"""Results: figures and their rows, the map, money by month, the brief."""

from __future__ import annotations

from clew.web.door import Route
from clew.web.results import brief, panel

ROUTES = (
    Route("results/", panel.panel, "results", "read_brief"),
    Route("results/<slug:domain>/brief/", brief.brief, "figures", "read_brief"),
    Route("results/<slug:domain>/rows/<str:figure>/", brief.rows, "figure", "read_brief"),
    Route("results/<slug:domain>/export/", brief.export, "figures-export", "export", ("POST",)),
)
