"""Measure how long this computer took to start: the old disk's clearest sign, and the clerk's first complaint."""

from __future__ import annotations

import os
import sys
from typing import Callable, List, Mapping, Optional, Tuple

from machxa_agent.probes.probe import Probe
from machxa_wire.records import Sample, Series

_MICROSECONDS, _MILLISECONDS = 1_000_000, 1000
_TIMEOUT_SECONDS = 20.0
_SYSTEMCTL = ("/usr/bin/systemctl", "/bin/systemctl")
_PROPERTIES = (
    "FirmwareTimestampMonotonic",
    "LoaderTimestampMonotonic",
    "UserspaceTimestampMonotonic",
    "FinishTimestampMonotonic",
)
_LOG = "Microsoft-Windows-Diagnostics-Performance/Operational"


def from_manager(text: str) -> Tuple[Sample, ...]:
    """Return the parts of the last start in microseconds, from ``systemctl show``; nothing before it has finished.

    Firmware and loader count back from the kernel's start: firmware from power on to the loader, 0 where the firmware
    does not tell. systemd's org.freedesktop.systemd1(5).
    """
    pairs = (line.partition("=") for line in text.splitlines())
    said = {key: int(value) for key, _, value in pairs if value.isdigit()}
    firmware, loader, userspace, finish = (said.get(name, 0) for name in _PROPERTIES)
    if finish == 0:
        return ()
    parts = [("kernel", userspace), ("userspace", finish - userspace)]
    if firmware >= loader > 0:
        parts = [("firmware", firmware - loader), ("loader", loader), *parts]
    return tuple(_part(name, micro, _MICROSECONDS) for name, micro in parts)


def from_values(values: Mapping[str, str]) -> Tuple[Sample, ...]:
    """Return the parts of the last start from event 100 of Diagnostics-Performance, in milliseconds.

    main is until the desktop shows, after_main until the computer has come to rest.
    """
    found = ((name, values.get(key, "")) for name, key in _WINDOWS)
    return tuple(_part(name, int(value), _MILLISECONDS) for name, value in found if value.isdigit())


def linux(
    programs: Tuple[str, ...] = _SYSTEMCTL, ask: Optional[Callable[[List[str]], bytes]] = None
) -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of systemd's own account; nothing where systemd is not the first process."""

    def read() -> Tuple[Sample, ...]:
        program = next((one for one in programs if os.path.exists(one)), None)  # noqa: PTH110
        if program is None:
            return ()
        command = [program, "show", "--property=" + ",".join(_PROPERTIES)]
        return from_manager((_asked(command) if ask is None else ask(command)).decode("ascii", "replace"))

    return read


def _asked(command: List[str]) -> bytes:
    from machxa_agent.child import answer  # noqa: PLC0415 - once a day

    return answer(command, _TIMEOUT_SECONDS)


def _windows() -> Tuple[Sample, ...]:
    from machxa_agent import events  # noqa: PLC0415 - once a day

    last = next(iter(events.from_xml(events.newest(_LOG, "EventID=100", 1))), None)
    return () if last is None else from_values(last.values)


def _part(name: str, value: int, divisor: int) -> Sample:
    return Sample(Series("machxa.boot.duration", (("machxa.boot.phase", name),), 1, divisor), value)


_WINDOWS = (("main", "MainPathBootTime"), ("after_main", "BootPostBootTime"))

PROBE = Probe("boot", linux() if sys.platform == "linux" else _windows, every=1440, after=10, is_slow=True)
