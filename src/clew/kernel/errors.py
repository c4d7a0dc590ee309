"""Every error that Clew raises on purpose.

    ClewError                  something a person can act on
    ├── InputError             a file, mapping or argument is not usable as it is
    ├── NotFound               the thing named does not exist, or not for this account
    ├── Refused                the rules forbid the step
    ├── DeclarationError       a pack declares something that does not fit together
    └── StoreError             disk, database or lake cannot do what was asked
"""

from __future__ import annotations


class ClewError(Exception):
    """Carries the cause and the next step, both ready to be shown to a person."""

    exit_code = 1
    recorded = False
    """Whether the ledger holds the refusal already, so that a door does not tell it twice."""

    def __init__(self, cause: str, *, next_step: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.cause}\n→ {self.next_step}" if self.next_step else self.cause


class InputError(ClewError):
    exit_code = 4


class NotFound(ClewError):
    exit_code = 5


class Refused(ClewError):
    exit_code = 6


class DeclarationError(ClewError):
    exit_code = 7


class StoreError(ClewError):
    exit_code = 8
