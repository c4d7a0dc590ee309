"""The people of the sample city: one account a role, two operators of different counties.

All share one password, which is no secret: the sample city holds no real person and is served on
this machine only. On the command line each acts for an operating-system user of its own name, so
that one person can play them all: `LOGNAME=demo-reviewer clew clues list`.
"""

from __future__ import annotations

from dataclasses import dataclass

from clew.accounts import actions, roles
from clew.accounts.models import Account, Department
from clew.accounts.posts.actions import give_post
from clew.accounts.signing.actions import set_password
from clew.declare import Pack

HOME, PARTNER, AUDITS = "home", "partner", "audits"
PASSWORD = "clew-demo-2023"
COUNTIES = ("330302", "330381")


@dataclass(frozen=True, slots=True)
class Person:
    """`office` says whose department it is; `division` as of a post."""

    code: str
    name: str
    role: str
    office: str = HOME
    division: str = ""


PEOPLE = (
    Person("demo-operator", "市级经办", "operator"),
    Person("demo-operator-2", "市级经办乙", "operator"),
    Person("demo-operator-3", "市级经办丙", "operator"),
    Person("demo-operator-lucheng", "鹿城经办", "operator", division=COUNTIES[0]),
    Person("demo-operator-ruian", "瑞安经办", "operator", division=COUNTIES[1]),
    Person("demo-reviewer", "市级审核", "reviewer"),
    Person("demo-leader", "分管领导", "leader"),
    Person("demo-coordinator", "联席办", "coordinator"),
    Person("demo-partner", "协同部门经办", "partner", PARTNER),
    Person("demo-inspector", "检查专家", "inspector"),
    Person("demo-field", "鹿城网格员", "field", division=COUNTIES[0]),
    Person("demo-subject", "被监管单位", "subject", ""),
    Person("demo-public", "公众", "public", ""),
    Person("demo-auditor", "审计", "auditor", AUDITS),
    Person("demo-system", "系统管理员", roles.SYSTEM, ""),
    Person("demo-audit", "审计管理员", roles.AUDIT, ""),
    Person("demo-security", "安全管理员", roles.SECURITY, ""),
)
"""The administrators stand last: from then on the first account makes accounts and posts no more,
and keeps its working posts.
"""


def people(*, by: Account, pack: Pack) -> list[Account]:
    """Makes the accounts of a pack's sample city and gives them their posts."""
    owners = [owner.code for owner in pack.owners]
    offices = {
        HOME: owners[0],
        PARTNER: "police" if "police" in owners else owners[-1],
        AUDITS: "audit" if "audit" in owners else owners[-1],
    }
    departments = {d.code: d for d in Department.objects.all()}
    made = [
        actions.create_account(
            by=by, code=p.code, name=p.name, department=departments.get(offices.get(p.office, "")),
            os_user=p.code,
        )
        for p in PEOPLE
    ]  # fmt: skip
    for account in made:
        set_password(by=by, account=account, password=PASSWORD)
    for person, account in zip(PEOPLE, made, strict=True):
        bounded = not roles.unscoped(person.role)
        give_post(
            by=by, account=account, role=person.role, department=account.department,
            domain=pack.name if bounded else "", division=person.division,
        )  # fmt: skip
    return made
