"""Read a kernel file, and say what was found: a label, or that something turned. What all that measures shares."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Mapping

from machxa_wire.limits import MAX_LABEL
from machxa_wire.records import Scalar

_READ_BYTES = 1024 * 1024  # the largest file of /proc or /sys a probe takes in
_UNSAID = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")  # what a label on the wire may not hold


@dataclass(frozen=True)
class Transition:
    """Hold an event a probe found: its name, its attributes, and how long ago it became true, in seconds."""

    name: str
    attributes: Mapping[str, Scalar]
    ago_seconds: float = 0.0


def read_bytes(path: str) -> bytes:
    """Return a kernel file's content; raises OSError.

    One open, one or two reads, one close: half the cost of a file object, which matters forty times a minute.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        parts = [os.read(descriptor, 65536)]
        while parts[-1] and len(parts) * 4096 < _READ_BYTES:  # /proc gives a page or so at a time
            parts.append(os.read(descriptor, 65536))
    finally:
        os.close(descriptor)
    return b"".join(parts)


def label(text: str) -> str:
    """Return a name from outside as a label of the wire: bounded, without control characters."""
    return _UNSAID.sub("?", text)[:MAX_LABEL]
