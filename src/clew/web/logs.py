"""What reaches the log: where something failed, never what it was about."""

from __future__ import annotations

import logging
import os
import traceback
from pathlib import Path

DEBUG_VARIABLE = "CLEW_DEBUG"


class Bare(logging.Filter):
    """Leaves of an exception its kind and place: its words and its stack can hold a person's data.
    $CLEW_DEBUG=1 shows all of it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] and not os.environ.get(DEBUG_VARIABLE):
            kind, _, trail = record.exc_info
            last = traceback.extract_tb(trail)[-1:] if trail else []
            place = "".join(f" at {Path(f.filename).name}:{f.lineno}" for f in last)
            record.msg = f"{record.getMessage()} ({kind.__name__}{place})"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True
