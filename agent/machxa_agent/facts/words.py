"""Clean what makers wrote into their firmware: placeholders mean that nothing is known."""

from __future__ import annotations

import re
from datetime import date
from typing import Dict, Mapping, Optional

_CENTURY = 100
_MOST = 200  # characters; the wire takes more, no maker's word needs it
_UNSAID = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")
_BLANK = re.compile(r"[\s\W_]*|[0Xx.\-_ ]+|0?123456789[0a-f]*|(.)\1{5,}", re.IGNORECASE)
_PLACEHOLDERS = frozenset(
    (
        "$(default_string)",
        "0000000000",
        "all series",
        "asset-1234567890",
        "base board serial number",
        "chassis serial number",
        "default",
        "default string",
        "invalid",
        "n/a",
        "na",
        "no asset information",
        "no asset tag",
        "none",
        "not applicable",
        "not available",
        "not provided",
        "not specified",
        "null",
        "o.e.m.",
        "oem",
        "oem_serial",
        "sernum0",
        "sys-1234567890",
        "system manufacturer",
        "system name",
        "system product name",
        "system serial number",
        "system version",
        "to be filled by o.e.m",
        "to be filled by o.e.m.",
        "undefined",
        "unknow",
        "unknown",
        "unspecified",
    )
)
_NO_UUIDS = frozenset(
    (
        "00000000-0000-0000-0000-000000000000",
        "03000200-0400-0500-0006-000700080009",  # AMI's default, on thousands of boards
        "12345678-1234-5678-90ab-cddeefaabbcc",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    )
)


def said(text: str) -> Optional[str]:
    """Return a maker's word trimmed, None where it says nothing: "Default string", "0", "123456789"."""
    word = " ".join(_UNSAID.sub(" ", text).split())[:_MOST]
    if word.lower() in _PLACEHOLDERS or _BLANK.fullmatch(word) is not None:
        return None
    return word


def uuid_said(text: str) -> Optional[str]:
    """Return a board's UUID in lower case, None where it is one that many boards share."""
    word = text.strip().lower()
    return word if _UUID.fullmatch(word) and word not in _NO_UUIDS else None


def date_said(text: str) -> Optional[str]:
    """Return firmware's month/day/year as an ISO date, None where it is none; two digits are of 19xx (SMBIOS)."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    month, day, year = (int(part) for part in found.groups())
    try:
        return date(year if year >= _CENTURY else 1900 + year, month, day).isoformat()
    except ValueError:
        return None


def known(pairs: Mapping[str, object]) -> Dict[str, object]:
    """Return the pairs that hold something: no None, no empty list, no empty object."""
    return {key: value for key, value in pairs.items() if value is not None and value not in ({}, [])}


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{2}|[0-9]{4})")
