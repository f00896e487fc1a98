"""Pass on what the judgement found, so that whoever cannot take it holds up neither the judgement nor the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

logger = logging.getLogger(__name__)
_T = TypeVar("_T")


def spared(call: Callable[[Sequence[_T]], None], said: Sequence[_T]) -> None:
    """Call one that follows the judgement: its failure is told, and neither stops the others nor begins anew."""
    try:
        call(said)
    except Exception:
        logger.exception("what the judgement found could not be passed on")
