"""Measure batteries: a laptop's that is worn, or running because the mains have failed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Callable, Dict, List, Optional, Tuple

from machxa_agent import portable
from machxa_agent.probes.probe import Probe, Remembered, label, read_bytes
from machxa_wire.records import Sample, Series

_MOST = 2  # batteries
_LIST_SECONDS = 600.0
_PERCENT = 100
_HOUR = 3600
_STATES = ("charging", "discharging")


def from_uevent(name: str, text: bytes) -> Tuple[Sample, ...]:
    """Return charge, time left and state from a battery's uevent file in /sys/class/power_supply.

    The time is the kernel's own, else what is left over what is drawn, None unless it discharges at a known rate.
    """
    said = _said(text)
    state = said.get("STATUS", "Unknown").lower()
    is_known = state in _KNOWN
    charge = int(said["CAPACITY"]) if "CAPACITY" in said else None
    seconds = _seconds_left(said) if state == "discharging" else None
    return _battery(name, charge, seconds, {one: int(state == one) if is_known else None for one in _STATES})


def from_battery(battery: Optional[portable.Battery]) -> Tuple[Sample, ...]:
    """Return charge, time left and state from psutil; Windows says only whether the mains feed it."""
    if battery is None:
        return ()
    seconds = battery.seconds_left if battery.seconds_left >= 0 else None
    discharging = None if battery.plugged is None else int(not battery.plugged)
    return _battery("battery", round(battery.percent), seconds, {"discharging": discharging})


def linux(sys_root: str = "/sys") -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of the batteries below ``sys_root``."""
    remembered = Remembered(lambda: _batteries(Path(sys_root, "class", "power_supply")), _LIST_SECONDS)

    def read() -> Tuple[Sample, ...]:
        samples: List[Sample] = []
        for name, uevent in remembered.get():
            samples += from_uevent(name, read_bytes(uevent))
        return tuple(samples)

    return read


def _batteries(folder: Path) -> Tuple[Tuple[str, str], ...]:
    """Return name and uevent file of the batteries that feed the computer, not those of a mouse or a headset."""
    if not folder.is_dir():
        return ()
    supplies = ((one.name, str(one / "uevent")) for one in sorted(folder.iterdir()))
    return tuple((name, uevent) for name, uevent in supplies if _feeds(read_bytes(uevent)))[:_MOST]


def _feeds(uevent: bytes) -> bool:
    said = _said(uevent)
    return said.get("TYPE") == "Battery" and said.get("SCOPE") != "Device"


def _said(uevent: bytes) -> Dict[str, str]:
    """Return what a uevent file says, without the common prefix of its keys."""
    lines = (line.partition("=") for line in uevent.decode("utf-8", "replace").splitlines())
    return {key[len("POWER_SUPPLY_") :]: value for key, _, value in lines}


def _seconds_left(said: Dict[str, str]) -> Optional[int]:
    if "TIME_TO_EMPTY_NOW" in said:
        return int(said["TIME_TO_EMPTY_NOW"])
    for store, flow in (("ENERGY_NOW", "POWER_NOW"), ("CHARGE_NOW", "CURRENT_NOW")):
        if store in said and abs(int(said.get(flow, "0"))) > 0:
            return int(said[store]) * _HOUR // abs(int(said[flow]))  # some drivers give a negative current
    return None


def _battery(
    name: str, percent: Optional[int], seconds: Optional[int], states: Dict[str, Optional[int]]
) -> Tuple[Sample, ...]:
    hardware = ("hw.id", label(name))
    return (
        Sample(Series("hw.battery.charge", (hardware,), 1, _PERCENT), percent),
        Sample(Series("hw.battery.time_left", (hardware,)), seconds),
        *(
            Sample(Series("hw.status", (hardware, ("hw.state", state), ("hw.type", "battery"))), value)
            for state, value in states.items()
        ),
    )


_KNOWN = ("charging", "discharging", "not charging", "full")  # sysfs-class-power; "unknown" says nothing

PROBE = Probe("battery", linux() if sys.platform == "linux" else lambda: from_battery(portable.battery()))
