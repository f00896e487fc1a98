"""Keep the readings that are no record yet in a file of their own: one write and one sync each.

A commit of SQLite for each costs twice as much, and wakes up a library that is otherwise needed once in five minutes.
The file is written from its beginning again after each fold and never shrinks, so that the sync has no length to keep.
A reading counts when its checksum is right, and its number above the one before it and above what was folded: what
stands behind it from an earlier round has a lower number.
"""

from __future__ import annotations

import os
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Iterator, List, Optional, Sequence, Tuple

_HEAD = struct.Struct("<4sIIQ")  # magic; CRC-32 of what follows; bytes of the reading; its number
_MAGIC = b"MXT1"
_STEP_BYTES = 32 * 1024
_MOST_BYTES = 1024 * 1024  # kept after a fold; a day of readings may have been written at once

Numbered = Tuple[int, bytes]


class TickFile:
    """Write and read the file; raises OSError where the disk does."""

    def __init__(self, path: Path) -> None:
        """Open the file, made when it does not exist."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        self._size = os.fstat(self._file).st_size
        self._end = 0
        self.first: Optional[int] = None  # number of the first reading that is kept, None without one

    @property
    def place(self) -> Tuple[int, Optional[int]]:
        """Return where it stands, to come back to with ``back_to``."""
        return self._end, self.first

    def back_to(self, place: Tuple[int, Optional[int]]) -> None:
        """Take back a ``clear``."""
        self._end, self.first = place

    def add(self, first: int, bodies: Sequence[bytes]) -> None:
        """Keep readings, the first under this number; they are on the disk when this returns."""
        packed = b"".join(_packed(number, body) for number, body in enumerate(bodies, first))
        end = self._end + len(packed)
        size = max(self._size, -(-end // _STEP_BYTES) * _STEP_BYTES)
        content = packed if size == self._size else packed + bytes(size - end)
        os.lseek(self._file, self._end, os.SEEK_SET)
        if os.write(self._file, content) != len(content):
            raise OSError("the disk took a part of a reading only")
        getattr(os, "fdatasync", os.fsync)(self._file)
        self._end, self._size = end, size
        self.first = first if self.first is None else self.first

    def load(self, folded: int) -> Tuple[Numbered, ...]:
        """Return the readings above a number, in order, and go on behind them."""
        os.lseek(self._file, 0, os.SEEK_SET)
        whole = _all_of(self._file)
        found = [(number, body, end) for number, body, end in _chain(whole) if number > folded]
        self._end, self.first = (found[-1][2], found[0][0]) if found else (0, None)
        return tuple((number, body) for number, body, _ in found)

    def clear(self) -> None:
        """Begin anew with the next reading; what stands there is forgotten by ``wipe``, or by its numbers."""
        self._end, self.first = 0, None

    def wipe(self) -> None:
        """Forget what stands there, once it stands elsewhere; not synced, and not worth failing for."""
        with suppress(OSError):
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, bytes(_HEAD.size))
            if self._size > _MOST_BYTES:
                self.reset()

    def reset(self) -> None:
        """Empty the file."""
        os.ftruncate(self._file, 0)
        self._size = self._end = 0
        self.first = None

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def beside(path: Path) -> Path:
    """Return where the readings of an outbox at a path are."""
    return path.with_suffix(".ticks")


def forget(path: Path) -> None:
    """Remove the readings of an outbox at a path: those that are known go into a new file. Raises OSError."""
    beside(path).unlink(missing_ok=True)


def waiting(path: Path, folded: int) -> int:
    """Return how many readings above a number an outbox at a path has, without disturbing who writes it."""
    try:
        return sum(number > folded for number, _, _ in _chain(beside(path).read_bytes()))
    except OSError:
        return 0


def _packed(number: int, body: bytes) -> bytes:
    rest = struct.pack("<IQ", len(body), number) + body
    return _MAGIC + struct.pack("<I", zlib.crc32(rest)) + rest


def _chain(whole: bytes) -> Iterator[Tuple[int, bytes, int]]:
    """Yield number, reading and where it ends, as far as they are whole and their numbers rise."""
    at, last = 0, 0
    while at + _HEAD.size <= len(whole):
        magic, crc, length, number = _HEAD.unpack_from(whole, at)
        end = at + _HEAD.size + length
        if magic != _MAGIC or end > len(whole) or number <= last or crc != zlib.crc32(whole[at + 8 : end]):
            return
        yield number, whole[at + _HEAD.size : end], end
        at, last = end, number


def _all_of(file: int) -> bytes:
    parts: List[bytes] = []
    while not parts or parts[-1]:
        parts.append(os.read(file, 1 << 20))
    return b"".join(parts)
