"""Read Windows' event logs with the system's own wevtutil: counts and times, never a message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Dict, Iterator, Mapping

from machxa_agent.child import answer, system_program

_TIMEOUT_SECONDS = 50.0
_MOST = 500  # events of one answer
_EVENT = re.compile(r"<Event[ >].*?</Event>", re.DOTALL)
_PROVIDER = re.compile(r"<Provider Name=(['\"])(.*?)\1")
_NUMBER = re.compile(r"<EventID[^>]*>([0-9]+)</EventID>")
_TIME = re.compile(r"<TimeCreated SystemTime=(['\"])([0-9-]+)T([0-9:]+)")
_DATA = re.compile(r"<Data Name=(['\"])(\w+)\1>([^<]*)</Data>")


@dataclass(frozen=True)
class LoggedEvent:
    """Hold one event: who logged it, its number, when, and its named values as text."""

    provider: str
    number: int
    at: datetime
    values: Mapping[str, str]


def from_xml(text: str) -> Iterator[LoggedEvent]:
    """Yield the events of wevtutil's XML, in its order; one without number or time is left out."""
    for found in _EVENT.finditer(text):
        event = found.group(0)
        provider, number, time = _PROVIDER.search(event), _NUMBER.search(event), _TIME.search(event)
        if number is not None and time is not None:
            at = datetime.strptime(f"{time.group(2)} {time.group(3)} +0000", "%Y-%m-%d %H:%M:%S %z")
            values: Dict[str, str] = {one.group(2): one.group(3) for one in _DATA.finditer(event)}
            name = provider.group(2) if provider else ""
            yield LoggedEvent(name, int(number.group(1)), at, values)


def newest(log: str, numbers: str, most: int = _MOST) -> str:
    """Return the newest events of a log whose System/ part meets a constant XPath condition, as XML; NoAnswerError."""
    command = [system_program(r"System32\wevtutil.exe"), "qe", log, f"/q:*[System[{numbers}]]"]
    return answer([*command, "/rd:true", f"/c:{most}", "/f:xml"], _TIMEOUT_SECONDS).decode("utf-8", "replace")
