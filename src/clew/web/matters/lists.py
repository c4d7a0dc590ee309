"""Matters in a list and on a board."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse

from clew.declare import registry
from clew.kernel.divisions import division_name
from clew.matters import access, queries
from clew.matters.deadlines import BLUE, RED, STANDS, YELLOW
from clew.reports import exports
from clew.web.door import Asked, page
from clew.web.files import sent
from clew.web.home.filters import saved

PAGE = 50
LAMPS = (RED, YELLOW, BLUE, STANDS)
CARDS = 30
"""Cards shown in a column; the rest are counted and listed."""


def list_(request: Asked) -> HttpResponse:
    found = _chosen(request)
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return page(
        request, "matters/list.html",
        {"lines": list(shown), "page": shown, "total": len(found),
         "saved": saved(request, "matters")} | _choices(request),
    )  # fmt: skip


def board(request: Asked) -> HttpResponse:
    columns = queries.board(request.account)
    titles = {s.code: s.title for pack in registry.packs().values()
              for rules in pack.lifecycles for s in rules.states}  # fmt: skip
    shown = [
        {"code": code, "title": titles[code], "lines": lines[:CARDS], "count": len(lines)}
        for code, lines in columns.items()
        if lines or code not in ("SUSPENDED", "REOPENED", "COORDINATION")
    ]
    return page(request, "matters/board.html", {"columns": shown})


def export(request: Asked) -> HttpResponse:
    table = exports.Table(
        "事项 matters", ("事项", "标题", "状态", "部门", "区划", "期限", "到期", "承办人", "线索"),
        [
            (x.matter.number, x.matter.title, x.state.title.zh, x.matter.department.name_zh,
             division_name(x.matter.division) or "", x.lamp,
             x.due.isoformat() if x.due else "", " ".join(x.handlers), x.clues)
            for x in _chosen(request)[: exports.LARGEST]
        ],
    )  # fmt: skip
    return sent(request, "matters", table)


def _chosen(request: Asked) -> list[queries.Line]:
    asked = request.GET
    found = queries.matters(
        request.account, state=asked.get("state", ""), lamp=asked.get("lamp", ""),
        view=asked["view"] if asked.get("view") in queries.VIEWS else "",
    )  # fmt: skip
    if division := asked.get("division"):
        found = [x for x in found if x.matter.division == division]
    if asked.get("open"):
        found = [x for x in found if not x.matter.closed]
    return list(reversed(found))


def _choices(request: Asked) -> dict[str, object]:
    states = {s.code: s.title for pack in registry.packs().values()
              for rules in pack.lifecycles for s in rules.states}  # fmt: skip
    visible = access.visible_matters(request.account)
    divisions = visible.order_by("division").values_list("division", flat=True).distinct()
    return {
        "states": states, "lamps": LAMPS, "asked": request.GET,
        "divisions": [d for d in divisions if d],
        "filtered": any(v for k, v in request.GET.items() if k != "page"),
    }  # fmt: skip
