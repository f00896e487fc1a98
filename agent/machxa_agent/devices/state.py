"""Judge from what a device says of itself whether it works, and why not. Pure.

Only what the device itself calls an error counts: a level is a sample, and no reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Iterable, Iterator, Tuple

from machxa_agent.snmp.device import Device
from machxa_agent.snmp.health import Disk
from machxa_agent.snmp.power import Power
from machxa_agent.snmp.printer import Printer
from machxa_agent.snmp.walk import Complaint


class State(Enum):
    """Say how a device is, as ``device.state`` tells it."""

    OK = "ok"
    WARNING = "warning"  # it works, and somebody should look at it
    BLOCKED = "blocked"  # it does not do its work until somebody has been there
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Condition:
    """Hold a state, the words of its reasons in a fixed order, and what the device does that devices must not do."""

    state: State
    reasons: Tuple[str, ...] = ()
    complaints: Tuple[Complaint, ...] = ()


UNREACHABLE = Condition(State.UNREACHABLE, ("no_answer",))
UNREADABLE = Condition(State.UNKNOWN, ("no_credential",))

# hrPrinterDetectedErrorState (RFC 2790), which IPP's printer-state-reasons are brought to: the wire's word, and
# whether the printer prints no more. RFC 2790's table: the same bits may stand beside warning and beside down.
_ERRORS = {
    "lowPaper": ("paper_low", False),
    "noPaper": ("no_paper", True),
    "lowToner": ("toner_low", False),
    "noToner": ("toner_empty", True),
    "doorOpen": ("door", True),
    "jammed": ("jam", True),
    "offline": ("offline", True),
    "serviceRequested": ("service", False),
    "inputTrayMissing": ("tray_missing", False),
    "outputTrayMissing": ("output_tray_missing", False),
    "markerSupplyMissing": ("supply_missing", True),
    "outputNearFull": ("output_nearly_full", False),
    "outputFull": ("output_full", True),
    "inputTrayEmpty": ("tray_empty", False),
    "overduePreventMaint": ("maintenance", False),
}
_WORKING = ("running",)  # hrDeviceStatus: it prints, whatever it complains of
_DOWN = ("down",)
_SICK_DISKS = {
    "degraded": ("disk_degraded", False),
    "system partition failed": ("disk_degraded", False),
    "crashed": ("disk_failed", True),
    "error": ("disk_failed", True),
}
_HOSTILE = (  # a lossy line makes devices stop half-way; these things a device does by itself
    Complaint.NOT_INCREASING, Complaint.TOO_MANY_ROWS, Complaint.UNREADABLE, Complaint.OF_ANOTHER,
    Complaint.OUT_OF_BYTES, Complaint.OUT_OF_TIME,
)  # fmt: skip

_Reason = Tuple[str, bool]


def condition(device: Device, complaints: Iterable[Complaint] = ()) -> Condition:
    """Return how a device is; UNKNOWN where it answers and says neither what it is nor how."""
    odd = tuple(one for one in _HOSTILE if one in set(complaints))
    if device.identity.kind is None and not device.interfaces:
        return Condition(State.UNKNOWN, ("tells_nothing",), odd)
    found = dict.fromkeys(_reasons(device))
    is_blocked = any(blocks for _, blocks in found)
    state = State.BLOCKED if is_blocked else State.WARNING if found else State.OK
    return Condition(state, tuple(dict.fromkeys(word for word, _ in found)), odd)


def _reasons(device: Device) -> Iterator[_Reason]:
    if device.printer is not None:
        yield from _printer(device.printer)
    if device.power is not None:
        yield from _power(device.power)
    yield from _disks(device.health.disks)


def _printer(printer: Printer) -> Iterator[_Reason]:
    """Yield a printer's errors; hrDeviceStatus says whether it prints all the same, where it says something."""
    known = [_ERRORS[one] for one in printer.errors or () if one in _ERRORS]
    is_down = printer.device_state in _DOWN or printer.state == "stopped"
    prints = printer.device_state in _WORKING and not is_down
    if is_down and not any(blocks for _, blocks in known):
        yield from ((word, True) for word, _ in known or [("stopped", True)])
        return
    yield from ((word, blocks and not prints) for word, blocks in known)


def _power(power: Power) -> Iterator[_Reason]:
    if power.is_on_battery:
        yield "on_battery", False
    if power.battery in ("low", "depleted"):
        yield "battery_low", False
    if power.needs_battery or power.battery == "fault":
        yield "replace_battery", False


def _disks(disks: Iterable[Disk]) -> Iterator[_Reason]:
    yield from (_SICK_DISKS[one.state] for one in disks if one.state in _SICK_DISKS)
