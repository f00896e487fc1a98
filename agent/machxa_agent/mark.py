"""Keep the highest number given, outside the database: what vanished in silence then shows as a gap.

SQLite's quick_check says "ok" for an emptied file or a deleted WAL. The mark is a file of three 64-byte
slots: two hold stream and highest seq, written in turn and synced, so that one of them is always whole; the
third counts readings, written without a sync (a power cut may set it back, never forward).
"""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Tuple

_SLOT = struct.Struct("<4s16sQQ")
_SLOT_BYTES = 64
_MAGIC = b"MXM1"


@dataclass(frozen=True)
class HighWater:
    """Say how far an outbox came: the last seq of its stream, and how many readings it ever took in."""

    stream: str
    seq: int
    ticks: int


class Mark:
    """Write and read the mark; raises OSError where the disk does."""

    def __init__(self, path: Path) -> None:
        """Open the file, made when it does not exist."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        self._turn = 0

    def read(self) -> Optional[HighWater]:
        """Return what is kept, None when there is nothing whole."""
        self._seek(0)
        whole = os.read(self._file, 3 * _SLOT_BYTES)
        slots = [_unpack(whole[start : start + _SLOT_BYTES]) for start in (0, _SLOT_BYTES)]
        valid = [slot for slot in slots if slot is not None]
        if not valid:
            return None
        stream, seq, self._turn = max(valid, key=lambda slot: slot[2])
        counted = _unpack(whole[2 * _SLOT_BYTES :])
        return HighWater(stream, seq, counted[1] if counted is not None and counted[0] == stream else 0)

    def write(self, stream: str, seq: int) -> None:
        """Keep a highest seq; it is on the disk when this returns."""
        self._turn += 1
        self._put(self._turn % 2, _pack(stream, seq, self._turn))
        getattr(os, "fdatasync", os.fsync)(self._file)

    def count(self, stream: str, ticks: int) -> None:
        """Keep how many readings there were; outlives the process, not a power cut."""
        self._put(2, _pack(stream, ticks, 0))

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _put(self, slot: int, content: bytes) -> None:
        self._seek(slot * _SLOT_BYTES)
        os.write(self._file, content)

    def _seek(self, position: int) -> None:
        os.lseek(self._file, position, os.SEEK_SET)


def _pack(stream: str, number: int, turn: int) -> bytes:
    body = _SLOT.pack(_MAGIC, stream.encode("ascii"), number, turn)
    return (body + struct.pack("<I", zlib.crc32(body))).ljust(_SLOT_BYTES, b"\0")


def _unpack(slot: bytes) -> Optional[Tuple[str, int, int]]:
    body = slot[: _SLOT.size]
    if len(slot) < _SLOT_BYTES or slot[_SLOT.size : _SLOT.size + 4] != struct.pack("<I", zlib.crc32(body)):
        return None
    magic, stream, number, turn = _SLOT.unpack(body)
    return (stream.decode("ascii", "replace"), number, turn) if magic == _MAGIC else None
