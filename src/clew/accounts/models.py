"""Departments and the accounts that act for them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models

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
