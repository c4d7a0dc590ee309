"""The table of roles, as the code reads it."""

from __future__ import annotations

from collections.abc import Iterator

from clew.accounts.roles import ACTS, OBJECTS, REACHES, ROLES
from tools.manual.markdown import row


def roles_page() -> Iterator[str]:
    yield "# 角色与权限 · Roles\n"
    yield "| column | role | 角色 | in English | class up to |\n|---|---|---|---|---|"
    for role in ROLES:
        yield row(role.head, f"`{role.code}`", role.name.zh, role.name.en, f"S{role.sensitivity}")
    yield "\n" + row("act", "行为", "in English", "on", *(r.head for r in ROLES))
    yield "|---" * (4 + len(ROLES)) + "|"
    for act in ACTS:
        objects = ", ".join(OBJECTS[o].en for o in act.objects)
        marks = (f"`{mark}`" for mark in act.reaches.values())
        yield row(f"`{act.code}`", act.title.zh, act.title.en, objects, *marks)
    yield "\n| mark | 含义 | meaning |\n|---|---|---|"
    for mark, text in REACHES.items():
        yield row(f"`{mark}`", text.zh, text.en)
    yield ""
