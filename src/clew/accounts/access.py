"""Who may see and do what: the roles table, and the rule for personal data in clear.

Posts that give a role to an account come with the scopes of a later room; the table is already
the one place that says what a role reaches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from clew.accounts.models import Account
from clew.declare.text import T
from clew.kernel.errors import Refused

Reach = Literal["assigned", "department", "case", "own", "published", "all"]


@dataclass(frozen=True, slots=True)
class Role:
    """What one role is, how far its eyes reach, and whether it changes anything.

    reach: assigned = work given to the person; department = the department's scope;
    case = matters in which the department takes part; own = matters about oneself;
    published = what is public; all = everything, inside no scope.
    """

    code: str
    name: T
    reach: Reach
    writes: bool
    note: str = ""


ROLES: tuple[Role, ...] = (
    Role("operator", T(zh="经办", en="Operator"), "department", writes=True),
    Role("reviewer", T(zh="审核", en="Reviewer"), "department", writes=True),
    Role("leader", T(zh="分管领导", en="Leader in charge"), "department", writes=True),
    Role("coordinator", T(zh="牵头协调", en="Coordinator"), "case", writes=True, note="联席办"),
    Role("partner", T(zh="协同部门经办", en="Partner department"), "case", writes=True),
    Role("inspector", T(zh="检查员/专家", en="Inspector or expert"), "assigned", writes=True),
    Role(
        "field", T(zh="网格员", en="Grid officer"), "assigned", writes=True, note="mobile, offline"
    ),
    Role(
        "subject",
        T(zh="被监管/服务对象", en="Supervised or served party"),
        "own",
        writes=True,
        note="uploads to its own matter",
    ),
    Role("public", T(zh="公众", en="Public"), "published", writes=False),
    Role(
        "auditor", T(zh="审计/纪检", en="Auditor"), "all", writes=False, note="also the access log"
    ),
)

_NUMBER = re.compile(r"[0-9０-９][0-9０-９ \-]{3,}[0-9０-９Xx]")


def role(code: str) -> Role:
    """KeyError for a code outside the table."""
    return {each.code: each for each in ROLES}[code]


def may_unmask(account: Account, *, reason: str) -> str:
    """The reason, trimmed, if this account may see personal data in clear; else Refused.

    Recording it is part of the step: see `actions.unmask`.
    """
    stated = " ".join(reason.split())
    if not account.is_active:
        raise Refused(
            f"账户 {account.code} 已停用, 不能查看个人信息 (deactivated: no personal data)",
            next_step="请管理员启用 (ask an administrator to activate it)",
        )
    if not stated:
        raise Refused(
            "明文查看个人信息须说明理由 (personal data in clear needs a stated reason)",
            next_step='--unmask --reason "用途 why"; 不加 --unmask 则为掩码 (masked without it)',
        )
    return stated


def without_numbers(text: str) -> str:
    """The text with every run of five or more digits blanked."""
    return _NUMBER.sub("***", text)
