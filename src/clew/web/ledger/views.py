"""The ledger, for those who read it."""

from __future__ import annotations

import json

from django.core.paginator import Paginator
from django.http import HttpResponse

from clew.accounts.access import visible_entries
from clew.audit.models import Entry
from clew.audit.presenters import sentence, verbs
from clew.audit.verify import verify_database
from clew.declare import T
from clew.kernel.errors import NotFound
from clew.web.door import Asked, done, page

PAGE = 50


def list_(request: Asked) -> HttpResponse:
    found, asked = visible_entries(request.account), request.GET
    for column, name in (("verb", "verb"), ("actor", "actor"), ("subject", "subject")):
        if wanted := asked.get(name, "").strip():
            found = found.filter(**{column: wanted})
    pages = Paginator(found, PAGE)
    shown = pages.get_page(asked.get("page"))
    return page(
        request, "ledger/list.html",
        {"lines": [(e, sentence(e)) for e in shown], "page": shown, "total": pages.count,
         "verbs": sorted(verbs()), "asked": asked,
         "filtered": any(v for k, v in asked.items() if k != "page")},
    )  # fmt: skip


def entry(request: Asked, seq: int) -> HttpResponse:
    found: Entry | None = visible_entries(request.account).filter(seq=seq).first()
    if found is None:
        raise NotFound("没有这条台账 (no such entry)", next_step="回台账 (back to the ledger)")
    facts = json.dumps(found.facts, ensure_ascii=False, indent=1)
    return page(
        request, "ledger/entry.html", {"entry": found, "sentence": sentence(found), "facts": facts}
    )


def verify(request: Asked) -> HttpResponse:
    """Walks the whole chain; what does not hold is listed by its entry."""
    report = verify_database()
    if report.ok:
        said = T(f"{report.entries} 条台账核验通过。", f"{report.entries} entries hold.")
        return done(request, said, "ledger")
    found = [(p.seq, T(p.text_zh, p.text_en)) for p in report.problems]
    return page(
        request, "ledger/broken.html",
        {"entries": report.entries, "problems": found[:PAGE], "more": max(0, len(found) - PAGE)},
    )  # fmt: skip
