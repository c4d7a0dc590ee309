"""Work that outlasts a request: who asked for it, how far it is, how it ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from clew.declare.text import T


class Work(models.Model):
    """One piece of work. `argument` says what to do, by `kind`; `share` is the part done, 0 to 1.

    `began` and `seen`, in seconds of the machine, are when it was taken up and when its worker last
    said that it lives: a fixed day does not touch them. `result` is for the page: what became of
    it; `cause` and `next_step` are those of the error that ended it.
    """

    INGEST, DETECT, LOOK_BACK, PACKAGE = "ingest", "detect", "look_back", "package"
    TITLES: ClassVar = {
        INGEST: T("导入", "Taking in"),
        DETECT: T("运行模型", "Running detectors"),
        LOOK_BACK: T("回头看", "Looking back"),
        PACKAGE: T("证据包", "Evidence package"),
    }
    KINDS: ClassVar = [(k, k) for k in TITLES]
    WAITING, RUNNING, CANCELLING = "waiting", "running", "cancelling"
    DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
    STATUSES: ClassVar = [
        (s, s) for s in (WAITING, RUNNING, CANCELLING, DONE, FAILED, CANCELLED)
    ]
    GOING = (WAITING, RUNNING, CANCELLING)

    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=16, choices=KINDS)
    title = models.CharField(max_length=255)
    argument = models.JSONField()
    status = models.CharField(max_length=16, choices=STATUSES, default=WAITING, db_index=True)
    share = models.FloatField(default=0)
    text = models.CharField(max_length=255, blank=True)
    result = models.JSONField(default=dict)
    cause = models.TextField(blank=True)
    next_step = models.TextField(blank=True)
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT)
    asked_at = models.DateTimeField()
    began = models.FloatField(default=0)
    seen = models.FloatField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    @property
    def what(self) -> T:
        return self.TITLES[self.kind]

    def __str__(self) -> str:
        return f"{self.code} {self.kind} {self.status}"
