"""Accounts, their posts, the table of roles."""

from __future__ import annotations

from clew.web.door import SIGNED_IN, WRITE, Route
from clew.web.people import views

ROUTES = (
    Route("people/", views.list_, "people", "read_accounts"),
    Route("people/roles/", views.roles_, "people-roles", SIGNED_IN),
    Route("people/create/", views.create, "person-create", "create_account", WRITE),
    Route("people/posts/<slug:post>/end/", views.end, "person-end", "end_post", WRITE),
    Route("people/<slug:code>/", views.show, "person", "read_accounts"),
    Route("people/<slug:code>/post/", views.give, "person-post", "give_post", WRITE),
    Route("people/<slug:code>/password/", views.password, "person-password", "set_password", WRITE),
    Route("people/<slug:code>/activate/", views.activate, "person-activate", "activate", WRITE),
    Route(
        "people/<slug:code>/deactivate/", views.deactivate, "person-deactivate", "deactivate", WRITE
    ),
)
