"""A step that is refused changes nothing, and leaves one entry in the ledger all the same."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from clew.accounts.access import Denied
from clew.accounts.models import Account
from clew.audit.actions import append
from clew.kernel.errors import InputError, NotFound, Refused
from clew.matters.facts import Refusal
from clew.matters.models import Matter

P = ParamSpec("P")
R = TypeVar("R")


class Declined(Refused):
    """The rules of a lifecycle forbid a step; `code` says which, for the ledger."""

    def __init__(self, cause: str, *, code: str, next_step: str = "") -> None:
        super().__init__(cause, next_step=next_step)
        self.code = code


def declined(refusal: Refusal, matter: str) -> Declined:
    return Declined(
        f"{refusal.why.zh} ({refusal.why.en})",
        code=refusal.code,
        next_step=f"clew matters show {matter}",
    )


def heard(asked: str, *, locks: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Runs a verb in one transaction; if it is refused, undoes it and writes that down. What only
    reads, and long, runs outside one (`locks` false).

    What somebody typed stays out of the entry: it may name a person. A Denied is written down by
    the door that catches it.
    """

    def decorate(verb: Callable[P, R]) -> Callable[P, R]:
        @wraps(verb)
        def told(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with transaction.atomic() if locks else nullcontext():
                    return verb(*args, **kwargs)
            except Denied:
                raise
            except (Refused, InputError, NotFound) as error:
                by, matter = kwargs["by"], str(kwargs.get("matter") or "")
                assert isinstance(by, Account)
                _write(by, asked, _known(matter), error)
                error.recorded = True
                raise

        return told

    return decorate


@transaction.atomic
def _write(by: Account, asked: str, subject: str, error: Exception) -> None:
    because = getattr(error, "code", "") or type(error).__name__
    append(
        by=by, verb="matters.refuse", subject=subject, facts={"asked": asked, "because": because}
    )


def _known(text: str) -> str:
    """The matter's id if there is one: other text does not enter the ledger."""
    found = Matter.objects.filter(number=text) | Matter.objects.filter(code__startswith=text)
    return (found.values_list("code", flat=True).first() or "matters") if text else "matters"
