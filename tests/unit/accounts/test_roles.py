"""The table of roles: complete, in step with its words, and without a cell nobody decided."""

from __future__ import annotations

import re
from itertools import product

import pytest

from clew.accounts import roles
from clew.accounts.duties import FIRST_POSTS
from clew.accounts.roles import ACTS, ADMINISTRATORS, NEVER, OBJECTS, ROLES, TABLE, TITLES
from clew.kernel.errors import DeclarationError

COMMON = """
Roles common to all: `operator` 经办, `reviewer` 审核, `leader` 分管领导,
`coordinator` 牵头协调 (联席办), `partner` 协同部门经办, `inspector` 检查员/专家,
`field` 网格员 (mobile, offline), `subject` 被监管/服务对象 (sees own matter, uploads),
`public` 公众 (published lists only), `auditor` 审计/纪检 (read all + access log).
"""
"""Part 0.11 of the common rules, which the table is held to."""

# Every cell: (object type, act, role). A new act, object or role without a decision fails below.
CELLS = {(o, a.code, r.code): a.reach(r.code) for a in ACTS for o in a.objects for r in ROLES}


def may(role: str) -> set[str]:
    return {a.code for a in ACTS if a.reach(role) != NEVER}


def test_the_common_roles_are_those_of_the_text() -> None:
    told = re.findall(r"`(\w+)` (\S+?)(?=[ ,.]|$)", COMMON)
    common = [(r.code, r.name.zh) for r in ROLES if r.code not in ADMINISTRATORS]
    assert common == told
    assert len(ROLES) == len({r.code for r in ROLES}) == len(told) + 3


def test_no_cell_is_left_undecided() -> None:
    acts, objects = {a.code for a in ACTS}, {o for a in ACTS for o in a.objects}
    assert len(ACTS) == len(acts) and acts == set(TITLES) and objects == set(OBJECTS)
    decided = {(o, a) for o, a, _ in CELLS}
    assert set(CELLS) == {(o, a, r.code) for (o, a), r in product(decided, ROLES)}
    assert set(CELLS.values()) <= set(roles.REACHES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("triage             clue           D  D", "triage             clue           D"),
        ("triage             clue", "triage             whatever"),
        ("triage             clue           D", "triage             clue           X"),
        ("triage  ", "unnamed "),
        ("on            op rv", "on            rv op"),
    ],
)
def test_a_table_with_an_undecided_cell_is_refused(old: str, new: str) -> None:
    assert old in TABLE
    with pytest.raises(DeclarationError):
        roles.parsed(TABLE.replace(old, new, 1))


def test_an_act_outside_the_table_is_refused() -> None:
    with pytest.raises(DeclarationError):
        roles.act("juggle")


def test_what_the_text_says_of_single_roles() -> None:
    assert may("public") == {"read_published", "read_departments"}
    assert may("subject") == {"read", "attach", "read_published", "read_departments"}
    assert roles.act("read").reach("subject") == roles.OWN
    reads = {a.code for a in ACTS if a.code.startswith("read")}
    assert may("auditor") == reads | {"unmask", "export"}  # reads all, changes nothing
    assert all(roles.act(a).reach("auditor") == roles.EVERYWHERE for a in may("auditor"))
    for code in ("inspector", "field"):
        assert roles.act("read").reach(code) == roles.ASSIGNED
    for code in ("coordinator", "partner"):
        assert roles.act("read").reach(code) == roles.CASE
    assert {a.code for a in ACTS if a.reach("operator") != NEVER}.isdisjoint({"approve"})


def test_the_administrators_share_no_power_and_see_no_person() -> None:
    everybody = may("public") | {"read_accounts"}
    own = {code: may(code) - everybody for code in ADMINISTRATORS}
    assert own == {
        roles.SYSTEM: {"create_department", "create_account", "bind_account", "activate",
                       "deactivate", "set_password"},
        roles.SECURITY: {"give_post", "end_post", "deactivate"},
        roles.AUDIT: {"read_ledger"},
    }  # fmt: skip
    handled = {"clue", "matter", "person", "quarantine", "ticket", "run", "batch", "link"}
    for (kind, _, role), reach in CELLS.items():
        if role in ADMINISTRATORS and kind in handled:
            assert reach == NEVER
    for code in ADMINISTRATORS:
        assert roles.role(code).sensitivity < roles.PERSONAL
    makers = {"create_account", "give_post", "end_post", "create_department"}
    assert {r for _, a, r in CELLS if a in makers and CELLS["post", "give_post", r] != NEVER} == {
        roles.SECURITY
    }


def test_who_sees_persons_in_clear_reaches_their_class() -> None:
    for each in ROLES:
        if "unmask" in may(each.code):
            assert each.sensitivity == 3


def test_posts_without_bounds_and_posts_for_departments() -> None:
    assert [r.code for r in ROLES if roles.unscoped(r.code)] == [
        "public", "auditor", *ADMINISTRATORS,
    ]  # fmt: skip
    assert [r.code for r in ROLES if roles.needs_department(r.code)] == ["coordinator", "partner"]
    assert set(ADMINISTRATORS) < set(FIRST_POSTS) <= {r.code for r in ROLES}
