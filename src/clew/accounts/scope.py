"""How far an account reaches on a day: its posts in force, read against the table of roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from clew.accounts.roles import (
    ASSIGNED,
    CASE,
    DEPARTMENT,
    EVERYWHERE,
    NEVER,
    OWN,
    SCOPE,
    act,
    role,
)

NOTHING = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Held:
    """One post in force. Empty domain, division or department: every one."""

    role: str
    domain: str = ""
    division: str = ""
    department: str = ""

    def covers(self, domain: str, division: str) -> bool:
        """Whether an object there lies inside the post's domain and division. One that belongs to
        no domain or division is covered only by a post that is bound to none.
        """
        return self.domain in ("", domain) and division.startswith(self.division)

    def reaches(self, what: str, domain: str, division: str, department: str, mine: bool) -> bool:
        reach = act(what).reach(self.role)
        if reach == EVERYWHERE:
            return True
        if reach in (ASSIGNED, OWN):
            return mine and self.covers(domain, division)
        if reach == DEPARTMENT:
            same = not department or self.department in ("", department)
            return same and self.covers(domain, division)
        if reach == CASE:
            named = bool(department) and self.department == department
            return named and self.covers(domain, division)
        return reach == SCOPE and self.covers(domain, division)


@dataclass(frozen=True, slots=True)
class Scope:
    """All posts that an account holds on one day. An act outside the table: DeclarationError."""

    account: str
    posts: tuple[Held, ...] = ()

    def allows(
        self, act: str, *, domain: str, division: str, department: str = "", mine: bool = False
    ) -> bool:
        """Whether the act may be done to an object that lies there.

        domain: a pack's name. division: six digits; both empty where the object has none.
        department: the code of the department it belongs to, or of one that takes part in it; a
        role that reaches only what its department takes part in reaches nothing without it.
        mine: it is given to this account, or about it.
        """
        return any(p.reaches(act, domain, division, department, mine) for p in self.posts)

    def holds(self, what: str) -> bool:
        """Whether any post may do this to anything at all; to what, `allows` says."""
        return any(act(what).reach(p.role) != NEVER for p in self.posts)

    def divisions(self, act: str, domain: str) -> tuple[str, ...]:
        """Prefixes of the division codes in which the act reaches this domain, whatever the
        department; ("",) is everywhere, () nowhere. What is given to a person is not in it.
        """
        return _widest(p.division for p in self._placed(act) if p.domain in ("", domain))

    def within(self, act: str, *, domain: str = "domain", division: str = "division",
               department: str = "") -> Q:  # fmt: skip
        """The filter for a table of what the act reaches. The words name its columns: domain,
        division (six digits), and the code of the department, if its rows belong to one. What is
        given to the person is not in it: add that where the table knows it.
        """
        found = NOTHING
        for post in self._placed(act, by_case=bool(department)):
            here = Q()
            if post.domain:
                here &= Q(**{domain: post.domain})
            if post.division:
                here &= Q(**{f"{division}__startswith": post.division})
            if department and post.department:
                here &= Q(**{department: post.department})
            if here == Q():
                return here
            found |= here
        return found

    def departments(self, act: str, domain: str | None = None) -> tuple[str, ...] | None:
        """Codes of the departments whose objects the act reaches; None: those of all. For objects
        without a division, so wherever in the domain the post is; without a domain given, for
        those that lie in none, as accounts do. An empty domain is that of objects of no pack.
        """
        posts = [
            p for p in self._placed(act, by_case=True) if domain is None or p.domain in ("", domain)
        ]
        if any(not p.department for p in posts):
            return None
        return tuple(sorted({p.department for p in posts}))

    def sensitivity(self, domain: str, division: str) -> int:
        """The highest class, 0 to 3, that a post there may see; 0 without one."""
        seen = (role(p.role).sensitivity for p in self.posts if p.covers(domain, division))
        return max(seen, default=0)

    def roles(self, *, domain: str, division: str, department: str = "") -> frozenset[str]:
        """Codes of the roles held there; with a department, for that one or for every one."""
        return frozenset(
            p.role
            for p in self.posts
            if p.covers(domain, division) and (not department or p.department in ("", department))
        )

    def _placed(self, what: str, *, by_case: bool = False) -> list[Held]:
        """Posts by which the act reaches objects by where they are. A reach without bounds comes
        as a post without them, one by department or case keeps its department.
        """
        found = []
        for post in self.posts:
            reach = act(what).reach(post.role)
            if reach == EVERYWHERE:
                found.append(Held(post.role))
            elif reach == SCOPE:
                found.append(Held(post.role, post.domain, post.division))
            elif reach == DEPARTMENT or (by_case and reach == CASE and post.department):
                found.append(post)
        return found


def _widest(prefixes: Iterable[str]) -> tuple[str, ...]:
    """Sorted, without those inside another."""
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return tuple(kept)
