"""Read what a battery was built for and what it still holds. Pure. kernel's sysfs-class-power."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional

from machxa_agent.facts.words import known, said

_MOST = 4
_THOUSAND, _MILLION = 1000, 1_000_000
_PREFIX = "POWER_SUPPLY_"


def from_uevent(text: str) -> Dict[str, object]:
    """Return one of the schema's ``batteries`` from its uevent file; {} for what feeds no computer.

    Some drivers count charge instead of energy: it times the voltage it was designed for.
    """
    pairs = (line.partition("=") for line in text.splitlines())
    told = {key[len(_PREFIX) :]: value for key, _, value in pairs}
    if told.get("TYPE") != "Battery" or told.get("SCOPE") == "Device":
        return {}
    volts = _number(told, "VOLTAGE_MIN_DESIGN")
    return known(
        {
            "name": said(told.get("MODEL_NAME", "")),
            "manufacturer": said(told.get("MANUFACTURER", "")),
            "serial": said(told.get("SERIAL_NUMBER", "")),
            "chemistry": said(told.get("TECHNOLOGY", "")),
            "voltage": volts // _THOUSAND if volts else None,
            "capacity": _milliwatt_hours(told, "FULL_DESIGN", volts),
            "real_capacity": _milliwatt_hours(told, "FULL", volts),
        }
    )


def from_wmi(static: object, full: object) -> List[Dict[str, object]]:
    """Return the schema's ``batteries`` from root/wmi's BatteryStaticData and BatteryFullChargedCapacity as JSON."""
    charged = (
        {one.get("Tag"): one.get("FullChargedCapacity") for one in full if isinstance(one, dict)}
        if isinstance(full, list)
        else {}
    )
    rows = static[:_MOST] if isinstance(static, list) else []
    return [
        known(
            {
                "name": said(str(row.get("DeviceName") or "")),
                "manufacturer": said(str(row.get("ManufactureName") or "")),
                "serial": said(str(row.get("SerialNumber") or "")),
                "capacity": _positive(row.get("DesignedCapacity")),
                "real_capacity": _positive(charged.get(row.get("Tag"))),
            }
        )
        for row in rows
        if isinstance(row, dict)
    ]


def _milliwatt_hours(told: Mapping[str, str], name: str, microvolts: Optional[int]) -> Optional[int]:
    energy, charge = _number(told, "ENERGY_" + name), _number(told, "CHARGE_" + name)
    if energy:
        return energy // _THOUSAND
    return charge * microvolts // _MILLION // _THOUSAND if charge and microvolts else None


def _number(told: Mapping[str, str], name: str) -> Optional[int]:
    return int(told[name]) if told.get(name, "").isdigit() else None


def _positive(value: object) -> Optional[int]:
    return value if isinstance(value, int) and value > 0 else None
