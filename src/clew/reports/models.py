"""What this room keeps: who may take persons in clear out of the house, and until when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Release(models.Model):
    """Somebody asks to take clues away with persons in clear; another decides.

    `clues` are the ids of those asked for, `places` their domains and divisions. A granted one can
    be taken by its asker up to and with `until`.
    """

    ASKED, GRANTED, DECLINED = "asked", "granted", "declined"
    STATUSES: ClassVar = [(s, s) for s in (ASKED, GRANTED, DECLINED)]

    code = models.CharField(max_length=16, unique=True)
    clues = models.JSONField()
    places = models.JSONField()
    reason = models.TextField()
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="releases")
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=16, choices=STATUSES, default=ASKED, db_index=True)
    decided_by = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    until = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.code} {self.status}"
