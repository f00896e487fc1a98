"""Ask Windows what only CIM tells: disks, monitors, printers, antivirus, batteries, TPM. One child, once a day."""

from __future__ import annotations

import json
import logging
from typing import Dict, List, Mapping, Optional

from machxa_agent.child import NoAnswerError, powershell
from machxa_agent.facts import antivirus, batteries, monitors, printers
from machxa_agent.facts.words import known, said

logger = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 120.0  # an old PC needs half a minute to load PowerShell
_MEGABYTE = 1000 * 1000
_MOST = 16  # disks
_USB = 7  # MSFT_PhysicalDisk.BusType

# Constant: nothing is put into it. Each class is asked for the properties that are read, and for no other.
SCRIPT = (
    "function g($n,$c,$p){@(Get-CimInstance -Namespace $n -ClassName $c|Select-Object -Property $p)};"
    "ConvertTo-Json -Compress -Depth 4 -InputObject @{"
    "disks=g root/Microsoft/Windows/Storage MSFT_PhysicalDisk "
    "('DeviceId','FriendlyName','SerialNumber','FirmwareVersion','Size','BusType','MediaType');"
    "monitors=g root/wmi WmiMonitorID "
    "('ManufacturerName','UserFriendlyName','SerialNumberID','WeekOfManufacture','YearOfManufacture');"
    "printers=g root/cimv2 Win32_Printer ('Name','DriverName','PortName','Network','Shared');"
    "antivirus=g root/SecurityCenter2 AntiVirusProduct ('displayName','instanceGuid','productState');"
    "batteries=g root/wmi BatteryStaticData ('Tag','DeviceName','ManufactureName','SerialNumber','DesignedCapacity');"
    "charged=g root/wmi BatteryFullChargedCapacity ('Tag','FullChargedCapacity');"
    "tpm=g root/cimv2/Security/MicrosoftTpm Win32_Tpm ('SpecVersion')}"
)


def asked() -> Mapping[str, object]:
    """Return CIM's answers as they stand, nothing where they cannot be had (Windows 7 has no CIM to ask)."""
    try:
        said_all = json.loads(powershell(SCRIPT, _TIMEOUT_SECONDS).decode("utf-8-sig", "replace"))
    except (NoAnswerError, ValueError) as exc:
        logger.info("the inventory goes without what CIM knows: %s", exc)
        return {}
    return said_all if isinstance(said_all, dict) else {}


def from_answers(answers: Mapping[str, object]) -> Dict[str, object]:
    """Return the schema's storages, monitors, printers, antivirus and batteries, as far as they were answered."""
    return known(
        {
            "storages": storages(answers.get("disks")),
            "monitors": monitors.from_wmi(answers.get("monitors")),
            "printers": printers.from_wmi(answers.get("printers")),
            "antivirus": antivirus.from_wmi(answers.get("antivirus")),
            "batteries": batteries.from_wmi(answers.get("batteries"), answers.get("charged")),
        }
    )


def storages(disks: object) -> List[Dict[str, object]]:
    """Return the schema's ``storages`` from MSFT_PhysicalDisk: built-in disks, not what is plugged in by USB."""
    rows = disks[:_MOST] if isinstance(disks, list) else []
    return [_storage(row) for row in rows if isinstance(row, dict) and row.get("BusType") != _USB]


def tpm_version(answers: Mapping[str, object]) -> Optional[int]:
    """Return the TPM's major version from Win32_Tpm, 0 where it answered that there is none, None without an answer.

    Only administrators are answered; a service is one. SpecVersion is like "2.0, 0, 1.38".
    """
    rows = answers.get("tpm")
    if not isinstance(rows, list):
        return None
    version = str(rows[0].get("SpecVersion") or "") if rows and isinstance(rows[0], dict) else ""
    major = version.partition(".")[0]
    return int(major) if major.isdigit() else 0


def _storage(row: Mapping[str, object]) -> Dict[str, object]:
    size, bus, media = row.get("Size"), row.get("BusType"), row.get("MediaType")
    return known(
        {
            "name": "PhysicalDrive" + str(row.get("DeviceId") or ""),
            "type": "disk",
            "model": said(str(row.get("FriendlyName") or "")),
            "serial": said(str(row.get("SerialNumber") or "").rstrip(".")),
            "firmware": said(str(row.get("FirmwareVersion") or "")),
            "disksize": size // _MEGABYTE if isinstance(size, int) and size > 0 else None,
            "interface": _BUSES.get(bus) if isinstance(bus, int) else None,
            "description": _MEDIA.get(media) if isinstance(media, int) else None,
        }
    )


_BUSES = {1: "SCSI", 2: "ATAPI", 3: "IDE", 10: "SAS", 11: "SATA"}  # the schema has no word for NVMe (17)
_MEDIA = {3: "HDD", 4: "SSD"}
