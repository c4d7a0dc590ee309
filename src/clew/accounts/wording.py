"""Sentences for the ledger entries of this room."""

from clew.declare.text import T

WORDING = {
    "accounts.bootstrap": T(
        zh="建立首个账户 {subject}", en="the first account {subject} was set up"
    ),
    "accounts.create_department": T(
        zh="{by} 新建部门 {subject}", en="{by} created the department {subject}"
    ),
    "accounts.create_account": T(
        zh="{by} 新建账户 {subject}（部门：{department}）",
        en="{by} created the account {subject} (department: {department})",
    ),
    "accounts.bind_os_user": T(
        zh="{by} 将账户 {subject} 绑定到操作系统用户",
        en="{by} bound the account {subject} to an operating-system user",
    ),
    "accounts.unmask": T(
        zh="{by} 查看 {subject} 的明文个人信息，理由：{reason}",
        en="{by} saw personal data of {subject} in clear, reason: {reason}",
    ),
}
