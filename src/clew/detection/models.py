"""Runs, what they saw, the clues that last, and what people say of them."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from clew.kernel.errors import Refused

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

    `code` is made of detector, rule, subject and fact key alone, so it outlives versions and runs.
    `subject_key` is the person key as text, the organisation's code, or empty for a set. `domain`
    (a pack's name) and `division` (six digits, empty where nothing tells) say whose posts reach it;
    they are those of the first sighting.
    """

    OPEN, CONFIRMED, REBUTTED = "open", "confirmed", "rebutted"
    STATUSES: ClassVar = [(s, s) for s in (OPEN, CONFIRMED, REBUTTED)]

    code = models.CharField(max_length=16, unique=True)
    detector = models.CharField(max_length=32, db_index=True)
    rule = models.CharField(max_length=4, blank=True, default="")
    subject_kind = models.CharField(max_length=16)
    subject_key = models.CharField(max_length=64, db_index=True)
    fact_key = models.JSONField()
    domain = models.CharField(max_length=64, blank=True, default="")
    division = models.CharField(max_length=6, blank=True, default="")
    status = models.CharField(max_length=16, choices=STATUSES, default=OPEN)
    first_run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="first_sighted")
    last_run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="last_sighted")

    class Meta:
        ordering: ClassVar = ["detector", "code"]
        indexes: ClassVar = [models.Index(fields=["domain", "division"])]

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


class Verdict(models.Model):
    """An officer's word on a clue, or the rows' own change that undid one. Only ever added.

    `evidence` names the content of the evidence rows at that time, `version` the detector that
    sighted the clue last, `hit` that sighting. `code` is empty for a confirmation.
    """

    CONFIRMED, REBUTTED, REOPENED = "confirmed", "rebutted", "reopened"
    KINDS: ClassVar = [(k, k) for k in (CONFIRMED, REBUTTED, REOPENED)]

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="verdicts")
    hit = models.ForeignKey(Hit, on_delete=models.PROTECT, related_name="verdicts")
    kind = models.CharField(max_length=16, choices=KINDS)
    code = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=200)
    evidence = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.clue_id} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self._refuse()
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise Refused(
            "判定只可追加, 不改不删 (a verdict is never changed or removed)",
            next_step='clew clues reopen CLUE --reason "…"',
        )


class Mark(models.Model):
    """What an officer does with a clue while triaging: put it aside for a matter, or look at it
    later, from `until` on. The last mark counts; CLEARED takes it back. Only ever added.
    """

    ACCEPTED, SNOOZED, CLEARED = "accepted", "snoozed", "cleared"
    KINDS: ClassVar = [(k, k) for k in (ACCEPTED, SNOOZED, CLEARED)]

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=16, choices=KINDS)
    until = models.DateField(null=True)
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.clue_id} {self.kind}"


class Ticket(models.Model):
    """A question to the owner of data: rows of one batch that a false hit or a correction names.

    `rows` are row numbers in the delivered sheet. `cause` is the code that says what seems wrong,
    `detector` and `rule` the question in which it showed; `clue` is there where a rebuttal opened
    the ticket.
    """

    OPEN, ANSWERED = "open", "answered"
    STATUSES: ClassVar = [(s, s) for s in (OPEN, ANSWERED)]

    code = models.CharField(max_length=16, unique=True)
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT)
    dataset = models.CharField(max_length=64)
    batch = models.CharField(max_length=16, db_index=True)
    rows = models.JSONField()
    detector = models.CharField(max_length=32)
    rule = models.CharField(max_length=4, blank=True)
    cause = models.CharField(max_length=32)
    what = models.CharField(max_length=200)
    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, null=True, related_name="tickets")
    status = models.CharField(max_length=16, choices=STATUSES, default=OPEN)
    opened_by = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="tickets_opened"
    )
    opened_at = models.DateTimeField()
    answer = models.CharField(max_length=200, blank=True)
    answered_by = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, null=True, related_name="tickets_answered"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.code} {self.dataset} {self.batch}"
