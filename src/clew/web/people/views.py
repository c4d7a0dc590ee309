"""Accounts and posts, for those who keep them."""

from __future__ import annotations

from django.http import HttpResponse

from clew.accounts import access, actions, queries, roles
from clew.accounts.models import Account, Department
from clew.accounts.posts import actions as posts
from clew.accounts.signing.actions import set_password
from clew.declare import T, registry
from clew.kernel import clock
from clew.kernel.errors import NotFound
from clew.web.door import Asked, done, page


def list_(request: Asked) -> HttpResponse:
    found = access.visible_accounts(request.account).prefetch_related("posts")
    today = clock.today()
    lines = [
        {"account": a, "roles": [
            roles.role(p.role).name for p in a.posts.all()
            if p.since <= today and (p.until is None or p.until > today)
        ]}
        for a in found
    ]  # fmt: skip
    return page(
        request, "people/list.html", {"lines": lines, "departments": Department.objects.all()}
    )


def show(request: Asked, code: str) -> HttpResponse:
    found = _seen(request, code)
    today = clock.today()
    held = access.visible_posts(request.account).filter(account=found).order_by("-since")
    lines = [
        {"post": p, "role": roles.role(p.role), "over": bool(p.until and p.until <= today)}
        for p in held.select_related("given_by", "department")
    ]
    return page(
        request, "people/one.html",
        {"person": found, "lines": lines, "roles": roles.ROLES, "domains": registry.packs(),
         "departments": Department.objects.all(),
         "may": {a: request.scope.holds(a) for a in
                 ("give_post", "end_post", "set_password", "activate", "deactivate")}},
    )  # fmt: skip


def roles_(request: Asked) -> HttpResponse:
    """The table of roles as it is in force."""
    rows = [
        {"act": a,
         "cells": [(a.reach(r.code), roles.REACHES[a.reach(r.code)]) for r in roles.ROLES],
         "objects": [roles.OBJECTS[o] for o in a.objects]}
        for a in roles.ACTS
    ]  # fmt: skip
    return page(
        request, "people/roles.html",
        {"rows": rows, "roles": roles.ROLES, "reaches": roles.REACHES.items()},
    )  # fmt: skip


def create(request: Asked) -> HttpResponse:
    form = request.POST
    department = queries.department(form["department"]) if form.get("department") else None
    made = actions.create_account(
        by=request.account, code=form.get("code", "").strip(), name=form.get("name", "").strip(),
        department=department,
    )  # fmt: skip
    said = T("账户已建立, 尚无岗位和密码。", "Created, without a post and without a password.")
    return done(request, said, "person", code=made.code)


def give(request: Asked, code: str) -> HttpResponse:
    found, form = _seen(request, code), request.POST
    posts.give_post(
        by=request.account, account=found, role=form.get("role", ""),
        department=queries.department(form["department"]) if form.get("department") else None,
        domain=form.get("domain", ""), division=form.get("division", "").strip(),
    )  # fmt: skip
    return done(request, T("岗位已授予。", "The post is given."), "person", code=found.code)


def end(request: Asked, post: str) -> HttpResponse:
    found = access.one(
        access.visible_posts(request.account), post,
        cause="没有这个岗位 (no such post)", next_step="刷新页面 (reload the page)",
    )  # fmt: skip
    posts.end_post(by=request.account, post=found, reason=request.POST.get("reason", ""))
    said = T("岗位已撤销, 即时生效。", "The post has ended, at once.")
    return done(request, said, "person", code=found.account.code)


def password(request: Asked, code: str) -> HttpResponse:
    found = _seen(request, code)
    typed = request.POST.get("password", "")
    set_password(by=request.account, account=found, password=typed)
    return done(request, T("密码已设定。", "The password is set."), "person", code=found.code)


def activate(request: Asked, code: str) -> HttpResponse:
    found = _seen(request, code)
    actions.activate(by=request.account, account=found)
    return done(request, T("账户已启用。", "The account is active."), "person", code=found.code)


def deactivate(request: Asked, code: str) -> HttpResponse:
    found = _seen(request, code)
    actions.deactivate(
        by=request.account, account=found, reason=request.POST.get("reason", "")
    )
    said = T("账户已停用, 即时生效。", "The account is deactivated, at once.")
    return done(request, said, "person", code=found.code)


def _seen(request: Asked, code: str) -> Account:
    found = access.visible_accounts(request.account).filter(code=code).first()
    if found is None:
        raise NotFound("没有这个账户 (no such account)", next_step="回账户清单 (back to the list)")
    return found
