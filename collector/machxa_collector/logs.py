"""Write the log: secrets masked, one record a line but for tracebacks, nothing that commands a terminal."""

from __future__ import annotations

import logging

from machxa_collector.registry.masking import Masker

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}


class MaskingFormatter(logging.Formatter):
    """Mask the whole text of a record, its traceback included: an exception may quote what it was given."""

    def __init__(self, masker: Masker) -> None:
        super().__init__(_FORMAT)
        self._masker = masker

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Return the line; a message from outside makes no second one."""
        return super().formatMessage(record).replace("\n", "\\n")

    def format(self, record: logging.LogRecord) -> str:
        """Return the masked text."""
        return self._masker.mask(super().format(record)).translate(_CONTROL)


def set_up(masker: Masker) -> None:
    """Send the log to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter(masker))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)  # three lines at every start that tell nothing
