"""Ask a DNS server for one name and tell how long it takes: RFC 1035. Reading and writing are pure."""

from __future__ import annotations

import secrets
import socket
import struct
import time
from enum import Enum
from typing import Optional, Tuple

from machxa_agent.ping import ANY, Way, leave_by

_A, _IN = 1, 1
_RECURSE, _RESPONSE, _CODE = 0x0100, 0x8000, 0x000F
_LABEL = 63
_HEAD = 12
_OK, _NO_SUCH_NAME = 0, 3


class Outcome(Enum):
    """Say what came of a question."""

    FOUND = "found"
    NO_SUCH_NAME = "no such name"
    REFUSED = "refused"  # the server answers, but not this
    SILENT = "silent"


def question(name: str, number: int) -> bytes:
    """Return a question for a name's IPv4 addresses; raises ValueError for what is no name."""
    labels = [label.encode("ascii") for label in name.rstrip(".").split(".")]
    if not all(0 < len(label) <= _LABEL for label in labels):
        raise ValueError(f"{name!r} is no name")
    asked = b"".join(bytes([len(label)]) + label for label in labels) + b"\0" + struct.pack(">HH", _A, _IN)
    return struct.pack(">HHHHHH", number, _RECURSE, 1, 0, 0, 0) + asked


def answered(asked: bytes, raw: bytes) -> Optional[Outcome]:
    """Return what a datagram answers, None where it is no answer to this question: number and name are compared."""
    if len(raw) < len(asked) or raw[:2] != asked[:2] or raw[_HEAD : len(asked)].lower() != asked[_HEAD:].lower():
        return None
    flags, questions, answers = struct.unpack_from(">HHH", raw, 2)
    if not flags & _RESPONSE or questions != 1:
        return None
    code = flags & _CODE
    if code == _OK:
        return Outcome.FOUND if answers else Outcome.NO_SUCH_NAME
    return Outcome.NO_SUCH_NAME if code == _NO_SUCH_NAME else Outcome.REFUSED


def ask(server: str, name: str, seconds: float, way: Way = ANY, port: int = 53) -> Tuple[Outcome, Optional[float]]:
    """Return what came of a question and after how many seconds, None where nothing came."""
    asked = question(name, secrets.randbelow(65536))
    try:
        family = socket.AF_INET6 if ":" in server else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as link:
            leave_by(link, way)
            link.connect((server, port))
            started = time.monotonic()
            link.send(asked)
            while True:
                link.settimeout(max(0.001, seconds - (time.monotonic() - started)))
                outcome = answered(asked, link.recv(4096))
                took = time.monotonic() - started
                if outcome is not None:
                    return outcome, took
                if took >= seconds:
                    return Outcome.SILENT, None
    except OSError:  # timed out, refused, unreachable
        return Outcome.SILENT, None
