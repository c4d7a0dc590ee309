"""Matters, the clues in them, what was done, by when, with which papers, for how much money."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from clew.kernel.errors import Refused


class AppendOnly(models.Model):
    """Rows that are added and never changed or removed."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self._refuse()
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise Refused(
            f"{self._meta.verbose_name} 只可追加 (rows are added, never changed or removed)",
            next_step="clew matters show MATTER",
        )


class Numbering(models.Model):
    """The last matter number that a department gave in a year."""

    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["department", "year"], name="one_count_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.year}: {self.last}"


class Matter(models.Model):
    """Something being handled.

    `code` is random and stands outside; `number` is the department's own, 医保局〔2023〕12号.
    `department` is in charge; `previous` the state that was suspended; `payload` the answers given
    so far, by code. `opened_on` is the day of discovery for its clocks.
    """

    code = models.CharField(max_length=16, unique=True)
    number = models.CharField(max_length=160, unique=True)
    title = models.CharField(max_length=200)
    domain = models.CharField(max_length=64)
    division = models.CharField(max_length=6, blank=True)
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT)
    lifecycle = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=32, db_index=True)
    previous = models.CharField(max_length=32, blank=True)
    closed = models.BooleanField(default=False, db_index=True)
    level = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged"
    )
    payload = models.JSONField(default=dict)
    opened_by = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="matters_opened"
    )
    opened_at = models.DateTimeField()
    opened_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.number


class Handler(models.Model):
    """Who handles a matter, and who once did: `until` is None while they do."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="hands")
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="matters_handled"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "account"], condition=models.Q(until=None),
                name="a_handler_once_at_a_time",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.matter_id} {self.account_id}"


class MatterClue(models.Model):
    """A clue in a matter, and what came of it there.

    `held` while the matter is open: one clue is held by one matter at most, and the database says
    so. `code` is the reason of a rebuttal. `answers`: untested exclusion → met, not_met, unclear.
    `identity` is the account that confirmed who the subject is, where the link is below T1.
    """

    PENDING, CONFIRMED, REBUTTED = "pending", "confirmed", "rebutted"
    OUTCOMES: ClassVar = [(o, o) for o in (PENDING, CONFIRMED, REBUTTED)]
    MET, NOT_MET, UNCLEAR = "met", "not_met", "unclear"

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="clues")
    clue = models.ForeignKey("detection.Clue", on_delete=models.PROTECT, related_name="matters")
    held = models.BooleanField(default=True)
    outcome = models.CharField(max_length=16, choices=OUTCOMES, default=PENDING)
    code = models.CharField(max_length=32, blank=True)
    verdict = models.ForeignKey("detection.Verdict", on_delete=models.PROTECT, null=True)
    answers = models.JSONField(default=dict)
    identity = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clue"], condition=models.Q(held=True), name="one_open_matter_a_clue"
            ),
            models.UniqueConstraint(fields=["matter", "clue"], name="a_clue_once_in_a_matter"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.clue_id} {self.outcome}"


class Step(AppendOnly):
    """One transition that was taken. `on` is the day it counts from, `at` when it was entered."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="steps")
    transition = models.CharField(max_length=64)
    before = models.CharField(max_length=32, blank=True)
    after = models.CharField(max_length=32)
    on = models.DateField()
    answers = models.JSONField(default=dict)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.transition}"


class Deadline(models.Model):
    """One clock of a matter, always as computed: see `deadlines`.

    `spans` are the days on which it stood, [first, last] in ISO form, last null while it does.
    `due_at` is there for clocks in hours. `extra` was approved, in the clock's unit.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="deadlines")
    clock = models.CharField(max_length=64)
    started = models.DateField()
    started_at = models.DateTimeField(null=True)
    due = models.DateField(db_index=True)
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    spans = models.JSONField(default=list)
    extra = models.PositiveIntegerField(default=0)
    met = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.clock} {self.due}"


class Request(models.Model):
    """Something one account asks and another decides: more time, or a write-off.

    `detail` of an extension: clock, amount; of a write-off: fen, fund, counterpart, group.
    """

    EXTENSION, WRITE_OFF = "extension", "write_off"
    KINDS: ClassVar = [(k, k) for k in (EXTENSION, WRITE_OFF)]

    code = models.CharField(max_length=16, unique=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=16, choices=KINDS)
    detail = models.JSONField()
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="requests_made"
    )
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    answer = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, null=True, related_name="requests_decided"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.code} {self.kind}"


class Attachment(AppendOnly):
    """A paper of a matter. Its content lies in files/<sha256>, once however often it is attached;
    `media` was read from the content, not from the name.
    """

    code = models.CharField(max_length=16, unique=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "kind", "sha256"], name="a_paper_once_in_a_matter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.kind}"


class Money(AppendOnly):
    """One entry of money, in fen. A reversal carries its original's kind and the negative amount.

    `counterpart` is the subject key of who owes or pays, never a name. `credit_to` is the one
    department to which a recovery is credited. Entries of one `liability_group` are one liability
    owed by several: together they are due once.
    """

    DUE, RECOVERED, RETURNED = "due", "recovered", "returned"
    WRITTEN_OFF, FINE = "written_off", "fine"
    KINDS: ClassVar = [(k, k) for k in (DUE, RECOVERED, RETURNED, WRITTEN_OFF, FINE)]

    code = models.CharField(max_length=16, unique=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="money")
    kind = models.CharField(max_length=16, choices=KINDS)
    fen = models.BigIntegerField()
    counterpart = models.CharField(max_length=64, blank=True)
    credit_to = models.ForeignKey("accounts.Department", on_delete=models.PROTECT)
    fund_type = models.CharField(max_length=16, blank=True)
    liability_group = models.CharField(max_length=32, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversal"
    )
    request = models.OneToOneField(Request, on_delete=models.PROTECT, null=True)
    reason = models.CharField(max_length=200, blank=True)
    booked_on = models.DateField(db_index=True)
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.code} {self.kind} {self.fen}"


class LookBack(AppendOnly):
    """The matter's detectors once more on its subjects: new clues are what they still do.

    `deliveries` counts batches published after the rectification began: with none of them a pass
    only says that nothing new was held. `frozen` tells day, versions, parameters and files.
    """

    PASS, PARTIAL, FAIL = "pass", "partial", "fail"
    RESULTS: ClassVar = [(r, r) for r in (PASS, PARTIAL, FAIL)]

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="look_backs")
    since = models.DateField()
    result = models.CharField(max_length=8, choices=RESULTS)
    frozen = models.JSONField()
    found = models.JSONField()
    deliveries = models.PositiveIntegerField()
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.result}"
