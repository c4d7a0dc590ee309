from __future__ import annotations

from django.http import HttpResponse

from clew.web.door import Asked, page


def list_(request: Asked) -> HttpResponse:
    return page(request, "clues/list.html", {})
