"""One table, written once and never changed; the chain runs through it in order of `seq`."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from clew.audit.chain import timestamp
from clew.kernel.errors import Refused


def _refuse(*_args: object, **_kwargs: object) -> NoReturn:
    raise Refused(
        "台账只可追加, 不改不删 (append-only: an entry is never changed or removed)",
        next_step="另记一条更正 (append a further entry that corrects the earlier one)",
    )


class EntryQuerySet(models.QuerySet["Entry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        _refuse()

    def delete(self) -> NoReturn:
        _refuse()

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Refused(
            "Ledger entries are chained one by one", next_step="call clew.audit.actions.append"
        )

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()


class Entry(models.Model):
    """Who did what to which thing; `facts` hold codes, numbers and keyed hashes, no person."""

    seq = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    verb = models.CharField(max_length=64)
    subject = models.CharField(max_length=128)
    facts = models.JSONField()
    prev = models.CharField(max_length=64, unique=True)  # unique: the chain cannot fork
    hash = models.CharField(max_length=64, unique=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("seq",)
        indexes = (models.Index(fields=["subject", "seq"]),)

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject}"

    def body(self) -> dict[str, Any]:
        """What the hash covers, in the form that is exported."""
        return {
            "seq": self.seq,
            "at": timestamp(self.at),
            "actor": self.actor,
            "verb": self.verb,
            "subject": self.subject,
            "facts": self.facts,
            "prev": self.prev,
        }

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse()
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()
