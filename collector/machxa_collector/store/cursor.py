"""Name a place in the order in which reports came. Pure."""

from __future__ import annotations

from typing import NamedTuple


class Cursor(NamedTuple):
    """Name a report by its way into the store: when it was received (ms since 1970 UTC), its stream and number."""

    received_at: int = 0
    stream_pk: int = 0
    seq: int = 0
