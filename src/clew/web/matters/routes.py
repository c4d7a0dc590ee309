"""Matters: the list and the board, opening one, one matter, every step in it."""

from __future__ import annotations

from clew.web.door import BOTH, READ, WRITE, Route
from clew.web.matters import lists, one, steps

ROUTES = (
    Route("matters/", lists.list_, "matters", "read", READ),
    Route("matters/board/", lists.board, "matters-board", "read", READ),
    Route("matters/export/", lists.export, "matters-export", "export", WRITE),
    Route("matters/open/", one.open_, "matter-open", "open_matter", BOTH),
    Route("matters/<slug:code>/", one.show, "matter", "read", READ),
    Route("matters/<slug:code>/papers/<slug:paper>/", one.paper, "matter-paper", "read", READ),
    *(
        Route(f"matters/<slug:code>/{name}/", step, f"matter-{name}", act, WRITE)
        for name, (step, act) in steps.STEPS.items()
    ),
)
