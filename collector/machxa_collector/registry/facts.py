"""Tell what an asset is from its inventory body, in the words of the GLPI inventory JSON schema. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

_MOST_CHARACTERS = 255
_PLACES = {
    "name": ("hardware", "name"),
    "vendor": ("bios", "smanufacturer"),
    "model": ("bios", "smodel"),
    "serial": ("bios", "ssn"),
}


def identity(body: Mapping[str, object]) -> dict[str, str]:
    """Return what the body says of name, vendor, model and serial; what it does not say is left out."""
    said = {field: _text(body.get(group), key) for field, (group, key) in _PLACES.items()}
    return {field: text for field, text in said.items() if text}


def firmware_day(body: Mapping[str, object]) -> date | None:
    """Return the day of the firmware (SMBIOS type 0), None where the body does not say one."""
    try:
        return date.fromisoformat(_text(body.get("bios"), "bdate"))
    except ValueError:
        return None


def _text(group: object, key: str) -> str:
    found = group.get(key) if isinstance(group, Mapping) else None
    return found.strip()[:_MOST_CHARACTERS] if isinstance(found, str) else ""
