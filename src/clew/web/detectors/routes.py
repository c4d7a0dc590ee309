"""The model workbench: detectors, their record, runs, what-if."""

from __future__ import annotations

from clew.web.detectors import runs, views
from clew.web.door import WRITE, Route

ROUTES = (
    Route("detectors/", views.list_, "detectors", "read_runs"),
    Route("detectors/run/", runs.run, "detectors-run", "run", WRITE),
    Route("detectors/<slug:id_>/", views.show, "detector", "read_runs"),
    Route("detectors/<slug:id_>/whatif/", runs.what_if, "detector-whatif", "run", WRITE),
    Route("runs/<slug:code>/", runs.show, "run", "read_runs"),
)
