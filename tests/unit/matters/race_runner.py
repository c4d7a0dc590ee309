"""Two officers at once, on a real SQLite file: python race_runner.py FOLDER ROUNDS → JSON."""

from __future__ import annotations

import getpass
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import django


def main(folder: Path, rounds: int) -> None:
    os.environ["CLEW_HOME"] = str(folder / "city")
    os.environ["DJANGO_SETTINGS_MODULE"] = "clew.settings"
    django.setup()
    from django.core.management import call_command

    from clew.kernel import clock
    from clew.kernel.workspace import Workspace
    from tests.conftest import TODAY
    from tests.unit.matters.conftest import new_clues, staffed
    from tests.workspaces import people

    Workspace.create(folder / "city", seed=7, today=TODAY)
    call_command("migrate", verbosity=0, interactive=False)
    clock.fix(TODAY)
    office = staffed(people(getpass.getuser()), folder)
    from clew.matters import actions
    from clew.matters.models import Matter, MatterClue, Step
    from clew.matters.opening.actions import open_matter

    opened: list[list[str]] = []
    moved: list[list[str]] = []
    for _ in range(rounds):
        (clue,) = new_clues(office.admin, 1)
        opened.append(race(
            lambda by, clue=clue: open_matter(by=office[by], clues=[clue.code]),
            ("an", "bo"),
        ))  # fmt: skip
        (matter,) = Matter.objects.filter(clues__clue=clue)
        papers = {by: office.papers("exclusion_answers") for by in ("an", "bo")}
        moved.append(race(
            lambda by, matter=matter, papers=papers: actions.advance(
                by=office[by], matter=matter.code, transition="screen", expected_state="FOUND",
                attachments=papers[by],
            ),
            ("an", "bo"),
        ))  # fmt: skip
    numbers = list(Matter.objects.order_by("id").values_list("number", flat=True))
    held = MatterClue.objects.filter(held=True).count()
    screened = Step.objects.filter(transition="screen").count()
    from clew.audit.verify import verify_database

    sys.stdout.write(json.dumps({
        "opened": opened, "moved": moved, "numbers": numbers, "held": held,
        "screened": screened, "ledger": verify_database().ok,
    }))  # fmt: skip


def race(act: Callable[[str], object], people: tuple[str, ...]) -> list[str]:
    """What came of each, in the order of `people`: "done", or the class of the error."""
    from django.db import connection

    from clew.kernel import clock
    from tests.conftest import TODAY

    start, results = threading.Barrier(len(people)), dict[str, str]()

    def run(by: str) -> None:
        # A new thread begins without the day of the one that made it.
        clock.fix(TODAY)
        try:
            start.wait()
            act(by)
            results[by] = "done"
        except Exception as error:
            results[by] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[by] for by in people]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
