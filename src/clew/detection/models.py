"""Runs, what they saw, and the clues that last."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

RAN, NOT_RUN = "ran", "not_run"


class Run(models.Model):
    """One execution over frozen inputs.

    `inputs` holds, per dataset, the files and tombstones read; `versions` and `params` those of
    each detector; `code_hash` the code that ran; `facts_file` names every candidate fact with its
    outcome.
    """

    code = models.CharField(max_length=16, unique=True)
    as_of = models.DateField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT)
    engine = models.CharField(max_length=16)
    inputs = models.JSONField()
    held = models.JSONField()
    versions = models.JSONField()
    params = models.JSONField()
    code_hash = models.CharField(max_length=64)
    results = models.JSONField(default=list)
    facts_file = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.code


class Clue(models.Model):
    """A suspicion about one fact, sighted by one run or many. It is never a finding.

    `code` is made of detector, subject and fact key alone, so it outlives versions and runs.
    `subject_key` is the person key as text, the organisation's code, or empty for a set.
    """

    OPEN, CONFIRMED, REBUTTED = "open", "confirmed", "rebutted"
    STATUSES: ClassVar = [(s, s) for s in (OPEN, CONFIRMED, REBUTTED)]

    code = models.CharField(max_length=16, unique=True)
    detector = models.CharField(max_length=32, db_index=True)
    subject_kind = models.CharField(max_length=16)
    subject_key = models.CharField(max_length=64, db_index=True)
    fact_key = models.JSONField()
    status = models.CharField(max_length=16, choices=STATUSES, default=OPEN)
    first_run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="first_sighted")
    last_run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="last_sighted")

    class Meta:
        ordering: ClassVar = ["detector", "code"]

    def __str__(self) -> str:
        return self.code


class Hit(models.Model):
    """What one run saw of one clue. `digest` is over severity, money, facts and evidence."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="hits")
    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="hits")
    severity = models.CharField(max_length=1)
    fund = models.BigIntegerField()
    account = models.BigIntegerField()
    untested = models.JSONField(default=list)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "clue"], name="one_hit_per_run_and_clue")
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.clue_id}"


class Evidence(models.Model):
    """One source row that a hit stands on: the hit's own copy of where it is and what it told.

    `role` is "flagged" for the row itself, else what it proves beside it ("death", "stay").
    `key` holds the business key's parts; person parts are person keys.
    """

    hit = models.ForeignKey(Hit, on_delete=models.CASCADE, related_name="evidence")
    role = models.CharField(max_length=32)
    row_id = models.BigIntegerField(db_index=True)
    dataset = models.CharField(max_length=64)
    batch = models.CharField(max_length=16)
    file = models.CharField(max_length=255)
    row = models.BigIntegerField()
    key = models.JSONField()
    values = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.dataset} {self.batch}:{self.row}"
