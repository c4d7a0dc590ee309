"""Copies what pages load from npm packages into src/clew/web/static/vendor; nothing is compiled.

    python -m tools.frontend NODE_MODULES

Icons become one sprite, each a symbol named as in `ICONS`, so that a page asks for one file.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "src" / "clew" / "web" / "static" / "vendor"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.css",
    "echarts/dist/echarts.min.js": "echarts.js",
    "htmx.org/dist/htmx.min.js": "htmx.js",
}
ICONS = (
    "activity", "alert-triangle", "adjustments", "archive", "arrow-back-up", "arrow-right",
    "book-2", "building", "calendar", "chart-bar", "check", "checklist", "chevron-right", "clock",
    "cloud-upload", "coin-yuan", "database", "download", "eye", "file-text", "filter", "flag",
    "folder", "git-merge", "help-circle", "history", "home", "info-circle", "keyboard", "language",
    "layout-kanban", "link", "list", "list-details", "lock", "login", "logout", "map-2", "menu-2",
    "message-question", "needle-thread", "paperclip", "player-pause", "player-play", "plus",
    "printer", "refresh", "scale", "search", "send", "settings", "shield-check", "star", "table",
    "text-size", "trash", "user", "users", "x", "zoom-question",
)  # fmt: skip
_MAP = re.compile(r"/[/*]# sourceMappingURL=\S*(\s*\*/)?")
_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def main(modules: Path) -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        text = (modules / source).read_text(encoding="utf-8")
        # The maps are not copied; a reference to one would be a missing file.
        (VENDOR / name).write_text(_MAP.sub("", text), encoding="utf-8")
    sprite = _sprite(modules / "@tabler/icons/icons/outline")
    (VENDOR / "icons.svg").write_text(sprite, encoding="utf-8")
    for package in ("@tabler/core", "@tabler/icons", "echarts", "htmx.org"):
        licence = next((modules / package).glob("LICENSE*"), None)
        if licence:
            shutil.copy(licence, VENDOR / f"LICENSE.{package.replace('/', '-').lstrip('@')}")


def _sprite(folder: Path) -> str:
    symbols = []
    for name in ICONS:
        found = _INNER.search((folder / f"{name}.svg").read_text(encoding="utf-8"))
        if found is None:
            raise SystemExit(f"{name}.svg holds no drawing")
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">'
            f"{found.group(1).strip()}</symbol>"
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
