"""Sentences of this room's ledger entries."""

from clew.declare.text import T

WORDING = {
    "web.ask_work": T(
        zh="{by} 交后台办理 {kind}: {subject}", en="{by} asked for {kind}: {subject}"
    ),
    "web.take_file": T(
        zh="{by} 下载后台办理 {subject} 的文件, 放行 {release}",
        en="{by} took the file of {subject}, release {release}",
    ),
    "web.cancel_work": T(zh="{by} 取消后台办理 {subject}", en="{by} cancelled {subject}"),
}
