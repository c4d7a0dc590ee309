"""The `clew` command. Settings are loaded before any room that holds models is imported."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs one command; a ClewError becomes its cause, the next step and its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clew.settings")
    import django

    django.setup()
    from clew.cli.app import app
    from clew.cli.screen import show_error
    from clew.kernel.errors import ClewError

    try:
        app()
    except ClewError as error:
        show_error(error)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
