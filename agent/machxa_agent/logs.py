"""Begin the agent's log: to standard error, or into a file that never grows beyond its bound."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Optional

from machxa_agent.light import without

FILE_BYTES, FILES = 1024 * 1024, 3
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def begin(path: Optional[Path] = None) -> None:
    """Log into a file and FILES - 1 older ones, each of FILE_BYTES at most; None: to standard error. Raises OSError."""
    if path is None:
        logging.basicConfig(level=logging.INFO, stream=sys.stderr, format=_FORMAT)
        return
    with without("pickle"):  # 0.4 MB for logging over sockets
        from logging.handlers import RotatingFileHandler  # noqa: PLC0415 - only with a file
    path.parent.mkdir(parents=True, exist_ok=True)
    file = RotatingFileHandler(str(path), maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="utf-8", delay=False)
    logging.basicConfig(level=logging.INFO, handlers=[file], format=_FORMAT)
