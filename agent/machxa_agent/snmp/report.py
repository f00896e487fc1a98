"""Write a device as the JSON that ``snmp poll --json`` prints. Pure."""

from __future__ import annotations

from typing import Dict, Iterable, Optional

from machxa_agent.snmp.device import Device
from machxa_agent.snmp.interfaces import Interface
from machxa_agent.snmp.supplies import Share, Supply

Body = Dict[str, object]


def body(device: Device, complaints: Iterable[str] = ()) -> Body:
    """Return the device as a JSON object; null is for what is not known."""
    identity, printer = device.identity, device.printer
    counter = printer.counter if printer else None
    return {
        "kind": identity.kind.value if identity.kind else None,
        "vendor": identity.vendor,
        "model": identity.model,
        "serial": identity.serial,
        "firmware": identity.firmware,
        "sys_name": identity.sys_name,
        "uptime_s": identity.uptime_seconds,
        "page_count": counter.value if counter and counter.is_pages else None,
        "supplies": [_supply(one) for one in printer.supplies] if printer else [],
        "interfaces": [_interface(one) for one in device.interfaces],
        "extras": {**_extras(device), "complaints": sorted(complaints)},
    }


def _extras(device: Device) -> Body:
    health = device.health
    extras: Body = {
        "cpu_percent": _percent(health.cpu_ratio),
        "memory_percent": _percent(health.memory_ratio),
        "temperatures": [{"name": name, "celsius": round(warm, 1)} for name, warm in health.temperatures_celsius],
        "volumes": [
            {"name": one.name, "size_bytes": one.size_bytes, "used_bytes": one.used_bytes} for one in health.volumes
        ],
        "disks": [{"name": one.name, "state": one.state} for one in health.disks],
        "poe": _told({"budget_watts": health.poe_budget_watts, "used_watts": health.poe_used_watts}),
        "neighbours": [{"port": n.local_port, "name": n.name, "remote_port": n.port} for n in device.neighbours],
        "seen": [{"interface": one.interface, "address": one.address, "mac": one.mac} for one in device.seen],
    }
    if device.printer is not None:
        extras.update(_printer(device))
    if device.power is not None:
        extras["ups"] = _power(device)
    return _told(extras)


def _printer(device: Device) -> Body:
    printer = device.printer
    if printer is None:
        return {}
    counter = printer.counter
    told: Body = {
        "state": printer.state,
        "device_state": printer.device_state,
        "alerts": [{"severity": one.severity, "code": one.code, "text": one.text} for one in printer.alerts],
        "console": list(printer.console),
        "counter": {"value": counter.value, "unit": counter.unit} if counter else None,
    }
    told = _told(told)
    told["trays"] = [
        {"name": one.name, "percent": _share(one.share), "level": one.share.word.value, "capacity": one.capacity_sheets}
        for one in printer.trays
    ]
    if printer.errors is not None:
        told["printer_errors"] = list(printer.errors)
    return told


def _power(device: Device) -> Body:
    power = device.power
    if power is None:
        return {}
    return {
        "on_battery": power.is_on_battery,
        "battery_percent": _percent(power.charge_ratio),
        "runtime_s": power.runtime_seconds,
        "load_percent": _percent(power.load_ratio),
        "battery": power.battery,
        "needs_battery": power.needs_battery,
        "temperature_celsius": power.temperature_celsius,
    }


def _supply(supply: Supply) -> Body:
    return {
        "index": supply.index,
        "description": supply.description,
        "type": supply.type,
        "percent": _share(supply.share),
        "level": supply.share.word.value,
        "colorant": supply.colorant,
        "receptacle": supply.is_receptacle,
    }


def _interface(interface: Interface) -> Body:
    believed, told = interface.speed_bits_per_second, interface.told_bits_per_second
    return {
        "index": interface.index,
        "name": interface.name,
        "oper_status": interface.oper_status,
        "speed_bps": told if believed is None else believed,
        "speed_is_believed": believed is not None or told is None,
        "wanted_up": interface.is_wanted_up,
        "in_octets": interface.in_octets_total,
        "out_octets": interface.out_octets_total,
        "counter_bits": interface.counter_bits,
        "in_errors": interface.in_errors_total,
        "out_errors": interface.out_errors_total,
    }


def _told(told: Body) -> Body:
    return {name: value for name, value in told.items() if value not in (None, [], {})}


def _share(share: Share) -> Optional[float]:
    return _percent(share.ratio)


def _percent(ratio: Optional[float]) -> Optional[float]:
    return None if ratio is None else round(100 * ratio, 1)
