"""Batches, the files they put into the lake, and header mappings that a person confirmed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Batch(models.Model):
    """One delivery of one dataset. `id` numbers its rows in the lake, `code` names it outside."""

    PUBLISHED, HELD, REFUSED, DUPLICATE = "published", "held", "refused", "duplicate"
    WITHDRAWN = "withdrawn"
    STATUSES: ClassVar = [(s, s) for s in (PUBLISHED, HELD, REFUSED, DUPLICATE, WITHDRAWN)]

    code = models.CharField(max_length=16, unique=True)
    dataset = models.CharField(max_length=64, db_index=True)
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT)
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64, db_index=True)
    status = models.CharField(max_length=16, choices=STATUSES)
    cause = models.JSONField(default=list)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT)
    mapping = models.CharField(max_length=64, blank=True)
    scheme = models.CharField(max_length=32, blank=True)
    rows = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    report = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    rows=models.F("accepted") + models.F("quarantined") + models.F("duplicates")
                ),
                name="batch_rows_add_up",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.dataset} {self.file_name}"


class LakeFile(models.Model):
    """A Parquet file that belongs to the lake because this row lists it.

    The batch of a file of tombstones is the one that caused them. A retired file is read only by
    the runs that froze it.
    """

    ROWS, TOMBSTONES, REPAIRS = "rows", "tombstones", "repairs"
    QUARANTINE, IDENTITIES = "quarantine", "identities"
    DUPLICATES, RETIRED = "duplicates", "retired"
    KINDS: ClassVar = [
        (k, k)
        for k in (ROWS, TOMBSTONES, REPAIRS, QUARANTINE, IDENTITIES, DUPLICATES, RETIRED)
    ]

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="files")
    dataset = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=16, choices=KINDS)
    path = models.CharField(max_length=200, unique=True)
    sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    bucket_low = models.PositiveSmallIntegerField(default=0)
    bucket_high = models.PositiveSmallIntegerField(default=63)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.path


class ConfirmedMapping(models.Model):
    """A header mapping that a person confirmed, remembered per dataset and set of headers."""

    dataset = models.CharField(max_length=64)
    headers_hash = models.CharField(max_length=64)
    columns = models.JSONField()
    confirmed_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dataset", "headers_hash"], name="one_mapping_per_header_set"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.headers_hash[:8]}"
