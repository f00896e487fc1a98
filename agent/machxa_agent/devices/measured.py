"""Turn how a device is into samples with its key as label ``device``. Pure.

What the device did not say has no sample. Names follow OpenTelemetry's ``hw.*`` where it has one.
"""

from __future__ import annotations

from typing import Iterator, List, Optional, Tuple

from machxa_agent.devices.counted import Counted
from machxa_agent.probes.probe import label
from machxa_agent.snmp.device import Device
from machxa_agent.snmp.health import Health
from machxa_agent.snmp.power import Power
from machxa_agent.snmp.printer import Printer
from machxa_agent.snmp.profiles import DeviceKind
from machxa_wire.records import Label, Sample, Series

_MOST_SUPPLIES, _MOST_VOLUMES = 12, 8
_LASTING = (DeviceKind.ROUTER, DeviceKind.SWITCH, DeviceKind.AP)  # whose restart is an outage


def absent(key: str) -> Tuple[Sample, ...]:
    """Return what is known of a device that does not answer."""
    return (_sample(key, "machxa.device.up", 0),)


def measured(key: str, device: Device, counted: Counted) -> Tuple[Sample, ...]:
    """Return the samples of one poll."""
    found: List[Sample] = [_sample(key, "machxa.device.up", 1)]
    if device.printer is not None:
        found += _printer(key, device.printer)
    elif device.power is not None:
        found += _power(key, device.power)
    else:
        if device.identity.kind in _LASTING and device.identity.uptime_seconds is not None:
            found.append(_sample(key, "machxa.device.uptime", device.identity.uptime_seconds))
        found += _traffic(key, device, counted)
        found += _health(key, device.health)
    return tuple(found)


def _printer(key: str, printer: Printer) -> Iterator[Sample]:
    if printer.counter is not None and printer.counter.is_pages:
        yield _sample(key, "machxa.printer.pages", printer.counter.value)
    for supply in [one for one in printer.supplies if one.share.ratio is not None][:_MOST_SUPPLIES]:
        yield from _ratio(key, "machxa.printer.supply", supply.share.ratio, ("supply", label(supply.index)))


def _power(key: str, power: Power) -> Iterator[Sample]:
    yield from _ratio(key, "hw.battery.charge", power.charge_ratio)
    if power.runtime_seconds is not None:
        yield _sample(key, "hw.battery.time_left", round(power.runtime_seconds))
    yield from _ratio(key, "machxa.ups.load", power.load_ratio)
    if power.is_on_battery is not None:
        yield _sample(key, "hw.status", int(power.is_on_battery), ("hw.state", "discharging"), ("hw.type", "battery"))


def _traffic(key: str, device: Device, counted: Counted) -> Iterator[Sample]:
    ports = [one for one in device.interfaces if one.is_ethernet]
    for way, octets in (("receive", counted.received), ("transmit", counted.sent)):
        if octets is not None:
            yield _sample(key, "machxa.device.io", octets, ("network.io.direction", way))
    errors = [one for port in ports for one in (port.in_errors_total, port.out_errors_total) if one is not None]
    if errors:
        yield _sample(key, "machxa.device.errors", sum(errors))
    if ports and device.identity.kind in _LASTING:
        yield _sample(key, "machxa.device.ports.up", sum(one.oper_status == "up" for one in ports))


def _health(key: str, health: Health) -> Iterator[Sample]:
    yield from _ratio(key, "machxa.device.cpu", health.cpu_ratio)
    yield from _ratio(key, "machxa.device.memory", health.memory_ratio)
    warmest = max((warm for _, warm in health.temperatures_celsius), default=None)
    if warmest is not None:
        yield _sample(key, "hw.temperature", round(warmest * 10), divisor=10)
    if health.poe_used_watts is not None:
        yield _sample(key, "machxa.device.poe.power", health.poe_used_watts)
    for volume in health.volumes[:_MOST_VOLUMES]:
        yield from _ratio(
            key, "machxa.device.volume.used", volume.used_bytes / volume.size_bytes, ("volume", label(volume.name))
        )


def _ratio(key: str, name: str, ratio: Optional[float], *labels: Label) -> Iterator[Sample]:
    """Yield a share in per mille: devices tell percent."""
    if ratio is not None:
        yield _sample(key, name, round(ratio * 1000), *labels, divisor=1000)


def _sample(key: str, name: str, value: int, *labels: Label, divisor: int = 1) -> Sample:
    return Sample(Series(name, tuple(sorted((("device", key), *labels))), 1, divisor), value)
