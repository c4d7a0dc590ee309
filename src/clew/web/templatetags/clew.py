"""What templates may say: both languages side by side, money, lamps, icons, the thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from clew.declare import T
from clew.kernel.divisions import division_name
from clew.kernel.money import yuan_text
from clew.matters.deadlines import BLUE, RED, STANDS, YELLOW
from clew.web.threads import Drawn

register = template.Library()
_LAMPS = {
    BLUE: ("lamp-blue", T("在期", "in time")),
    YELLOW: ("lamp-yellow", T("将到期", "due soon")),
    RED: ("lamp-red", T("超期", "overdue")),
    STANDS: ("lamp-stands", T("已停计", "stands still")),
    "": ("lamp-none", T("无期限", "no clock")),
}
_SEVERITIES = {"H": T("高", "high"), "M": T("中", "medium"), "L": T("低", "low")}
_STATUSES = {
    "open": T("待判定", "open"),
    "confirmed": T("属实", "confirmed"),
    "rebutted": T("排除", "rebutted"),
    "reopened": T("重新打开", "reopened"),
}


@register.simple_tag
def say(zh: str, en: str, **values: Any) -> str:
    """One sentence in the reader's language; `{name}` takes a value."""
    text = T(zh, en).of(get_language() or "")
    return text.format(**values) if values else text


@register.filter
def said(text: T | str | None) -> str:
    """A declared text in the reader's language; anything else as it is."""
    return text.of(get_language() or "") if isinstance(text, T) else str(text or "")


@register.filter
def yuan(fen: int | str | None) -> str:
    """Fen as yuan with two decimals, grouped by thousands; — without a figure."""
    return yuan_text(fen) if isinstance(fen, int) else "—"


@register.filter
def day(value: date | None) -> str:
    """An ISO day, whatever the language; — without one."""
    return f"{value:%Y-%m-%d}" if value else "—"


@register.filter
def division(code: str) -> str:
    """A division's name; nothing for what lies in none."""
    return division_name(code) or ""


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """The value under a key that is itself a variable; None without it."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("vendor/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def lamp(colour: str) -> SafeString:
    """A lamp with its word: never colour alone."""
    css, word = _LAMPS[colour]
    return format_html('<span class="lamp {}">{}</span>', css, said(word))


@register.simple_tag
def severity(code: str) -> SafeString:
    return format_html('<span class="severity severity-{}">{}</span>', code,
                       said(_SEVERITIES[code]))  # fmt: skip


@register.simple_tag
def status(code: str) -> SafeString:
    """How an officer has judged a clue."""
    return format_html('<span class="status status-{}">{}</span>', code, said(_STATUSES[code]))


@register.inclusion_tag("web/thread.html")
def thread(knots: Sequence[Drawn]) -> dict[str, Any]:
    return {"knots": knots}


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's address with other values in its query; an empty value is left out."""
    values = dict(context["request"].GET.items()) | changes
    kept = {k: v for k, v in values.items() if v not in ("", None)}
    return f"?{urlencode(kept)}" if kept else context["request"].path
