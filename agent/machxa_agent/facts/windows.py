"""Gather facts on Windows from the registry, the firmware table and psutil. Imports on any system."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Dict, List, Mapping, Optional, Tuple

from machxa_agent import portable, version
from machxa_agent.facts import machine as machines
from machxa_agent.facts import processor, smbios, support, support_end, windows11, windows_cim
from machxa_agent.facts import software as softwares
from machxa_agent.facts.words import date_said, known, said
from machxa_agent.probes.network import is_outer_windows

_MEBIBYTE = 1024 * 1024
_MOST_FIRMWARE_BYTES = 1024 * 1024
_RSMB = 0x52534D42  # 'RSMB', the provider of the raw SMBIOS table
_BIOS_KEY = r"HARDWARE\DESCRIPTION\System\BIOS"
_CPU_KEY = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
_VERSION_KEY = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_SYSTEM_KEY = r"SOFTWARE\Microsoft\Cryptography"
_NAME_KEY = r"SYSTEM\CurrentControlSet\Control\ComputerName\ActiveComputerName"

_SECURE_BOOT_KEY = r"SYSTEM\CurrentControlSet\Control\SecureBoot\State"
_UNINSTALL_KEYS = (
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall",
    r"SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
)
_MOST_PROGRAMS = 2000

Values = Mapping[str, object]


def gather(software: Optional[Tuple[str, ...]] = None) -> Dict[str, object]:
    """Return the facts of this Windows computer, programs by an allow-list."""
    answers = windows_cim.asked()
    named = support.from_current_version(_values(_VERSION_KEY))
    table = smbios.structures(smbios.windows_table(_firmware_table()))
    machine = os.environ.get("PROCESSOR_ARCHITEW6432") or os.environ.get("PROCESSOR_ARCHITECTURE", "")
    hardware = {
        "name": said(str(_values(_NAME_KEY).get("ComputerName", ""))),
        "uuid": smbios.uuid(table),
        "chassis_type": smbios.chassis(table),
        "memory": portable.memory().total // _MEBIBYTE,
    }
    found = known(
        {
            "versionclient": "machxa-agent_v" + version.VERSION,
            "bios": smbios.bios(table) or from_bios_key(_values(_BIOS_KEY)),
            "hardware": known(hardware),
            "operatingsystem": known(
                {
                    **named,
                    **support_end.support_end(named),
                    "arch": processor.architecture(machine) or machine,
                    "machine_id": machines.hashed(str(_values(_SYSTEM_KEY).get("MachineGuid", ""))),
                }
            ),
            "cpus": processor.from_registry(_values(_CPU_KEY), machine, portable.physical_cores(), os.cpu_count()),
            "memories": smbios.memories(table),
            "drives": drives(portable.volumes()),
            "networks": networks(portable.interfaces(), portable.addresses()),
            **windows_cim.from_answers(answers),
            "softwares": softwares.listed(softwares.from_uninstall(_uninstall_keys()), software),
        }
    )
    floor = windows11.readiness(found, firmware(table, _values(_SECURE_BOOT_KEY), windows_cim.tpm_version(answers)))
    return {**found, "hardware": {**known(hardware), "windows11": floor}}


def firmware(table: Tuple[smbios.Structure, ...], secure_boot: Values, tpm: Optional[int]) -> windows11.Firmware:
    """Return what Windows 11 wants of the firmware.

    The key of Secure Boot's state exists only on a system started by UEFI; one started the old way may be able to.
    """
    can = True if "UEFISecureBootEnabled" in secure_boot else None
    return windows11.Firmware(can or smbios.is_uefi(table), can, tpm)


def from_bios_key(values: Values) -> Dict[str, object]:
    """Return the schema's ``bios`` from the registry, which has no serial numbers: for when the table cannot be had."""
    found: Dict[str, object] = {key: said(str(values.get(name, ""))) for key, name in _BIOS_VALUES.items()}
    found["bdate"] = date_said(str(values.get("BIOSReleaseDate", "")))
    return known(found)


def drives(volumes: Tuple[portable.Volume, ...]) -> List[Dict[str, object]]:
    """Return the schema's ``drives``; their size is a sample."""
    return [
        known({"letter": volume.mountpoint.rstrip("\\"), "filesystem": said(volume.filesystem)}) for volume in volumes
    ]


def networks(
    interfaces: Tuple[portable.Interface, ...], addresses: Tuple[Tuple[str, str], ...]
) -> List[Dict[str, object]]:
    """Return the schema's ``networks`` without addresses other than the hardware's own."""
    hardware = dict(addresses)
    return [
        known(
            {
                "description": one.name,
                "mac": said(hardware.get(one.name, "")),
                "status": "up" if one.is_up else "down",
                "speed": str(one.megabits) if one.megabits else None,
            }
        )
        for one in interfaces
        if is_outer_windows(one.name)
    ]


def _values(path: str) -> Dict[str, object]:
    """Return a key's values below HKEY_LOCAL_MACHINE, none when there is no such key."""
    found: Dict[str, object] = {}
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - Windows only

        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY  # what a 64-bit program sees, from a 32-bit one too
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path, 0, access) as key:
                for number in range(winreg.QueryInfoKey(key)[1]):
                    name, value, _ = winreg.EnumValue(key, number)
                    found[name] = value
        except FileNotFoundError:
            return {}
    return found


def _uninstall_keys() -> List[Dict[str, object]]:
    """Return the values of each installed program's key; those of single users are not looked at."""
    found: List[Dict[str, object]] = []
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - Windows only

        for path in _UNINSTALL_KEYS:
            try:
                with winreg.OpenKey(
                    winreg.HKEY_LOCAL_MACHINE, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY
                ) as key:
                    names = [winreg.EnumKey(key, one) for one in range(winreg.QueryInfoKey(key)[0])]
            except FileNotFoundError:
                continue
            found += [_values(path + "\\" + name) for name in names[:_MOST_PROGRAMS]]
    return found


def _firmware_table() -> bytes:
    """Return what GetSystemFirmwareTable gives, nothing where the firmware has no such table."""
    if sys.platform != "win32":
        return b""
    call = ctypes.WinDLL("kernel32").GetSystemFirmwareTable
    call.argtypes = (ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint32)
    call.restype = ctypes.c_uint32
    size = call(_RSMB, 0, None, 0)
    if not 0 < size <= _MOST_FIRMWARE_BYTES:
        return b""
    buffer = ctypes.create_string_buffer(size)
    written = call(_RSMB, 0, buffer, size)
    return buffer.raw[:written]


_BIOS_VALUES = {
    "bmanufacturer": "BIOSVendor",
    "bversion": "BIOSVersion",
    "smanufacturer": "SystemManufacturer",
    "smodel": "SystemProductName",
    "skunumber": "SystemSKU",
    "mmanufacturer": "BaseBoardManufacturer",
    "mmodel": "BaseBoardProduct",
}
