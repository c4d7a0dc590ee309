"""Sentences for the ledger entries of this room."""

from clew.declare.text import T

WORDING = {
    "accounts.bootstrap": T(
        zh="建立首个账户 {subject}，岗位：{posts}",
        en="the first account {subject} was set up with the posts {posts}",
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
        zh="{by} 查看 {subject} 的明文个人信息，用途：{purpose}，理由：{reason}",
        en="{by} saw personal data of {subject} in clear for {purpose}, reason: {reason}",
    ),
    "accounts.activate": T(zh="{by} 启用账户 {subject}", en="{by} activated the account {subject}"),
    "accounts.deactivate": T(
        zh="{by} 停用账户 {subject}，理由：{reason}",
        en="{by} deactivated the account {subject}, reason: {reason}",
    ),
    "accounts.give_post": T(
        zh="{by} 授予 {subject} 岗位 {post}：{role}，部门 {department}，领域 {domain}，"
        "区划 {division}；交接自 {handed_over_by}",
        en="{by} gave {subject} the post {post}: {role}, department {department}, domain {domain}, "
        "division {division}; handed over by {handed_over_by}",
    ),
    "accounts.end_post": T(
        zh="{by} 撤销 {subject} 的岗位 {post}：{role}，部门 {department}，领域 {domain}，"
        "区划 {division}，理由：{reason}",
        en="{by} ended the post {post} of {subject}: {role}, department {department}, domain "
        "{domain}, division {division}, reason: {reason}",
    ),
    "accounts.record_denial": T(
        zh="{by} 在 {door} 处无权 {act}，已拒绝", en="{by} was denied {act} at {door}"
    ),
    "accounts.save_filter": T(
        zh="{by} 保存 {page} 的筛选 {subject}", en="{by} saved filter {subject} of {page}"
    ),
    "accounts.forget_filter": T(
        zh="{by} 删去筛选 {subject}", en="{by} removed filter {subject}"
    ),
    "accounts.set_password": T(
        zh="{by} 设定账户 {subject} 的密码", en="{by} set the password of account {subject}"
    ),
    "accounts.sign_in": T(zh="{by} 登录", en="{by} signed in"),
    "accounts.sign_out": T(zh="{by} 退出", en="{by} signed out"),
    "accounts.fail_to_sign_in": T(
        zh="有人登录账户 {subject} 未成功", en="somebody failed to sign in as {subject}"
    ),
    "accounts.change_second_factor": T(
        zh="{by} 变更第二因素: {change}", en="{by} changed the second factor: {change}"
    ),
    "accounts.record_refusal": T(
        zh="{by} 在 {door} 处的办理被拒 ({kind})，未作改动",
        en="{by} was refused at {door} ({kind}); nothing was changed",
    ),
}
