"""Gather facts on Linux from /proc, /sys and /etc; serial numbers and memory modules need root."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from machxa_agent import version
from machxa_agent.facts import (
    linux_devices,
    linux_software,
    machine,
    processor,
    smbios,
    support,
    support_end,
    windows11,
)
from machxa_agent.facts.words import date_said, known, said, uuid_said
from machxa_agent.probes.filesystem import Mount, from_mountinfo
from machxa_agent.probes.memory import meminfo
from machxa_agent.probes.network import is_outer

_MEBIBYTE = 1024 * 1024
_MEGABYTE = 1000 * 1000  # disks are sold in these
_SECTOR = 512
_DISK = re.compile(r"(sd|hd|vd|xvd)[a-z]+|nvme[0-9]+n[0-9]+|mmcblk[0-9]+")


def gather(root: str = "", software: Optional[Tuple[str, ...]] = None) -> Dict[str, object]:
    """Return the facts found below a root folder ("" is the running system's), programs by an allow-list."""
    uname = os.uname()
    kib = meminfo(_text(root + "/proc/meminfo").encode(), (b"MemTotal", b"SwapTotal"))
    table = smbios.structures(_bytes(root + "/sys/firmware/dmi/tables/DMI"))
    dmi = root + "/sys/class/dmi/id/"
    number = _text(dmi + "chassis_type").strip()
    hardware = {
        "name": said(uname.nodename),
        "uuid": uuid_said(_text(dmi + "product_uuid")),
        "chassis_type": smbios.chassis_name(int(number)) if number.isdigit() else None,
        "memory": kib[b"MemTotal"] // 1024 if b"MemTotal" in kib else None,
        "swap": kib[b"SwapTotal"] // 1024 if b"SwapTotal" in kib else None,
    }
    kernel = {"kernel_name": "linux", "kernel_version": uname.release, "arch": uname.machine}
    own = machine.hashed(_text(root + "/etc/machine-id") or _text(root + "/var/lib/dbus/machine-id"))
    named = support.from_os_release(_os_release(root), _text(root + "/etc/debian_version"))
    cpuinfo = _text(root + "/proc/cpuinfo")
    found = known(
        {
            "versionclient": "machxa-agent_v" + version.VERSION,
            "bios": _bios(dmi),
            "hardware": known(hardware),
            "operatingsystem": known({**named, **support_end.support_end(named), **kernel, "machine_id": own}),
            "cpus": processor.from_cpuinfo(cpuinfo, uname.machine, _max_mhz(root)),
            "memories": smbios.memories(table),
            "storages": _storages(root + "/sys/block"),
            "drives": _drives(root),
            "networks": _networks(root + "/sys/class/net"),
            **linux_devices.gather(root),
            "softwares": linux_software.gather(root, software),
        }
    )
    floor = windows11.readiness(found, linux_devices.firmware(root))
    return {**found, "hardware": {**known(hardware), "windows11": floor}}


def _bios(dmi: str) -> Dict[str, object]:
    """Return the schema's ``bios`` from what the kernel has read of SMBIOS already."""
    found: Dict[str, object] = {key: said(_text(dmi + name)) for key, name in _DMI.items()}
    found["bdate"] = date_said(_text(dmi + "bios_date"))
    return known(found)


def _storages(folder: str) -> List[Dict[str, object]]:
    """Return the schema's ``storages``: whole disks that are built in, not what is plugged in by USB."""
    return [
        _storage(folder + "/" + name, name)
        for name in _names(folder)
        if _DISK.fullmatch(name) and "/usb" not in os.path.realpath(folder + "/" + name)
    ]


def _storage(disk: str, name: str) -> Dict[str, object]:
    sectors = _text(disk + "/size").strip()
    vendor = _text(disk + "/device/vendor").strip()
    return known(
        {
            "name": name,
            "type": "disk",
            "manufacturer": _MAKERS.get(vendor, said(vendor)),
            "model": said(_text(disk + "/device/model")),
            "firmware": said(_text(disk + "/device/firmware_rev") or _text(disk + "/device/rev")),
            "serial": said(_text(disk + "/device/serial")) or _page_80(_bytes(disk + "/device/vpd_pg80")),
            "disksize": int(sectors) * _SECTOR // _MEGABYTE if sectors.isdigit() else None,
        }
    )


def _page_80(page: bytes) -> Optional[str]:
    """Return a SCSI or SATA disk's serial number from its unit serial number page (SPC-4 7.8.18)."""
    length = int.from_bytes(page[2:4], "big")
    return said(page[4 : 4 + length].decode("ascii", "replace"))


def _drives(root: str) -> List[Dict[str, object]]:
    mounts = from_mountinfo(_bytes(root + "/proc/self/mountinfo"))
    return [_drive(mount, root) for mount in mounts]


def _drive(mount: Mount, root: str) -> Dict[str, object]:
    """Return a file system without its free space, which is no fact but a sample."""
    try:
        space = os.statvfs(root + mount.mountpoint)
        total: Optional[int] = space.f_blocks * space.f_frsize // _MEBIBYTE
    except OSError:
        total = None
    return known({"volumn": mount.device, "type": mount.mountpoint, "filesystem": mount.kind, "total": total})


def _networks(folder: str) -> List[Dict[str, object]]:
    """Return the schema's ``networks`` without addresses other than the hardware's own."""
    return [_network(folder + "/" + name, name) for name in _names(folder) if is_outer(name)]


def _network(folder: str, name: str) -> Dict[str, object]:
    speed = _text(folder + "/speed").strip()
    return known(
        {
            "description": name,
            "mac": said(_text(folder + "/address")),
            "type": "wifi" if Path(folder, "wireless").is_dir() else "ethernet",
            "status": "up" if _text(folder + "/operstate").strip() == "up" else "down",
            "speed": speed if speed.isdigit() and int(speed) > 0 else None,
        }
    )


def _max_mhz(root: str) -> Optional[int]:
    khz = _text(root + "/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq").strip()
    return int(khz) // 1000 if khz.isdigit() else None


def _os_release(root: str) -> str:
    return _text(root + "/etc/os-release") or _text(root + "/usr/lib/os-release")


def _names(folder: str) -> List[str]:
    return sorted(one.name for one in Path(folder).iterdir()) if Path(folder).is_dir() else []


def _text(path: str) -> str:
    return _bytes(path).decode("utf-8", "replace")


def _bytes(path: str) -> bytes:
    """Return a file's content, nothing where it is absent or not for us: then the fact is absent too."""
    try:
        with Path(path).open("rb") as file:
            return file.read(_MEBIBYTE)
    except OSError:
        return b""


_DMI = {
    "bmanufacturer": "bios_vendor",
    "bversion": "bios_version",
    "smanufacturer": "sys_vendor",
    "smodel": "product_name",
    "ssn": "product_serial",
    "skunumber": "product_sku",
    "mmanufacturer": "board_vendor",
    "mmodel": "board_name",
    "msn": "board_serial",
    "enclosureserial": "chassis_serial",
    "assettag": "chassis_asset_tag",
}
_MAKERS = {"ATA": None, "0x1af4": "Virtio"}  # SATA disks say only how they are attached
