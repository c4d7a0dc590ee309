"""Every page against every role, as the URL configuration and the table of roles have it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from clew.accounts import roles
from clew.accounts.models import Account
from clew.accounts.roles import NEVER
from clew.web.door import OPEN, SIGNED_IN, Route
from tests.unit.web.conftest import Enter, verbs

ENTRANCE = "sign-in/"
NOBODY = "zzzzzzzzzzzzzzzz"


def patterns(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address of the workbench, with its path."""
    for each in (resolver or get_resolver()).url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each, path)
        else:
            yield path, each


ROUTES: list[Route] = [
    p.callback.route for path, p in patterns() if not path.startswith(ENTRANCE)
    if hasattr(p.callback, "route")
]  # fmt: skip
IDS = [r.name for r in ROUTES]


def address(route: Route) -> str:
    """The page's address with codes that nothing bears."""
    found = next(p for _, p in patterns() if p.name == route.name)
    numbers = {n for n, k in found.pattern.converters.items() if type(k).__name__ == "IntConverter"}
    wanted = {name: 0 if name in numbers else NOBODY for name in found.pattern.converters}
    return reverse(route.name, kwargs=wanted)


def test_every_page_is_behind_the_door() -> None:
    outside = [
        path for path, p in patterns()
        if not path.startswith(ENTRANCE) and not hasattr(p.callback, "route")
    ]  # fmt: skip
    assert not outside, "declare them as Route"
    assert len(ROUTES) > 10


def test_every_page_declares_an_act_of_the_table() -> None:
    known = {a.code for a in roles.ACTS} | {SIGNED_IN, OPEN}
    assert not [r.name for r in ROUTES if r.act not in known]
    assert {r.name for r in ROUTES if r.act == OPEN} == {"language", "text-size"}


def test_names_are_given_once() -> None:
    assert len(set(IDS)) == len(IDS)


def test_who_has_no_account_is_led_to_the_entrance(enter: Enter) -> None:
    client = enter()
    for route in (r for r in ROUTES if r.act != OPEN):
        for method in route.methods:
            answer = client.generic(method, address(route))
            assert answer.status_code == 302, (route.name, method, answer.status_code)
            assert answer["Location"].startswith("/sign-in/"), route.name


@pytest.mark.parametrize("role", roles.ROLES, ids=lambda r: r.code)
def test_each_role_may_what_the_table_says(
    role: roles.Role, enter: Enter, staff: dict[str, Account]
) -> None:
    client = enter(role.code)
    for route in ROUTES:
        before = len(verbs())
        answer = client.generic(route.methods[0], address(route))
        written, told = verbs()[before:], (route.name, answer.status_code)
        may = route.act in (SIGNED_IN, OPEN) or roles.act(route.act).reach(role.code) != NEVER
        if may:
            assert answer.status_code in (200, 204, 302, 400, 403, 404, 409), told
            if answer.status_code in (400, 403, 404, 409):
                assert len(written) == 1, (told, written)
        else:
            assert answer.status_code == 403, told
            assert written == ["accounts.record_denial"], told


def test_other_methods_are_not_answered(enter: Enter) -> None:
    client = enter("operator")
    for route in ROUTES:
        for method in {"GET", "POST", "PUT", "DELETE"} - set(route.methods):
            assert client.generic(method, address(route)).status_code == 405, route.name


def test_what_is_taken_away_is_gone_at_the_next_request(
    enter: Enter, staff: dict[str, Account]
) -> None:
    client = enter("operator")
    assert client.get("/clues/").status_code == 200
    staff["operator"].posts.update(until="2023-10-31")
    assert client.get("/clues/").status_code == 403
    Account.objects.filter(pk=staff["operator"].pk).update(is_active=False)
    assert client.get("/clues/").status_code == 302
