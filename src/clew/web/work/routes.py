"""Work that goes on in the background: its progress, its end."""

from __future__ import annotations

from clew.web.door import SIGNED_IN, WRITE, Route
from clew.web.work import views

ROUTES = (
    Route("work/", views.list_, "work", SIGNED_IN),
    Route("work/<slug:code>/", views.show, "work-one", SIGNED_IN),
    Route("work/<slug:code>/file/", views.file, "work-file", "export"),
    Route("work/<slug:code>/cancel/", views.cancel, "work-cancel", SIGNED_IN, WRITE),
    Route("work/<slug:code>/repeat/", views.repeat, "work-repeat", SIGNED_IN, WRITE),
)
