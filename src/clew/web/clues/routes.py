"""Clues: the list, the groups, triage by keyboard, one clue, an officer's word on it."""

from __future__ import annotations

from clew.web.clues import decide, lists, one, triage, week
from clew.web.door import READ, WRITE, Route

ROUTES = (
    Route("clues/", lists.list_, "clues", "read", READ),
    Route("clues/export/", lists.export, "clues-export", "export", WRITE),
    Route("clues/package/", lists.package, "package-ask", "export", WRITE),
    Route("clues/groups/", lists.groups, "clues-groups", "triage", READ),
    Route("clues/triage/", triage.triage, "clues-triage", "triage", READ),
    Route("clues/week/", week.week, "clues-week", "triage", READ),
    Route("clues/bulk/", decide.bulk, "clues-bulk", "triage", WRITE),
    Route("clues/<slug:code>/", one.show, "clue", "read", READ),
    Route("clues/<slug:code>/clear/", one.in_clear, "clue-clear", "unmask", WRITE),
    Route("clues/<slug:code>/tested/", one.tested, "clue-tested", "read", READ),
    Route("clues/<slug:code>/mark/", decide.mark, "clue-mark", "triage", WRITE),
    Route("clues/<slug:code>/decide/", decide.decide, "clue-decide", "judge", WRITE),
)
