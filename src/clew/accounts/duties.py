"""Separated duties: who may give a post to whom, and who must stay. Pure; the verbs ask it.

The first account of a workspace is alone in it, and must be able to work: it begins with
FIRST_POSTS, all three administrators' roles and the working ones. That exception wears off:

- until anybody else is an administrator, the first account may also give posts to itself;
- once another account is given one of the three, the first account's own post of that kind ends
  in the same step;
- no other account ever holds it: an administrator has no other role.

A workspace keeps its last administrator of accounts and its last one of posts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from clew.accounts.roles import ADMINISTRATORS, AUDIT, SECURITY, SYSTEM, role
from clew.declare.text import T

FIRST_POSTS = (SYSTEM, SECURITY, AUDIT, "operator", "reviewer", "leader", "auditor")
ESSENTIAL = (SYSTEM, SECURITY)


@dataclass(frozen=True, slots=True)
class Duty:
    """A post in force of an active account; `first` as in `models.Post`."""

    post: str
    account: str
    role: str
    first: bool = False


def is_alone(duties: Collection[Duty], account: str) -> bool:
    """Whether this is the first account, and nobody else is an administrator yet."""
    began = any(d.account == account and d.role == SECURITY and d.first for d in duties)
    others = any(d.account != account and d.role in ADMINISTRATORS for d in duties)
    return began and not others


def excluded_by(held: Collection[str], wanted: str) -> str:
    """A held role beside which nobody may have the wanted one; empty if there is none."""
    for other in held:
        if other != wanted and (other in ADMINISTRATORS or wanted in ADMINISTRATORS):
            return other
    return ""


def why_not_give(duties: Collection[Duty], *, by: str, to: str, wanted: str) -> T | None:
    """What stands against giving this role, or None."""
    if by == to:
        if is_alone(duties, by):
            return None
        return T("不能给自己授予岗位", "nobody gives a post to themselves")
    other = excluded_by([d.role for d in duties if d.account == to], wanted)
    if not other:
        return None
    one, two = role(other).name, role(wanted).name
    return T(f"{one.zh}与{two.zh}不能由同一账户兼任", f"one account is not both {one.en}, {two.en}")


def handed_over(duties: Collection[Duty], *, to: str, wanted: str) -> list[Duty]:
    """The first account's posts that end when `to` is given this administrator's role."""
    return [
        d
        for d in duties
        if wanted in ADMINISTRATORS and d.first and d.role == wanted and d.account != to
    ]


def why_not_end(duties: Collection[Duty], going: Collection[Duty]) -> T | None:
    """What stands against ending these posts, or None."""
    left = {d.role for d in duties if d not in going}
    for kind in ESSENTIAL:
        if kind not in left and any(d.role == kind for d in going):
            name = role(kind).name
            return T(f"须留至少一名{name.zh}", f"one {name.en} must stay")
    return None
