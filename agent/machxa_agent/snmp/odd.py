"""Read odd values that some families hold; profiles name these functions, and only these."""

from __future__ import annotations

from typing import Callable, Dict, Mapping, Optional

from machxa_agent.snmp.text import decoded


def pml_text(raw: bytes) -> str:
    """Return the text of an HP PML string: two bytes of type and symbol set come before it."""
    return decoded(raw[2:] if len(raw) > 2 and raw[0] < 0x20 else raw)  # noqa: PLR2004 - the two bytes


def ieee1284(text: str) -> Dict[str, str]:
    """Return the fields of an IEEE 1284 device ID by their upper-case names: ``MFG:HP;MDL:LaserJet;``."""
    fields: Dict[str, str] = {}
    for part in text.split(";"):
        key, colon, value = part.partition(":")
        if colon and value.strip():
            fields.setdefault(key.strip().upper(), value.strip())
    return fields


def ieee1284_model(raw: bytes) -> Optional[str]:
    """Return the model of an IEEE 1284 device ID."""
    fields = ieee1284(decoded(raw))
    return fields.get("MDL") or fields.get("MODEL")


def ieee1284_serial(raw: bytes) -> Optional[str]:
    """Return the serial number of an IEEE 1284 device ID."""
    fields = ieee1284(decoded(raw))
    return next((fields[key] for key in ("SN", "SER", "SERN", "SERIALNUMBER") if key in fields), None)


def hex_digits(raw: bytes) -> str:
    """Return octets that are a number, such as a MAC address used as serial number, as digits."""
    return raw.hex().upper()


ODD: Mapping[str, Callable[[bytes], Optional[str]]] = {
    "pml_text": pml_text,
    "ieee1284_model": ieee1284_model,
    "ieee1284_serial": ieee1284_serial,
    "hex_digits": hex_digits,
}
