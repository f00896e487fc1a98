"""Hand what the fleet says from its process to the collector's: one frame for each message, over a pipe."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

_HEAD = struct.Struct(">qHHI")  # when it arrives (ms), and the lengths of topic, MAC and payload
_END = _HEAD.pack(-1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Frame:
    """Hold one message as it travels, and when the centre hears it (ms since 1970)."""

    at: int
    topic: str
    mac: str
    payload: bytes


def write(out: IO[bytes], frame: Frame) -> None:
    """Write one frame."""
    topic, mac = frame.topic.encode(), frame.mac.encode()
    out.write(_HEAD.pack(frame.at, len(topic), len(mac), len(frame.payload)) + topic + mac + frame.payload)


def end(out: IO[bytes]) -> None:
    """Say that no more follow."""
    out.write(_END)
    out.flush()


def read(pipe: IO[bytes]) -> Iterator[Frame]:
    """Yield frames until the end; raises EOFError when whoever writes has gone."""
    while True:
        at, topic, mac, size = _HEAD.unpack(_exactly(pipe, _HEAD.size))
        if at < 0:
            return
        text = _exactly(pipe, topic + mac)
        yield Frame(at, text[:topic].decode(), text[topic:].decode(), _exactly(pipe, size))


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    found = pipe.read(size)
    if len(found) != size:
        raise EOFError("the simulated fleet has ended")
    return found
