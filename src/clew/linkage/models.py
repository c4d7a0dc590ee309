"""Links that were found by a method and may be overruled by a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Link(models.Model):
    """One row is about one person: what the rows alone do not say, and what spoke for it.

    Links of tier T1 follow from equal document numbers and are not stored. `row_id` and `person`
    are those of the lake. `evidence` holds masked texts only. `verdict` is empty until a person
    has decided.
    """

    T2 = "T2"
    SAME, NOT_SAME, UNSURE = "same", "not_same", "unsure"
    VERDICTS: ClassVar = [(v, v) for v in (SAME, NOT_SAME, UNSURE)]

    code = models.CharField(max_length=16, unique=True)
    dataset = models.CharField(max_length=64)
    column = models.CharField(max_length=64)
    row_id = models.BigIntegerField()
    person = models.BigIntegerField(db_index=True)
    tier = models.CharField(max_length=4)
    method = models.CharField(max_length=16)
    evidence = models.JSONField()
    verdict = models.CharField(max_length=8, choices=VERDICTS, null=True)
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["row_id", "column", "person"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["row_id", "column", "person"], name="one_link_per_cell_and_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.dataset}.{self.column} {self.tier}"
