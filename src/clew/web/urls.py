"""Every address of the workbench. What each needs stands in the room's own `routes`."""

from __future__ import annotations

from django.urls import include, path

from clew.web.clues.routes import ROUTES as CLUES
from clew.web.data.routes import ROUTES as DATA
from clew.web.detectors.routes import ROUTES as DETECTORS
from clew.web.door import urls
from clew.web.home.routes import ROUTES as HOME
from clew.web.ledger.routes import ROUTES as LEDGER
from clew.web.matters.routes import ROUTES as MATTERS
from clew.web.people.routes import ROUTES as PEOPLE
from clew.web.releases.routes import ROUTES as RELEASES
from clew.web.results.routes import ROUTES as RESULTS
from clew.web.signin.routes import ENTRANCES
from clew.web.work.routes import ROUTES as WORK

urlpatterns = [
    *urls(HOME, CLUES, MATTERS, DETECTORS, DATA, RESULTS, LEDGER, PEOPLE, RELEASES, WORK),
    path("sign-in/", include(ENTRANCES)),
]

handler404 = "clew.web.door.absent"
handler500 = "clew.web.door.broken"
