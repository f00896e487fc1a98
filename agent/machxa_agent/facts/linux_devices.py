"""Gather on Linux what is attached: monitors, printers, batteries, and what the firmware can do."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional

from machxa_agent.facts import batteries, monitors, printers, windows11
from machxa_agent.facts.words import known

_MOST_BYTES = 256 * 1024
_SECURE_BOOT = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"  # UEFI 2.10, 3.3: the global variable


def gather(root: str) -> Dict[str, object]:
    """Return the schema's monitors, printers and batteries found below a root folder.

    CUPS' file of printers is readable by root and its group only.
    """
    edids = (monitors.from_edid(_bytes(one / "edid")) for one in _entries(root + "/sys/class/drm"))
    cups = _bytes(Path(root + "/etc/cups/printers.conf")).decode("utf-8", "replace")
    supplies = (_bytes(one / "uevent").decode("utf-8", "replace") for one in _entries(root + "/sys/class/power_supply"))
    return known(
        {
            "monitors": [one for one in edids if one],
            "printers": printers.from_cups(cups),
            "batteries": [one for one in map(batteries.from_uevent, supplies) if one],
        }
    )


def firmware(root: str) -> windows11.Firmware:
    """Return what Windows 11 wants of the firmware: a system started the old way may be able to and does not tell."""
    is_uefi = True if Path(root + "/sys/firmware/efi").is_dir() else None
    can = True if Path(root + "/sys/firmware/efi/efivars", _SECURE_BOOT).exists() else None
    return windows11.Firmware(is_uefi, can, _tpm(root))


def _tpm(root: str) -> Optional[int]:
    """Return the TPM's major version, None where no driver sees one: it may be switched off in the firmware."""
    folder = Path(root + "/sys/class/tpm/tpm0")
    major = _bytes(folder / "tpm_version_major").strip()
    if major.isdigit():
        return int(major)
    return 1 if (folder / "device" / "caps").exists() else None  # kernels before 5.6 say it for 1.2 only


def _entries(folder: str) -> List[Path]:
    return sorted(Path(folder).iterdir()) if Path(folder).is_dir() else []


def _bytes(path: Path) -> bytes:
    """Return a file's content, nothing where it is absent or not for us."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError:
        return b""
