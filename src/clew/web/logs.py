"""What reaches the log: where something failed, never what it was about."""

from __future__ import annotations

import logging
import os
import traceback
from pathlib import Path

from clew.kernel.identifiers import without_persons

DEBUG_VARIABLE = "CLEW_DEBUG"


class Bare(logging.Filter):
    """Blanks persons' numbers, which somebody may have typed into an address, and leaves of an
    exception its kind and place: its words and its stack can hold a person's data.
    $CLEW_DEBUG=1 shows all of it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if os.environ.get(DEBUG_VARIABLE):
            return True
        told = record.getMessage()
        if record.exc_info and record.exc_info[0]:
            kind, _, trail = record.exc_info
            last = traceback.extract_tb(trail)[-1:] if trail else []
            place = "".join(f" at {Path(f.filename).name}:{f.lineno}" for f in last)
            told = f"{told} ({kind.__name__}{place})"
            record.exc_info, record.exc_text = None, None
        record.msg, record.args = without_persons(told), ()
        return True
