"""A domain's brief: its sentences, and for each figure the rows it is made of."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse

from clew.accounts.access import require
from clew.declare import registry
from clew.reports import exports, queries
from clew.web.door import Asked, page
from clew.web.files import sent

PAGE = 100


def brief(request: Asked, domain: str) -> HttpResponse:
    _allowed(request, domain)
    found = queries.brief(domain)
    return page(request, "results/brief.html", {"brief": found, "pack": registry.pack(domain)})


def rows(request: Asked, domain: str, figure: str) -> HttpResponse:
    _allowed(request, domain)
    found = queries.rows_behind(domain, figure)
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    declared = next(i for i in registry.pack(domain).indicators if i.id == figure)
    lines = [row | queries.way_to(row["ref"]) for row in shown]
    return page(
        request, "results/rows.html",
        {"lines": lines, "page": shown, "total": len(found), "figure": declared, "domain": domain},
    )  # fmt: skip


def export(request: Asked, domain: str) -> HttpResponse:
    _allowed(request, domain)
    found = queries.brief(domain)
    table = exports.Table(
        "简报 brief", ("指标", "名称", "数值", "单位", "行数", "文字"),
        [(f.id, f.label.zh, str(f.value), f.unit, f.rows, f.text.zh) for f in found.figures],
    )  # fmt: skip
    return sent(request, f"brief-{domain}", table)


def _allowed(request: Asked, domain: str) -> None:
    """Figures over a whole domain are for posts that no division bounds."""
    registry.pack(domain)
    require(request.account, "read_brief", domain=domain, division="")
