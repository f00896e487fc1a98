from __future__ import annotations

import io
import logging

import pytest

from machxa_collector.logs import MaskingFormatter
from machxa_collector.registry.masking import Masker


@pytest.fixture
def log() -> tuple[logging.Logger, io.StringIO]:
    """Return a logger that knows one secret, and what it wrote."""
    masker = Masker()
    masker.learn("MX-CANARY-1")
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(MaskingFormatter(masker))
    logger = logging.getLogger("test of logs")
    logger.handlers = [handler]
    logger.propagate = False
    return logger, out


def test_a_secret_is_masked_in_message_arguments_and_traceback(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log

    try:
        int("MX-CANARY-1")
    except ValueError:
        logger.exception("tried MX-CANARY-1 with %r", {"token": "MX-CANARY-1"})

    assert "MX-CANARY" not in out.getvalue()
    assert "ValueError: invalid literal for int() with base 10: '***'" in out.getvalue()


def test_a_hostile_message_makes_one_line_and_commands_no_terminal(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log

    logger.warning("device %s", "x\n2026-01-01 ERROR forged\x1b[2J\r")

    assert out.getvalue().count("\n") == 1
    assert "x\\n2026-01-01 ERROR forged\\x1b[2J\\x0d" in out.getvalue()
