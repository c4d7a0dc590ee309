"""Verbs of saved filters: each account keeps its own. Codes and choices are kept, never what was
typed as text, since it may name a person.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

from django.db import transaction

from clew.accounts.access import without_numbers
from clew.accounts.models import Account, SavedFilter
from clew.audit.actions import append
from clew.kernel.errors import InputError, NotFound

PAGES: Mapping[str, tuple[str, ...]] = {
    "clues": ("detector", "focus", "severity", "status", "division", "matter", "sort"),
    "matters": ("state", "lamp", "division", "open"),
}
"""What of a list's address may be kept."""
NAME_LENGTH, MOST = 40, 30
_CHOICE = re.compile(r"[A-Za-z0-9_-]{1,32}")


@transaction.atomic
def save_filter(*, by: Account, page: str, name: str, asked: Mapping[str, str]) -> SavedFilter:
    """Keeps what a list is filtered by; the same name again replaces it.

    Raises:
        InputError: no such list, no name, nothing to keep, or too many kept already.
    """
    stated = without_numbers(" ".join(name.split()))[:NAME_LENGTH]
    kept = {k: v for k in PAGES.get(page, ()) if _CHOICE.fullmatch(v := asked.get(k, ""))}
    if not stated or not kept:
        raise InputError(
            "须有名称和至少一个筛选条件 (a name, and something to filter by)",
            next_step="先筛选, 再保存 (filter first, then save)",
        )
    own = SavedFilter.objects.filter(account=by, page=page)
    if own.count() >= MOST and not own.filter(name=stated).exists():
        raise InputError(
            f"最多保存 {MOST} 个筛选 (at most {MOST} are kept)", next_step="先删去一个 (remove one)"
        )
    made, _ = SavedFilter.objects.update_or_create(
        account=by, page=page, name=stated,
        defaults={"query": urlencode(kept)}, create_defaults={
            "query": urlencode(kept), "code": secrets.token_hex(6)
        },
    )  # fmt: skip
    append(by=by, verb="accounts.save_filter", subject=made.code, facts={"page": page})
    return made


@transaction.atomic
def forget_filter(*, by: Account, code: str) -> None:
    """
    Raises:
        NotFound: the account keeps no such filter.
    """
    found = SavedFilter.objects.filter(account=by, code=code).first()
    if found is None:
        raise NotFound("没有这个筛选 (no such filter)", next_step="刷新页面 (reload the page)")
    found.delete()
    append(by=by, verb="accounts.forget_filter", subject=code, facts={})
