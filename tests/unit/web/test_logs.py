"""No person's data in logs, addresses or notices, also where something fails."""

from __future__ import annotations

import io
import logging
import logging.config

import pytest
from django.conf import settings

from clew.web.logs import Bare
from tests.unit.web.conftest import Enter

CANARY = "330302194912310012"


def written(monkeypatch: pytest.MonkeyPatch) -> tuple[logging.Logger, io.StringIO]:
    """A logger that writes as the console does, and what it wrote."""
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["bare"]
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(Bare())
    logger = logging.getLogger("clew.tests.logs")
    monkeypatch.setattr(logger, "handlers", [handler])
    monkeypatch.setattr(logger, "propagate", False)
    return logger, out


def fail(logger: logging.Logger) -> None:
    try:
        raise ValueError(f"no such person: {CANARY}")
    except ValueError:
        logger.exception("Internal Server Error: %s", "/clues/")


def test_an_exception_leaves_its_kind_and_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLEW_DEBUG", raising=False)
    logger, out = written(monkeypatch)
    fail(logger)
    assert "/clues/ (ValueError at test_logs.py:" in out.getvalue()
    assert CANARY not in out.getvalue()


def test_debugging_shows_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEW_DEBUG", "1")
    logger, out = written(monkeypatch)
    fail(logger)
    assert CANARY in out.getvalue()


def test_what_is_searched_for_is_in_no_address_and_no_answer(
    enter: Enter, caplog: pytest.LogCaptureFixture
) -> None:
    answer = enter("operator").post("/search/", {"q": CANARY})
    assert answer.status_code == 404
    assert CANARY not in answer.content.decode()
    assert CANARY not in answer.get("Location", "")
    assert CANARY not in caplog.text


def test_a_page_that_breaks_shows_nothing_of_it(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr("clew.web.clues.lists.lines", broken)
    answer = enter("operator").get("/clues/")
    assert answer.status_code == 500
    text = answer.content.decode()
    assert CANARY not in text
    assert "意外错误" in text
