"""The roles, and what each may do to what: one table, a line an act, a column a role.

The first ten roles are common to all domains. The last three share the upkeep of the house so that
none of them can do harm alone: one makes accounts, one gives them posts, one reads what both did.
None of the three handles a matter or sees personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from clew.declare.text import T
from clew.kernel.errors import DeclarationError

SCOPE, DEPARTMENT, CASE, ASSIGNED, OWN, EVERYWHERE, NEVER = "S", "D", "C", "A", "O", "*", "-"
REACHES = {
    SCOPE: T("岗位的领域与区划内", "within the domain and division of the post"),
    DEPARTMENT: T(
        "同上, 归部门的仅限本部门", "the same; what belongs to a department, only in the post's"
    ),
    CASE: T("同上, 仅限本部门参与的", "the same; only where the post's department takes part"),
    ASSIGNED: T("仅限分派给本人的", "only what is given to the person"),
    OWN: T("仅限关于本人的", "only what is about the person"),
    EVERYWHERE: T("全部, 不分范围", "everywhere, inside no scope"),
    NEVER: T("不可", "never"),
}

TABLE = """
act                on            op rv ld co pa in fi su pu au  sy se ad
read               clue+matter    D  D  D  C  C  A  A  O  -  *   -  -  -
triage             clue           D  D  -  -  -  -  -  -  -  -   -  -  -
judge              clue           D  D  -  -  -  -  -  -  -  -   -  -  -
open_matter        matter         D  D  -  C  -  -  -  -  -  -   -  -  -
assign             matter         D  D  D  C  -  -  -  -  -  -   -  -  -
advance            matter         D  D  D  C  C  A  A  -  -  -   -  -  -
attach             matter         D  D  D  C  C  A  A  O  -  -   -  -  -
extend             matter         D  D  -  C  C  -  -  -  -  -   -  -  -
approve            matter         -  D  D  -  -  -  -  -  -  -   -  -  -
suspend            matter         D  D  -  -  -  -  -  -  -  -   -  -  -
merge              matter         D  D  -  C  -  -  -  -  -  -   -  -  -
reopen             matter         D  D  D  -  -  -  -  -  -  -   -  -  -
settle             matter         D  D  -  -  -  -  -  -  -  -   -  -  -
book               matter         D  D  -  -  -  -  -  -  -  -   -  -  -
look_back          matter         D  D  -  -  -  -  -  -  -  -   -  -  -
unmask             person         D  D  -  -  C  A  -  -  -  *   -  -  -
release            person         -  D  D  -  -  -  -  -  -  -   -  -  -
export             clue+matter    D  D  D  C  -  -  -  -  -  *   -  -  -
read_runs          run            S  S  S  -  -  -  -  -  -  *   -  -  -
run                run            S  S  -  -  -  -  -  -  -  -   -  -  -
read_batches       batch          S  S  S  -  D  -  -  -  -  *   -  -  -
ingest             batch          D  D  -  -  D  -  -  -  -  -   -  -  -
decide_batch       batch          D  D  -  -  D  -  -  -  -  -   -  -  -
read_quarantine    quarantine     D  D  -  -  D  -  -  -  -  *   -  -  -
repair             quarantine     D  D  -  -  D  -  -  -  -  -   -  -  -
read_tickets       ticket         S  S  S  -  D  -  -  -  -  *   -  -  -
open_ticket        ticket         S  S  -  -  -  -  -  -  -  -   -  -  -
answer_ticket      ticket         D  D  -  -  D  -  -  -  -  -   -  -  -
read_links         link           S  S  -  -  -  -  -  -  -  *   -  -  -
decide_link        link           S  S  -  -  -  -  -  -  -  -   -  -  -
read_brief         brief          S  S  S  S  S  -  -  -  -  *   -  -  -
read_published     published      *  *  *  *  *  *  *  *  *  *   *  *  *
read_ledger        ledger         -  -  -  -  -  -  -  -  -  *   -  -  *
read_departments   department     *  *  *  *  *  *  *  *  *  *   *  *  *
create_department  department     -  -  -  -  -  -  -  -  -  -   *  -  -
read_accounts      account+post   D  D  D  D  D  -  -  -  -  *   *  *  *
create_account     account        -  -  -  -  -  -  -  -  -  -   *  -  -
bind_account       account        -  -  -  -  -  -  -  -  -  -   *  -  -
set_password       account        -  -  -  -  -  -  -  -  -  -   *  -  -
activate           account        -  -  -  -  -  -  -  -  -  -   *  -  -
deactivate         account        -  -  -  -  -  -  -  -  -  -   *  *  -
give_post          post           -  -  -  -  -  -  -  -  -  -   -  *  -
end_post           post           -  -  -  -  -  -  -  -  -  -   -  *  -
"""

TITLES = {
    "read": T("查看线索与事项", "read clues and matters"),
    "triage": T("研判线索", "triage clues"),
    "judge": T("判定线索", "give a verdict on a clue"),
    "open_matter": T("立事项", "open a matter"),
    "assign": T("交办事项", "assign a matter"),
    "advance": T("流转事项", "move a matter on"),
    "attach": T("附材料", "attach papers"),
    "extend": T("申请延期", "ask for more time"),
    "approve": T("批准 (四眼)", "approve what another proposed"),
    "suspend": T("中止、恢复事项", "suspend and resume a matter"),
    "merge": T("并案", "merge matters"),
    "reopen": T("重启事项", "reopen a matter"),
    "settle": T("认定事项中的线索", "settle a clue of a matter"),
    "book": T("记款项", "book money"),
    "look_back": T("回头看", "look back"),
    "unmask": T("查看明文个人信息", "see personal data in clear"),
    "release": T("批准明文导出 (四眼)", "let another take persons in clear away"),
    "export": T("导出线索与事项", "export clues and matters"),
    "read_runs": T("查看运行", "read runs"),
    "run": T("运行监督模型", "run detectors"),
    "read_batches": T("查看批次", "read batches"),
    "ingest": T("导入", "deliver files"),
    "decide_batch": T("处置批次", "decide on a batch"),
    "read_quarantine": T("查看隔离区", "read quarantine"),
    "repair": T("修正隔离行", "repair quarantined rows"),
    "read_tickets": T("查看数据质量单", "read tickets"),
    "open_ticket": T("发数据质量单", "open a ticket"),
    "answer_ticket": T("答复数据质量单", "answer a ticket"),
    "read_links": T("查看关联", "read links"),
    "decide_link": T("确认关联", "decide a link"),
    "read_brief": T("查看简报", "read briefs"),
    "read_published": T("查看公示", "read published lists"),
    "read_ledger": T("查台账", "read the ledger"),
    "read_departments": T("查看部门", "read departments"),
    "create_department": T("建部门", "create a department"),
    "read_accounts": T("查看账户与岗位", "read accounts and posts"),
    "create_account": T("建账户", "create an account"),
    "bind_account": T("绑定账户", "bind an account"),
    "set_password": T("设他人密码", "set another's password"),
    "activate": T("启用账户", "activate an account"),
    "deactivate": T("停用账户", "deactivate an account"),
    "give_post": T("授予岗位", "give a post"),
    "end_post": T("撤销岗位", "end a post"),
}

OBJECTS = {
    "clue": T("线索", "clue"),
    "matter": T("事项", "matter"),
    "person": T("个人明文信息", "person in clear"),
    "run": T("运行", "run"),
    "batch": T("批次", "batch"),
    "quarantine": T("隔离区", "quarantine"),
    "ticket": T("数据质量单", "ticket"),
    "link": T("关联", "link"),
    "brief": T("简报", "brief"),
    "published": T("公示", "published list"),
    "ledger": T("台账", "ledger"),
    "department": T("部门", "department"),
    "account": T("账户", "account"),
    "post": T("岗位", "post"),
}

SYSTEM, SECURITY, AUDIT = "system_admin", "security_admin", "audit_admin"
ADMINISTRATORS = (SYSTEM, SECURITY, AUDIT)
PERSONAL = 2
"""The sensitivity class from which data speak of a person, S2. S3 is health, money and crime."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role. `head` names its column, `sensitivity` the highest class that its eyes reach:
    0 public, 1 internal, 2 personal, 3 health, finance, criminal.
    """

    code: str
    head: str
    name: T
    sensitivity: int


ROLES = (
    Role("operator", "op", T("经办", "Operator"), 3),
    Role("reviewer", "rv", T("审核", "Reviewer"), 3),
    Role("leader", "ld", T("分管领导", "Leader in charge"), 2),
    Role("coordinator", "co", T("牵头协调", "Coordinator"), 2),
    Role("partner", "pa", T("协同部门经办", "Partner department"), 3),
    Role("inspector", "in", T("检查员/专家", "Inspector or expert"), 3),
    Role("field", "fi", T("网格员", "Grid officer"), 2),
    Role("subject", "su", T("被监管/服务对象", "Supervised or served party"), 2),
    Role("public", "pu", T("公众", "Public"), 0),
    Role("auditor", "au", T("审计/纪检", "Auditor"), 3),
    Role(SYSTEM, "sy", T("系统管理员", "System administrator"), 1),
    Role(SECURITY, "se", T("安全管理员", "Security administrator"), 1),
    Role(AUDIT, "ad", T("审计管理员", "Audit administrator"), 1),
)


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the table: something done to objects of some types; `reaches` by role."""

    code: str
    title: T
    objects: tuple[str, ...]
    reaches: Mapping[str, str]

    def reach(self, role: str) -> str:
        """KeyError for a role outside the table."""
        return self.reaches[role]


def parsed(table: str) -> tuple[Act, ...]:
    """The lines of a table of roles.

    Raises:
        DeclarationError: a column that is no role, a cell without a reach, an unknown object.
    """
    head, *lines = (line.split() for line in table.strip().splitlines())
    if head[2:] != [each.head for each in ROLES]:
        raise DeclarationError("the table of roles has other columns than there are roles")
    acts = []
    for code, on, *cells in lines:
        if len(cells) != len(ROLES) or not set(cells) <= set(REACHES):
            raise DeclarationError(f"the table of roles does not say who may {code}")
        objects = tuple(on.split("+"))
        if code not in TITLES or not set(objects) <= set(OBJECTS):
            raise DeclarationError(f"{code} on {on} is not explained in the table of roles")
        reaches = dict(zip((each.code for each in ROLES), cells, strict=True))
        acts.append(Act(code, TITLES[code], objects, MappingProxyType(reaches)))
    return tuple(acts)


ACTS = parsed(TABLE)
_ROLES = {each.code: each for each in ROLES}
_ACTS = {each.code: each for each in ACTS}


def role(code: str) -> Role:
    """KeyError for a code outside the table."""
    return _ROLES[code]


def act(code: str) -> Act:
    """
    Raises:
        DeclarationError: the table says nothing of it, so nobody may.
    """
    if code not in _ACTS:
        raise DeclarationError(
            f"{code!r} 不在权限表中 (no such act in the table of roles)",
            next_step="accounts/roles.py: 写明各角色可否 (say what each role may)",
        )
    return _ACTS[code]


def unscoped(code: str) -> bool:
    """Whether domain and division bound nothing for this role, so that its posts carry neither."""
    return {each.reach(code) for each in ACTS} <= {EVERYWHERE, NEVER}


def needs_department(code: str) -> bool:
    """Whether the role acts for a department where that takes part."""
    return any(each.reach(code) == CASE for each in ACTS)
