"""Files that a page sends."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

from clew.kernel import clock
from clew.reports import actions
from clew.reports.exports import MEDIA, Table
from clew.web.door import Asked


def sent(request: Asked, what: str, table: Table) -> HttpResponse:
    """A table as the file that the form asks for (`kind`, `reason`)."""
    kind = request.POST.get("kind", "xlsx")
    content = actions.export(
        by=request.account, what=what, table=table, kind=kind, reason=request.POST.get("reason", "")
    )
    return download(content, f"{what}-{clock.today():%Y%m%d}.{kind}", MEDIA[kind])


def download(content: bytes, name: str, media: str) -> HttpResponse:
    """Saved by the browser, never shown by it."""
    return HttpResponse(
        content,
        content_type=media,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )
