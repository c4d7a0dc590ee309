"""Who may see a clue's subject in clear: whoever states why, and it is written down first."""

from clew.accounts.actions import unmask

__all__ = ["unmask"]
