"""Read kinds and times out of utmp(5)'s records, and nothing about anybody. Pure."""

from __future__ import annotations

import struct
from typing import Iterator, NamedTuple

RECORD_BYTES = 384  # utmp(5) on x86 and 32-bit ARM; 64-bit ARM has 400
RUN_LEVEL, BOOT_TIME = 1, 2  # utmp(5): RUN_LVL, BOOT_TIME
_RECORD = struct.Struct("<h2xi32s4s32s256shhiii16x20x")


class Entry(NamedTuple):
    """Hold a run level or a boot: its kind, its time in seconds since 1970, the level's character, "" for none.

    is_shutdown: the system was shut down in order, as systemd and sysvinit write it.
    """

    kind: int
    seconds: int
    level: str
    is_shutdown: bool


def entries(content: bytes) -> Iterator[Entry]:
    """Yield the run levels and boots of a file, in its order; a record that is half written is left out."""
    whole = len(content) - len(content) % RECORD_BYTES
    for record in _RECORD.iter_unpack(content[:whole]):
        kind = record[0]
        if kind in (RUN_LEVEL, BOOT_TIME):
            character = record[1] & 0xFF  # init(8) keeps the level's character there
            level = chr(character) if kind == RUN_LEVEL and 0x20 < character < 0x7F else ""  # noqa: PLR2004 - ASCII
            is_shutdown = kind == RUN_LEVEL and record[4].rstrip(b"\0") == b"shutdown"
            yield Entry(kind, record[9] & 0xFFFFFFFF, level, is_shutdown)
