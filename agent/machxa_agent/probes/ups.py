"""Measure the UPS that this computer's Network UPS Tools watch: power cuts, a battery that is low or worn out."""

from __future__ import annotations

import re
import socket
from typing import Callable, List, Mapping, Optional, Tuple

from machxa_agent.probes.probe import Probe, label
from machxa_wire.records import Sample, Series

_ADDRESS = ("127.0.0.1", 3493)  # upsd.conf(5): LISTEN
_TIMEOUT_SECONDS = 2.0
_MOST_BYTES = 64 * 1024
_MOST = 2  # UPSes
_PERCENT = 100
_UPS = re.compile(r'UPS ([^\s"]+) ')
_VARIABLE = re.compile(r'VAR \S+ (\S+) "((?:[^"\\]|\\.)*)"')


def from_list_ups(text: str) -> Tuple[str, ...]:
    """Return the names in an answer to LIST UPS. RFC 9271 4.2.7."""
    return tuple(found.group(1) for found in map(_UPS.match, text.splitlines()) if found)[:_MOST]


def from_variables(name: str, text: str) -> Tuple[Sample, ...]:
    """Return charge, time left, load and state from an answer to LIST VAR (RFC 9271); upsc(8) prints the same names.

    ups.status holds words: OL and OB tell where the power comes from, LB a low battery, RB one to replace. The states
    are None while the driver has lost its UPS (WAIT, or no OL and no OB).
    """
    said = dict(_VARIABLE.findall(text))
    words = said.get("ups.status", "").split()
    is_known = bool({"OL", "OB"}.intersection(words))
    hardware = ("hw.id", label(name))
    samples: List[Sample] = []
    for metric, variable, divisor in _MEASURED:
        value = _number(said, variable)
        if value is not None:
            samples.append(Sample(Series(metric, (hardware,), 1, divisor), round(value)))
    for word, state in _STATES:
        labels = (hardware, ("hw.state", state), ("hw.type", "battery"))
        samples.append(Sample(Series("hw.status", labels), int(word in words) if is_known else None))
    return tuple(samples)


def reader(address: Tuple[str, int] = _ADDRESS) -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of upsd at an address; where nothing listens there is no UPS and no sample."""

    def read() -> Tuple[Sample, ...]:
        try:
            connection = socket.create_connection(address, timeout=_TIMEOUT_SECONDS)
        except ConnectionRefusedError:
            return ()
        with connection:
            samples: List[Sample] = []
            for name in from_list_ups(_asked(connection, "LIST UPS")):
                samples += from_variables(name, _asked(connection, "LIST VAR " + name))
            return tuple(samples)

    return read


def _asked(connection: socket.socket, question: str) -> str:
    """Return the answer up to its END LIST line, or an ERR line; raises OSError and ValueError."""
    connection.sendall(question.encode("ascii", "replace") + b"\n")
    said = b""
    while not said.endswith(b"\n") or not (
        b"END " + question.encode("ascii", "replace") in said or said.startswith(b"ERR")
    ):
        part = connection.recv(4096)
        if not part:
            raise ValueError(f"upsd ended within its answer to {question!r}")
        said += part
        if len(said) > _MOST_BYTES:
            raise ValueError(f"upsd said more than {_MOST_BYTES} bytes to {question!r}")
    return said.decode("utf-8", "replace")


def _number(said: Mapping[str, str], name: str) -> Optional[float]:
    text = said.get(name, "")
    return float(text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else None


_MEASURED = (
    ("hw.battery.charge", "battery.charge", _PERCENT),
    ("hw.battery.time_left", "battery.runtime", 1),
    ("machxa.ups.load", "ups.load", _PERCENT),
)
_STATES = (("OB", "discharging"), ("LB", "low"), ("RB", "failed"))

PROBE = Probe("ups", reader(), every=5, after=1)
