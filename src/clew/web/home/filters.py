"""Filters of lists that an account keeps."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from clew.accounts.filters import actions
from clew.accounts.models import SavedFilter
from clew.declare import T
from clew.web.door import Asked, done


def saved(request: Asked, page: str) -> list[SavedFilter]:
    return list(SavedFilter.objects.filter(account=request.account, page=page))


def save(request: Asked) -> HttpResponse:
    """Keeps the filters that stand in the form beside the name."""
    form = request.POST
    asked = {k: str(v) for k, v in form.items()}
    made = actions.save_filter(
        by=request.account, page=form.get("page", ""), name=form.get("name", ""), asked=asked
    )
    said = T(f"已保存筛选「{made.name}」。", f"Filter {made.name} is saved.")
    return done(request, said, f"{reverse(made.page)}?{made.query}")


def forget(request: Asked, code: str) -> HttpResponse:
    actions.forget_filter(by=request.account, code=code)
    there = request.POST.get("page", "")
    return done(request, T("已删去。", "Removed."), there if there in actions.PAGES else "home")
