"""Ask CUPS for its printers and the age of their jobs, over IPP on its local socket: never a job's name or owner."""

# ruff: noqa: PLC0415 - HTTP's and IPP's readers are loaded where there is a CUPS to ask

from __future__ import annotations

import os
import socket
import time
from typing import List, Mapping, Optional, Tuple

from machxa_agent.equipment.condition import key_of
from machxa_agent.equipment.printers import Queue, word_of_reason

_SOCKET = "/run/cups/cups.sock"
_CONFIGURED = "/etc/cups/printers.conf"  # only root reads it; that it is there says that there is a printer
_TIMEOUT_SECONDS = 5.0
_MOST = 16  # printers
_GET_PRINTERS, _GET_JOBS = 0x4002, 0x000A  # CUPS-Get-Printers; RFC 8011 4.2.6
_JOB_GROUP, _PRINTER_GROUP = 0x02, 0x04
_PROCESSING, _STOPPED = 4, 5  # printer-state, RFC 8011 5.4.11
_WAITING = (3, 5, 6)  # job-state pending, processing, processing-stopped; one that is held waits for its owner
PRINTERS = (
    "printer-name", "device-uri", "printer-make-and-model", "printer-state", "printer-state-reasons",
    "queued-job-count",
)  # fmt: skip
JOBS = ("job-state", "time-at-creation")
_FAILED = 0x0400  # status codes from here on; CUPS says client-error-not-found where there is no printer
_NOT_FOUND = 0x0406

Attributes = Mapping[str, Tuple[object, ...]]


def queues(root: str = "") -> Tuple[Queue, ...]:
    """Return the printers, none where CUPS has none; raises OSError, NotIpp and Unreachable.

    CUPS is started by a connection on many systems, so it is not asked where no printer is set up.
    """
    if not os.path.exists(root + _CONFIGURED) or not os.path.exists(root + _SOCKET):  # noqa: PTH110
        return ()
    from machxa_agent.ipp.message import NotIpp, asked_many, decode_many

    status, told = decode_many(_posted(root, asked_many(_GET_PRINTERS, 1, None, PRINTERS)), _PRINTER_GROUP)
    if status >= _FAILED and status != _NOT_FOUND:
        raise NotIpp(f"CUPS answers with status {status:#06x}")
    found: List[Queue] = []
    for one in told[:_MOST]:
        jobs: Tuple[Attributes, ...] = ()
        name = _text(one, "printer-name")
        if _number(one, "queued-job-count"):
            asked = asked_many(_GET_JOBS, 2, f"ipp://localhost/printers/{_quoted(name)}", JOBS)
            _, jobs = decode_many(_posted(root, asked), _JOB_GROUP)
        found.append(queue(one, jobs, int(time.time())))
    return tuple(found)


def queue(printer: Attributes, jobs: Tuple[Attributes, ...], now_s: int) -> Queue:
    """Return a printer from its attributes and its jobs'; time-at-creation is in seconds since 1970 at CUPS."""
    way, _, _ = _text(printer, "device-uri").partition(":")
    state = _number(printer, "printer-state")
    reasons = [_said(one) for one in printer.get("printer-state-reasons", ())]
    words = [word for word in map(word_of_reason, reasons) if word is not None]
    ages = [
        now_s - created
        for job in jobs
        for created in (_number(job, "time-at-creation"),)
        if created is not None and _number(job, "job-state") in _WAITING
    ]
    is_usb = way in _BY_CABLE
    named = _text(printer, "device-uri") if is_usb else _text(printer, "printer-name")
    return Queue(
        key=key_of("usb" if is_usb else "queue", named),
        model=_text(printer, "printer-make-and-model"),
        words=tuple(words),
        ages=tuple(max(0, age) for age in ages),
        is_stopped=state == _STOPPED,
        is_printing=state == _PROCESSING,
    )


def _posted(root: str, asked: bytes) -> bytes:
    """Return the body of CUPS' answer to an IPP request."""
    from machxa_agent.ipp.client import payload
    from machxa_agent.ipp.message import MOST_BYTES

    head = (
        "POST / HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/ipp\r\n"
        f"Content-Length: {len(asked)}\r\nConnection: close\r\n\r\n"
    )
    until = time.monotonic() + _TIMEOUT_SECONDS
    got = bytearray()
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_TIMEOUT_SECONDS)
        line.connect(root + _SOCKET)
        line.sendall(head.encode("ascii") + asked)
        while len(got) <= MOST_BYTES:
            line.settimeout(max(0.1, until - time.monotonic()))
            part = line.recv(65536)
            if not part:
                break
            got += part
    return payload(bytes(got))


def _quoted(name: str) -> str:
    """Return a printer's name as a part of an address: CUPS allows all but space, / and # in it."""
    return "".join(one if (one.isalnum() and one.isascii()) or one in "-_." else _percent(one) for one in name)


def _percent(one: str) -> str:
    return "".join(f"%{byte:02X}" for byte in one.encode("utf-8", "replace"))


def _text(attributes: Attributes, name: str) -> str:
    values = attributes.get(name, ())
    return _said(values[0]) if values else ""


def _said(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _number(attributes: Attributes, name: str) -> Optional[int]:
    values = attributes.get(name, ())
    return values[0] if values and isinstance(values[0], int) else None


_BY_CABLE = frozenset(("usb", "hp", "parallel", "serial", "gutenprint53+usb", "canonusb"))
