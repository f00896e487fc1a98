"""Decide whether this computer meets Windows 11's floor, from facts gathered already. Pure.

Microsoft Learn, "Windows 11 specifications"; the processors as Chromium's base/win/hardware_check.cc counts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional

_MEMORY_MB = 4096
_SEEN_MEMORY_MB = 3400  # what a system sees of 4 GB: graphics and firmware keep some
_DISK_MB = 64_000
_MHZ = 1000
_INTEL_FAMILY, _INTEL_MODEL = 6, 0x5F
_STEPPINGS = {0x8E: range(9, 13), 0x9E: range(10, 14)}  # the seventh generation beside the eighth
_AMD_FAMILY = 0x17
_FIRST_ZEN = (0x01, 0x11)
_TPM = 2


@dataclass(frozen=True)
class Firmware:
    """Hold what no inventory word says; None where it cannot be told. tpm is the major version, 0 for none."""

    is_uefi: Optional[bool]
    can_secure_boot: Optional[bool]
    tpm: Optional[int]


def readiness(facts: Mapping[str, object], firmware: Firmware) -> Dict[str, object]:
    """Return ``ready`` (absent while it cannot be told), ``missing`` and ``unknown`` requirements, each by name."""
    answers = {
        "arch": _is_64_bit(facts),
        "cores": _at_least(_first(facts, "cpus").get("core"), 2),
        "disk": _has_disk(facts),
        "memory": _has_memory(facts),
        "processor": is_supported(_first(facts, "cpus")),
        "secure_boot": firmware.can_secure_boot,
        "speed": _at_least(_first(facts, "cpus").get("speed"), _MHZ),
        "tpm": None if firmware.tpm is None else firmware.tpm >= _TPM,
        "uefi": firmware.is_uefi,
    }
    missing = [name for name, is_met in answers.items() if is_met is False]
    unknown = [name for name, is_met in answers.items() if is_met is None]
    found: Dict[str, object] = {"missing": missing, "unknown": unknown}
    if missing or not unknown:
        found["ready"] = not missing
    return {key: value for key, value in found.items() if value != []}


def is_supported(cpu: Mapping[str, object]) -> Optional[bool]:
    """Return whether Windows 11 takes a processor, None for makers the rule does not know."""
    family, model, stepping = (_number(cpu.get(key)) for key in ("familynumber", "model", "stepping"))
    maker = cpu.get("manufacturer")
    if family is None or model is None or maker not in ("Intel", "AMD"):
        return None
    if maker == "AMD":
        return family >= _AMD_FAMILY and not (family == _AMD_FAMILY and model in _FIRST_ZEN)
    if family != _INTEL_FAMILY or model <= _INTEL_MODEL:
        return False
    steppings = _STEPPINGS.get(model)
    if steppings is None:
        return True
    return None if stepping is None else stepping in steppings


def _is_64_bit(facts: Mapping[str, object]) -> Optional[bool]:
    """Return whether the processor does 64 bits; a 32-bit system on it does not tell."""
    arch = _first(facts, "cpus").get("arch")
    return True if arch in ("x86_64", "aarch64") else None


def _has_disk(facts: Mapping[str, object]) -> Optional[bool]:
    sizes = [_number(one.get("disksize")) for one in _rows(facts, "storages")]
    known = [one for one in sizes if one is not None]
    return max(known) >= _DISK_MB if known else None


def _has_memory(facts: Mapping[str, object]) -> Optional[bool]:
    """Return whether there is enough: what the modules hold, else what the system sees of it."""
    modules = [_number(one.get("capacity")) for one in _rows(facts, "memories")]
    whole = sum(one for one in modules if one is not None)
    if whole:
        return whole >= _MEMORY_MB
    hardware = facts.get("hardware")
    return _at_least(hardware.get("memory") if isinstance(hardware, dict) else None, _SEEN_MEMORY_MB)


def _at_least(value: object, floor: int) -> Optional[bool]:
    number = _number(value)
    return None if number is None else number >= floor


def _number(value: object) -> Optional[int]:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isdigit() else None


def _first(facts: Mapping[str, object], name: str) -> Mapping[str, object]:
    return next(iter(_rows(facts, name)), {})


def _rows(facts: Mapping[str, object], name: str) -> List[Mapping[str, object]]:
    rows = facts.get(name)
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
