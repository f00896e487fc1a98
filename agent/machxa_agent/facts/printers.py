"""Read which printers this computer prints to: CUPS' own file, or Windows' account. Pure."""

from __future__ import annotations

import re
from typing import Dict, List, Mapping, Optional

from machxa_agent.facts.words import known, said

_MOST = 32
_OPENING = re.compile(r"<(?:Default)?Printer ([^>]+)>")
_NETWORK = frozenset(("dnssd", "http", "https", "ipp", "ipps", "lpd", "smb", "socket"))
_UNKNOWN_PORTS = ("PORTPROMPT:", "FILE:", "NUL:", "SHRFAX:", "XPSPORT:", "ONENOTE")  # prints to no device


def from_cups(text: str) -> List[Dict[str, object]]:
    """Return the schema's ``printers`` from printers.conf.

    Of a device's address only the way is kept ("usb", "ipp"): the rest may hold a host, a user and a password.
    """
    found: List[Dict[str, object]] = []
    name: Optional[str] = None
    said_of: Dict[str, str] = {}
    for line in text.splitlines():
        opening = _OPENING.fullmatch(line.strip())
        if opening:
            name, said_of = opening.group(1), {}
        elif line.strip() in ("</Printer>", "</DefaultPrinter>") and name is not None:
            found.append(_cups(name, said_of))
            name = None
        else:
            key, _, value = line.strip().partition(" ")
            said_of.setdefault(key, value.strip())
    return found[:_MOST]


def from_wmi(printers: object) -> List[Dict[str, object]]:
    """Return the schema's ``printers`` from Win32_Printer as JSON, without those that print into a file or a fax."""
    rows = printers if isinstance(printers, list) else []
    found = [
        _wmi(row)
        for row in rows
        if isinstance(row, dict) and not str(row.get("PortName", "")).upper().startswith(_UNKNOWN_PORTS)
    ]
    return [one for one in found if "name" in one][:_MOST]


def _cups(name: str, said_of: Mapping[str, str]) -> Dict[str, object]:
    way = said_of.get("DeviceURI", "").partition(":")[0]
    return known(
        {
            "name": said(name),
            "driver": said(said_of.get("MakeModel", "")),
            "port": said(way),
            "network": way in _NETWORK if way else None,
            "shared": said_of["Shared"] == "Yes" if "Shared" in said_of else None,
        }
    )


def _wmi(row: Mapping[str, object]) -> Dict[str, object]:
    port = str(row.get("PortName") or "")
    flags = {key: row.get(name) for key, name in (("network", "Network"), ("shared", "Shared"))}
    return known(
        {
            "name": said(str(row.get("Name") or "").rpartition("\\")[2]),  # \\server\printer: the server is no fact
            "driver": said(str(row.get("DriverName") or "")),
            "port": said(re.split(r"[0-9.:_]", port, maxsplit=1)[0]),  # USB001: USB, IP_10.1.1.7: IP
            **{key: value if isinstance(value, bool) else None for key, value in flags.items()},
        }
    )
