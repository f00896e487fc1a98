"""Tell what each simulated computer and device is, as an agent's facts would: invented, and the same at every start."""

from __future__ import annotations

import hashlib
import uuid

from machxa_collector.demo.equipment import Model, mac_of, model_of, serial_of
from machxa_wire.records import Series

Body = dict[str, object]
_WINDOWS = {"7": "Microsoft Windows 7 Professional", "10": "Microsoft Windows 10 Pro", "11": "Microsoft Windows 11 Pro"}
_GB = 1024**3


def computer(unit: str, asset: str) -> Body:
    """Return the inventory of a computer (GLPI's words)."""
    model = model_of(unit, asset)
    return {
        "hardware": {
            "name": f"{unit}-{asset}".upper(),
            "uuid": str(uuid.UUID(bytes=_bytes(unit, asset, "uuid"), version=4)),
            "memory": model.memory_mb,
            "chassis_type": "Desktop",
            "windows11": {
                "ready": model.windows11,
                "missing": [] if model.windows11 else ["processor", "tpm"],
                "unknown": [],
            },
        },
        "bios": {
            "smanufacturer": "Mẫu",
            "smodel": model.name,
            "ssn": serial_of(unit, asset),
            "bdate": _firmware(model),
        },
        "operatingsystem": {
            "name": "Windows",
            "full_name": _WINDOWS[model.windows],
            "version": model.version,
            "edition": "Professional",
            "arch": "x86_64",
        },
        "cpus": [{"name": "Bộ vi xử lý mẫu", "core": model.cores, "thread": model.cores * 2}],
        "memories": [{"capacity": model.memory_mb, "numslots": 1}],
        "storages": [{"name": "sda", "type": model.disk, "disksize": 240_000, "serial": _text(unit, asset, "disk")}],
        "networks": [{"description": "eth0", "mac": mac_of(unit, asset), "type": "ethernet", "virtualdev": False}],
        "softwares": [{"name": "LibreOffice", "version": "26.2"}],
    }


def device(unit: str, asset: str, kind: str, model: str) -> Body:
    """Return the facts of a device that a gateway asks."""
    number = int(asset[-1]) if asset[-1].isdecimal() else 0
    return {
        "network_device": {
            "type": "Printer" if kind == "printer" else "Networking",
            "machxa_kind": kind,
            "manufacturer": "Mẫu",
            "model": model,
            "serial": serial_of(unit, asset),
            "name": f"{unit}-{asset}",
            "mac": mac_of(unit, asset),
            "ips": [f"192.168.1.{240 + number if kind == 'printer' else 1}"],
        },
        "cartridges": [],
    }


def disk_series(unit: str, asset: str) -> tuple[tuple[Series, ...], tuple[int, ...]]:
    """Return series and readings of a computer's disk: free and used bytes, blue screens of a week."""
    chance = _bytes(unit, asset, "full")[0] / 255
    used = round((0.3 + 0.66 * chance) * 220 * _GB)
    labels = ("system.device", "C:")
    series = (
        Series("system.filesystem.usage", (labels, ("system.filesystem.state", "free"))),
        Series("system.filesystem.usage", (labels, ("system.filesystem.state", "used"))),
    )
    return series, (220 * _GB - used, used)


def _firmware(model: Model) -> str:
    return {"old": "2016-05-12", "middle": "2021-03-09", "new": "2025-02-18"}[model.age]


def _bytes(*parts: str) -> bytes:
    return hashlib.sha256("/".join(parts).encode()).digest()[:16]


def _text(*parts: str) -> str:
    return _bytes(*parts).hex()[:12].upper()
