"""Who acts here: accounts, the posts by which they may, the table of roles, departments."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Annotated, Any

import typer

from clew.accounts import access, actions, queries, roles
from clew.accounts.models import Account, Department, Post
from clew.accounts.posts import actions as posts
from clew.accounts.signing.actions import set_password
from clew.cli import screen
from clew.cli.session import begin, day
from clew.kernel import clock
from clew.kernel.divisions import division_name

app = typer.Typer(help="账户与岗位。Accounts and posts.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="machine-readable")]
Code = Annotated[str, typer.Argument(metavar="ACCOUNT", help="an account's code")]
Because = Annotated[str, typer.Option("--reason", help="why, for the ledger")]


@app.command("list")
def list_(json: Json = False) -> None:
    """列出账户及其在任岗位。Accounts that you may see, with the posts they hold today."""
    by = begin()
    found = list(access.visible_accounts(by))
    held = _held(found)
    if json:
        screen.show_json([_as_json(a, held[a.pk]) for a in found])
        return
    screen.table(
        ["账户 account", "名称 name", "部门", "状态", "岗位 posts"],
        [(a.code, a.name, a.department.name_zh if a.department else "", _state(a),
          "; ".join(map(_told, held[a.pk]))) for a in found],
    )  # fmt: skip


@app.command("show")
def show(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="none: your own")] = "",
    json: Json = False,
) -> None:
    """查看一个账户: 岗位、可做的事。One account: its posts, past ones too, and what they allow."""
    by = begin()
    found = _seen(by, account or by.code)
    every = list(access.visible_posts(by).filter(account=found))
    allowed = [a for a in roles.ACTS if _may(found, a)]
    if json:
        acts = {"may": [a.code for a in allowed]}
        screen.show_json(_as_json(found, every) | acts)
        return
    screen.out.print(f"{found.code} {found.name}   {_state(found)}", markup=False)
    _posts(every)
    screen.out.print("可 (may): " + "、".join(a.title.zh for a in allowed), markup=False)
    if any(p.first and _in_force(p) for p in every):
        screen.note(
            "首个账户一人兼三员与业务岗位, 仅因尚无他人; 他人任管理员时相应岗位自动移交 "
            "(the first account holds all three administrators' posts and working ones only while "
            "it is alone; each passes on when another account is given it)"
        )


@app.command("create")
def create(
    code: Annotated[str, typer.Argument(help="small letters, digits and hyphens")],
    name: Annotated[str, typer.Option(help="as colleagues know it")],
    department: Annotated[str, typer.Option(help="a department's code")] = "",
    os_user: Annotated[str, typer.Option(help="operating-system user it acts for")] = "",
    json: Json = False,
) -> None:
    """新建账户, 尚无岗位。A new account; it may do nothing until it is given a post."""
    made = actions.create_account(
        by=begin(), code=code, name=name, department=_department(department),
        os_user=os_user or None,
    )  # fmt: skip
    _done(made, [], json, f"账户 {made.code} 已建立, 尚无岗位 (created, without a post)")


@app.command("post")
def post(
    account: Code,
    role: Annotated[str, typer.Argument(help="see clew accounts roles")],
    department: Annotated[str, typer.Option(help="for this department, by its code")] = "",
    domain: Annotated[str, typer.Option(help="a pack's name; none: every domain")] = "",
    division: Annotated[str, typer.Option(help="3303 a city, 330381 a county")] = "",
    since: Annotated[str, typer.Option(help="first day, YYYY-MM-DD; none: today")] = "",
    until: Annotated[str, typer.Option(help="first day without it; none: open")] = "",
    json: Json = False,
) -> None:
    """授予岗位。Gives a post: a role, for a department, a domain and a division."""
    by = begin()
    given = posts.give_post(
        by=by, account=_seen(by, account), role=role, department=_department(department),
        domain=domain, division=division, since=day(since), until=day(until),
    )  # fmt: skip
    _done(given.account, [given], json, f"已授予 {account} 岗位 {given.code} (given)")


@app.command("end-post")
def end_post(
    post: Annotated[str, typer.Argument(metavar="POST", help="a post's id, or its beginning")],
    reason: Because = "",
    json: Json = False,
) -> None:
    """撤销岗位, 即时生效。Ends a post at once."""
    by = begin()
    found = access.one(
        access.visible_posts(by), post,
        cause=f"没有岗位 {post} (no such post)", next_step="clew accounts list",
    )  # fmt: skip
    ended = posts.end_post(by=by, post=found, reason=reason)
    _done(ended.account, [ended], json, f"岗位 {ended.code} 已撤销 (ended)")


@app.command("password")
def password(account: Code, json: Json = False) -> None:
    """设密码, 由键盘或标准输入读入。A password, asked for or read from standard input."""
    by = begin()
    found = _seen(by, account)
    interactive = sys.stdin.isatty()
    typed = getpass("密码 (password): ") if interactive else sys.stdin.readline().rstrip("\n")
    done = set_password(by=by, account=found, password=typed)
    _done(done, [], json, f"账户 {done.code} 的密码已设定 (set)   → clew serve")


@app.command("activate")
def activate(account: Code, json: Json = False) -> None:
    """启用账户。Lets an account act again."""
    by = begin()
    done = actions.activate(by=by, account=_seen(by, account))
    _done(done, [], json, f"账户 {done.code} 已启用 (active)")


@app.command("deactivate")
def deactivate(account: Code, reason: Because = "", json: Json = False) -> None:
    """停用账户, 即时生效。Stops an account at once; its posts stay on record."""
    by = begin()
    done = actions.deactivate(by=by, account=_seen(by, account), reason=reason)
    _done(done, [], json, f"账户 {done.code} 已停用 (deactivated)")


@app.command("bind")
def bind(
    account: Code,
    os_user: Annotated[str, typer.Argument(help="the operating-system user")],
    json: Json = False,
) -> None:
    """绑定操作系统用户: 其命令行以此账户行事。The command line of that user acts as the account."""
    by = begin()
    done = actions.bind_os_user(by=by, account=_seen(by, account), os_user=os_user)
    _done(done, [], json, f"账户 {done.code} 已绑定 (bound)")


@app.command("roles")
def roles_(json: Json = False) -> None:
    """角色与权限一览表。The table of roles: what each may do to what."""
    if json:
        screen.show_json(
            {
                "roles": [{"role": r.code, "name": r.name.zh, "name_en": r.name.en,
                           "sensitivity": f"S{r.sensitivity}"} for r in roles.ROLES],
                "acts": [{"act": a.code, "title": a.title.zh, "title_en": a.title.en,
                          "objects": list(a.objects), "reach": dict(a.reaches)}
                         for a in roles.ACTS],
                "reaches": {mark: text.en for mark, text in roles.REACHES.items()},
            }
        )  # fmt: skip
        return
    screen.table(
        ["列", "角色 role", "名称", "", "密级至"],
        [(r.head, r.code, r.name.zh, r.name.en, f"S{r.sensitivity}") for r in roles.ROLES],
    )
    screen.table(
        ["行为 act", "", "对象 on", *(r.head for r in roles.ROLES)],
        [(a.code, a.title.zh, "、".join(roles.OBJECTS[o].zh for o in a.objects),
          *a.reaches.values()) for a in roles.ACTS],
    )  # fmt: skip
    for mark, text in roles.REACHES.items():
        screen.note(f"{mark}  {text.zh} ({text.en})")


@app.command("departments")
def departments(json: Json = False) -> None:
    """列出部门。Departments with their codes."""
    found = access.visible_departments(begin())
    if json:
        screen.show_json(
            [{"department": d.code, "name": d.name_zh, "name_en": d.name_en} for d in found]
        )
        return
    screen.table(["代码 code", "名称", "name"], [(d.code, d.name_zh, d.name_en) for d in found])


def _seen(by: Account, code: str) -> Account:
    """The account of exactly this code, if it is in sight."""
    return access.one(
        access.visible_accounts(by).filter(code=code), code,
        cause=f"没有账户 {code} (no such account)", next_step="clew accounts list",
    )  # fmt: skip


def _department(code: str) -> Department | None:
    return queries.department(code) if code else None


def _held(accounts: list[Account]) -> dict[int, list[Post]]:
    """Account's database id → its posts in force."""
    found: dict[int, list[Post]] = {a.pk: [] for a in accounts}
    for held in queries.in_force().select_related("department").filter(account__in=accounts):
        found[held.account_id].append(held)
    return found


def _may(account: Account, act: roles.Act) -> bool:
    """Whether any post of the account allows the act anywhere."""
    held = access.scope_of(account).posts
    return any(act.reach(post.role) != roles.NEVER for post in held)


def _in_force(post: Post) -> bool:
    today = clock.today()
    return post.since <= today and (post.until is None or post.until > today)


def _state(account: Account) -> str:
    return "启用" if account.is_active else "停用"


def _told(post: Post) -> str:
    place = division_name(post.division.ljust(6, "0")) if post.division else ""
    parts = (
        roles.role(post.role).name.zh, post.department.name_zh if post.department else "",
        post.domain, place or post.division,
    )  # fmt: skip
    return " ".join(filter(None, parts))


def _posts(every: list[Post]) -> None:
    screen.table(
        ["岗位 post", "角色", "部门", "领域", "区划", "自", "止", "说明"],
        [(p.code, roles.role(p.role).name.zh, p.department.name_zh if p.department else "全部",
          p.domain or "全部", p.division or "全部", p.since, p.until or "",
          p.end_reason or ("首个账户" if p.first else "")) for p in every],
    )  # fmt: skip


def _done(account: Account, changed: list[Post], json: bool, text: str) -> None:
    if json:
        screen.show_json(_as_json(account, changed))
        return
    screen.note(text)
    screen.note(f"  → clew accounts show {account.code}")


def _as_json(account: Account, held: list[Post]) -> dict[str, Any]:
    return {
        "account": account.code,
        "name": account.name,
        "department": account.department.code if account.department else "",
        "active": account.is_active,
        "posts": [
            {"post": p.code, "role": p.role, "domain": p.domain, "division": p.division,
             "department": p.department.code if p.department else "", "first": p.first,
             "since": p.since.isoformat(), "until": p.until.isoformat() if p.until else "",
             "in_force": _in_force(p), "end_reason": p.end_reason}
            for p in held
        ],
    }  # fmt: skip
