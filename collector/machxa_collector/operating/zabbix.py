"""Tell a Zabbix server's trapper how units are, by its sender protocol: a timer runs ``machxa zabbix``.

Source: Zabbix documentation, appendix "Header" and "Sender protocol": ``ZBXD``, a flags byte (1), the length of what
follows and a reserved length (4 bytes each, little-endian), then JSON. The server answers in the same form.
"""

from __future__ import annotations

import json
import re
import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from machxa_collector.failure import CannotRunError
from machxa_collector.store.gauges import Gauges

_HEADER = struct.Struct("<4sBII")
_MAGIC, _PLAIN = b"ZBXD", 1
_MOST_ANSWER_BYTES = 64 * 1024
_AT_ONCE = 250  # as zabbix_sender does
_TIMEOUT_SECONDS = 30.0
_COUNTS = re.compile(r"processed: (\d{1,9}); failed: (\d{1,9});")


@dataclass(frozen=True, slots=True)
class Value:
    """Hold one value of an item: its key and what to store."""

    key: str
    value: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Say how many values a server took, and how many it did not: items it does not have, or of another type."""

    processed: int
    failed: int


def values_of(found: Gauges) -> Iterator[Value]:
    """Yield agents by state, and of each unit its open incidents and the worst severity (1 to 4, 0: none is open)."""
    states: dict[str, int] = {}
    units: dict[str, tuple[int, int]] = {}
    for (unit, state), count in found.agents.items():
        states[state] = states.get(state, 0) + count
        if unit:
            units.setdefault(unit, (0, 0))
    for (unit, _, severity), count in found.incidents.items():
        before, worst = units.get(unit, (0, 0))
        units[unit] = before + count, min(severity, worst) if worst else severity
    yield from (Value(f"machxa.agents[{state}]", count) for state, count in sorted(states.items()))
    for unit, (count, worst) in sorted(units.items()):
        yield Value(f"machxa.unit.incidents[{unit}]", count)
        yield Value(f"machxa.unit.severity[{unit}]", worst)


def packet(body: Mapping[str, object]) -> bytes:
    """Return a body framed."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return _HEADER.pack(_MAGIC, _PLAIN, len(text), 0) + text


def request(host: str, values: Sequence[Value], clock: int) -> bytes:
    """Return the packet that tells values of a host as Zabbix calls it; clock: seconds since 1970 UTC."""
    told = [{"host": host, "key": one.key, "value": str(one.value), "clock": clock} for one in values]
    return packet({"request": "sender data", "data": told, "clock": clock})


def taken(body: bytes) -> Taken:
    """Return what an answer's body says; raises ValueError."""
    answer = json.loads(body)
    counts = _COUNTS.match(str(answer.get("info", ""))) if isinstance(answer, dict) else None
    if counts is None or answer.get("response") != "success":
        raise ValueError(f"{body[:200]!r} is no answer of a trapper")
    return Taken(int(counts[1]), int(counts[2]))


def send(address: tuple[str, int], host: str, values: Sequence[Value], clock: int) -> Taken:
    """Tell a server values, some at once; raises CannotRunError."""
    processed = failed = 0
    for start in range(0, len(values), _AT_ONCE):
        try:
            with socket.create_connection(address, _TIMEOUT_SECONDS) as connection:
                connection.sendall(request(host, values[start : start + _AT_ONCE], clock))
                told = taken(_answer(connection))
        except (OSError, ValueError) as exc:
            place = f"{address[0]}:{address[1]}"
            raise CannotRunError(f"Zabbix {place} không nhận: {exc}", f"Zabbix {place} did not take it: {exc}") from exc
        processed, failed = processed + told.processed, failed + told.failed
    return Taken(processed, failed)


def _answer(connection: socket.socket) -> bytes:
    magic, flags, length, _ = _HEADER.unpack(_exactly(connection, _HEADER.size))
    if magic != _MAGIC or flags != _PLAIN or length > _MOST_ANSWER_BYTES:
        raise ValueError("it answered in another form than a trapper's")
    return _exactly(connection, length)


def _exactly(connection: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = connection.recv(size - len(found))
        if not piece:
            raise ValueError("it hung up before its answer was whole")
        found += piece
    return found
