"""What a device says of itself becomes a state and its reasons; levels are samples, and no reason."""

from __future__ import annotations

import pytest

from machxa_agent.devices.state import Condition, State, condition
from machxa_agent.snmp.device import Device
from machxa_agent.snmp.health import Disk, Health
from machxa_agent.snmp.identity import Identity
from machxa_agent.snmp.power import Power
from machxa_agent.snmp.printer import Printer
from machxa_agent.snmp.profiles import DeviceKind
from machxa_agent.snmp.walk import Complaint

QUIET = Health(None, None, (), None, None, (), ())


def a(kind: DeviceKind | None, **more: object) -> Device:
    """Return a device of a kind with some of its parts."""
    parts = {"printer": None, "power": None, "health": QUIET, "interfaces": (), "neighbours": (), "seen": ()}
    return Device(Identity(kind, None, None, None, None, None, None), **{**parts, **more})  # type: ignore[arg-type]  # a test's parts


def printer(errors: tuple[str, ...] | None, device_state: str | None = None, state: str | None = None) -> Device:
    """Return a printer in a state."""
    return a(DeviceKind.PRINTER, printer=Printer(state, device_state, errors, (), (), None, (), ()))


def ups(*, on_battery: bool | None = None, battery: str | None = None, needs: bool | None = None) -> Device:
    """Return a UPS in a state."""
    return a(DeviceKind.UPS, power=Power(on_battery, None, None, None, battery, needs, None))


def nas(*states: str | None) -> Device:
    """Return storage with disks in these states."""
    disks = tuple(Disk(f"Disk {number}", state) for number, state in enumerate(states))
    return a(DeviceKind.NAS, health=Health(None, None, (), None, None, (), disks))


@pytest.mark.parametrize(
    ("device", "state", "reasons"),
    [
        pytest.param(printer(()), State.OK, (), id="no error"),
        pytest.param(printer(None), State.OK, (), id="a printer that has no such object"),
        pytest.param(printer(("jammed", "doorOpen")), State.BLOCKED, ("jam", "door"), id="jam and door"),
        pytest.param(printer(("lowToner",), "warning"), State.WARNING, ("toner_low",), id="low toner"),
        pytest.param(printer(("noPaper",), "running"), State.WARNING, ("no_paper",), id="one tray of two is empty"),
        pytest.param(printer(("noPaper",), "down"), State.BLOCKED, ("no_paper",), id="no paper at all"),
        pytest.param(printer(("lowToner",), "down"), State.BLOCKED, ("toner_low",), id="down for want of toner"),
        pytest.param(printer((), "down"), State.BLOCKED, ("stopped",), id="down and no reason"),
        pytest.param(printer(("noToner",), None, "stopped"), State.BLOCKED, ("toner_empty",), id="IPP says stopped"),
        pytest.param(printer(("a-word-of-tomorrow",)), State.OK, (), id="a reason nobody knows"),
        pytest.param(ups(on_battery=False, battery="normal"), State.OK, (), id="on mains"),
        pytest.param(ups(on_battery=True), State.WARNING, ("on_battery",), id="on battery"),
        pytest.param(ups(on_battery=True, battery="low"), State.WARNING, ("on_battery", "battery_low"), id="low"),
        pytest.param(ups(needs=True), State.WARNING, ("replace_battery",), id="worn out"),
        pytest.param(ups(), State.OK, (), id="a UPS that says nothing of its battery"),
        pytest.param(nas("normal", None), State.OK, (), id="disks that are well, or say nothing"),
        pytest.param(nas("degraded", "degraded"), State.WARNING, ("disk_degraded",), id="degraded"),
        pytest.param(nas("degraded", "crashed"), State.BLOCKED, ("disk_degraded", "disk_failed"), id="crashed"),
        pytest.param(a(DeviceKind.SWITCH), State.OK, (), id="a switch that answers"),
        pytest.param(a(None), State.UNKNOWN, ("tells_nothing",), id="it tells nothing"),
    ],
)
def test_the_device_s_own_words_make_its_state(device: Device, state: State, reasons: tuple[str, ...]) -> None:
    assert condition(device) == Condition(state, reasons)


def test_a_device_that_misbehaves_is_told_beside_its_state_and_a_lossy_line_is_not_its_doing() -> None:
    said = condition(a(DeviceKind.SWITCH), (Complaint.STOPPED, Complaint.NOT_INCREASING))

    assert said == Condition(State.OK, (), (Complaint.NOT_INCREASING,))
