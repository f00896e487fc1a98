"""Read a counter that a loopback device serves and logs: the proof tests compare its log with what arrived."""

from __future__ import annotations

import socket
from typing import Tuple

from machxa_agent.probes.probe import Probe, label
from machxa_wire.records import Sample, Series

_TIMEOUT_SECONDS = 5.0
_ANSWER_BYTES = 64


def witness_probe(address: str) -> Probe:
    """Return a probe of the device at HOST:PORT. Every reading takes one new number from it; not in PROBES."""
    host, _, port = address.rpartition(":")
    series = Series("machxa.witness.value", (("witness", label(address)),))

    def read() -> Tuple[Sample, ...]:
        return (Sample(series, _value(host, int(port))),)

    return Probe("witness", read)


def _value(host: str, port: int) -> int:
    """Return the number served to one connection; raises OSError, or ValueError when it was cut short."""
    with socket.create_connection((host, port), timeout=_TIMEOUT_SECONDS) as connection:
        answer = b""
        while not answer.endswith(b"\n") and len(answer) < _ANSWER_BYTES:
            part = connection.recv(_ANSWER_BYTES)
            if not part:
                raise ValueError(f"the witness answered {answer!r}, expected a number and a line's end")
            answer += part
    return int(answer)
