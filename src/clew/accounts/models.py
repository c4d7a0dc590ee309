"""Departments, the accounts that act for them, and the posts by which an account may act."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models

from clew.kernel.errors import Refused

# Codes stand in addresses, commands and the ledger, so they hold no name and no spaces.
slug = RegexValidator(r"\A[a-z0-9][a-z0-9-]*\Z", "use small letters, digits and hyphens")


class Department(models.Model):
    code = models.CharField(max_length=64, unique=True, validators=[slug])
    name_zh = models.CharField(max_length=128)
    name_en = models.CharField(max_length=128)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts; they are made by clew.accounts.actions alone."""


class Account(AbstractBaseUser, PermissionsMixin):
    """An actor. `os_user` is the operating-system user for whom the command line acts."""

    code = models.CharField(max_length=64, unique=True, validators=[slug])
    name = models.CharField(max_length=128)
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    os_user = models.CharField(max_length=128, unique=True, null=True, blank=True)
    is_active = models.BooleanField(default=True)

    objects = AccountManager()

    USERNAME_FIELD = "code"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Post(models.Model):
    """A role given to an account, for a department, a domain and a part of the country.

    `domain` is a pack's name, `division` the beginning of division codes ("3303" the city, "330381"
    one county); empty means everywhere. In force from `since` until the day before `until`, open
    without it. Given and ended, never edited. `first` marks those that the first account holds
    because it is alone, see `duties`.
    """

    code = models.CharField(max_length=16, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=32)
    department = models.ForeignKey(
        Department, null=True, on_delete=models.PROTECT, related_name="posts"
    )
    domain = models.CharField(max_length=64, blank=True)
    division = models.CharField(max_length=6, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    first = models.BooleanField(default=False)
    given_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts_given")
    ended_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="posts_ended"
    )
    end_reason = models.CharField(max_length=200, blank=True)

    ENDING: ClassVar = ["until", "ended_by", "end_reason"]

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.code} {self.role}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and sorted(kwargs.get("update_fields") or ()) != sorted(
            self.ENDING
        ):
            self._refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise Refused(
            "岗位只授予和撤销, 不修改 (a post is given and ended, never edited)",
            next_step='clew accounts end-post POST --reason "…"; clew accounts post …',
        )


class SavedFilter(models.Model):
    """Filters of a list that an account wants again: `query` is the address's part after "?"."""

    code = models.CharField(max_length=16, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="filters")
    page = models.CharField(max_length=16)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "page", "name"], name="a_filter_name_once_a_page"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.page} {self.name}"
