"""Write what a device is as facts, in the words of GLPI's network inventory, and tell whether they changed. Pure."""

from __future__ import annotations

import hmac
import json
from typing import Dict, List, Mapping, Optional

from machxa_agent.snmp.device import Device
from machxa_agent.snmp.profiles import DeviceKind

Body = Dict[str, object]
_MOST_PORTS, _MOST_SUPPLIES, _MOST_DISKS = 128, 24, 32
_MOST_CHARACTERS = 255
_TYPES = {  # GLPI's types of network_device
    DeviceKind.PRINTER: "Printer",
    DeviceKind.SWITCH: "Networking",
    DeviceKind.ROUTER: "Networking",
    DeviceKind.AP: "Networking",
    DeviceKind.UPS: "Power",
    DeviceKind.NAS: "Storage",
    DeviceKind.SERVER: "Computer",
}
_PASSING = ("ifstatus", "ifspeed")  # what a cable pulled out changes is no new fact


def inventory(device: Device, host: str, uuid: Optional[str] = None) -> Body:
    """Return the facts of a device; what it did not say is left out. machxa_kind says more finely what it is."""
    identity = device.identity
    kind = identity.kind
    ports = device.interfaces[:_MOST_PORTS]
    macs = [one.mac for one in ports if one.mac and one.is_ethernet is not False]
    return _told(
        {
            "network_device": _told(
                {
                    "type": _TYPES[kind] if kind else None,
                    "machxa_kind": kind.value if kind else None,
                    "manufacturer": _said(identity.vendor),
                    "model": _said(identity.model),
                    "serial": _said(identity.serial),
                    "firmware": _said(identity.firmware),
                    "name": _said(identity.sys_name),
                    "mac": macs[0] if macs else None,
                    "machxa_uuid": _said(uuid),
                    "ips": [host],
                }
            ),
            "network_ports": [_port(device, number) for number in range(len(ports))] if len(ports) > 1 else [],
            "cartridges": _cartridges(device),
            "storages": [
                _told({"name": _said(one.name), "machxa_state": one.state}) for one in device.health.disks[:_MOST_DISKS]
            ],
            "drives": [
                _told({"volumn": _said(one.name), "total": one.size_bytes // 2**20})
                for one in device.health.volumes[:_MOST_DISKS]
            ],
        }
    )


def digest(facts: Mapping[str, object]) -> str:
    """Return 32 hex digits that stay the same while the facts say the same of what lasts."""
    ports = facts.get("network_ports")
    lasting = dict(facts)
    if isinstance(ports, list):
        lasting["network_ports"] = [{k: v for k, v in one.items() if k not in _PASSING} for one in ports]
    text = json.dumps(lasting, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(b"device", text.encode("utf-8", "replace"), "sha256").hex()[:32]


def _port(device: Device, place: int) -> Body:
    port = device.interfaces[place]
    return _told(
        {
            "ifnumber": port.index,
            "ifname": _said(port.name),
            "mac": port.mac,
            "ifstatus": port.oper_status,
            "ifspeed": port.speed_bits_per_second,
        }
    )


def _cartridges(device: Device) -> List[Body]:
    if device.printer is None:
        return []
    return [
        _told(
            {
                "machxa_index": one.index,
                "name": _said(one.description),
                "type": one.type,
                "color": _said(one.colorant),
                "machxa_level": None if one.share.ratio is not None else one.share.word.value,
            }
        )
        for one in device.printer.supplies[:_MOST_SUPPLIES]
    ]


def _said(text: Optional[str]) -> Optional[str]:
    """Return a device's text as the wire takes it: bounded, printable."""
    if text is None:
        return None
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:_MOST_CHARACTERS])
    return shown.strip() or None


def _told(told: Mapping[str, object]) -> Body:
    return {name: value for name, value in told.items() if value not in (None, [], {})}
