"""Reading the ledger."""

from __future__ import annotations

from django.db.models import QuerySet

from clew.audit.models import Entry


def entries(*, subject: str = "", actor: str = "", verb: str = "") -> QuerySet[Entry]:
    """Newest first, narrowed by what is given."""
    found = Entry.objects.order_by("-seq")
    if subject:
        found = found.filter(subject=subject)
    if actor:
        found = found.filter(actor=actor)
    if verb:
        found = found.filter(verb=verb)
    return found
