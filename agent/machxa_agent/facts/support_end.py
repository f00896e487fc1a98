"""Tell until when an operating system gets security updates, by a dated table. Pure.

The makers' lifecycle pages as endoflife.date and Microsoft Learn gave them on SOURCES_READ_ON. A version that is not
here has no such fact: the table is not guessed on. Paid extensions (ESU, ESM) are not counted.
"""

from __future__ import annotations

from typing import Dict, Mapping, Optional, Tuple

from machxa_agent.facts.words import known

SOURCES_READ_ON = "2026-11-22"

# Windows: by product and version, Home and Pro, then Enterprise and Education; None where the two were not confirmed.
_WINDOWS: Dict[Tuple[str, str], Tuple[Optional[str], Optional[str]]] = {
    ("7", "6.1"): ("2020-01-14", "2020-01-14"),
    ("8", "6.2"): ("2016-01-12", "2016-01-12"),
    ("8.1", "6.3"): ("2023-01-10", "2023-01-10"),
    ("10", "22H2"): ("2025-10-14", "2025-10-14"),
    ("11", "21H2"): ("2023-10-10", "2024-10-08"),
    ("11", "22H2"): ("2024-10-08", "2025-10-14"),
    ("11", "23H2"): ("2025-11-11", "2026-11-10"),
    ("11", "24H2"): ("2026-10-13", "2027-10-12"),
    ("11", "25H2"): ("2027-10-12", "2028-10-10"),
    ("11", "26H1"): ("2028-03-14", "2029-03-13"),
    ("11", "26H2"): ("2028-10-10", None),
}
# Long-term channels by build: Enterprise, then IoT Enterprise.
_LONG_TERM: Dict[str, Tuple[Optional[str], Optional[str]]] = {
    "14393": ("2026-10-13", "2026-10-13"),
    "17763": ("2029-01-09", "2029-01-09"),
    "19044": ("2027-01-12", "2032-01-13"),
    "26100": ("2029-10-09", None),
}
# Linux: the end of regular security updates, then of the free long-term ones.
_LINUX: Dict[Tuple[str, str], Tuple[Optional[str], Optional[str]]] = {
    ("Ubuntu", "20.04"): ("2025-05-31", None),
    ("Ubuntu", "22.04"): ("2027-04-01", None),
    ("Ubuntu", "24.04"): ("2029-05-31", None),
    ("Ubuntu", "26.04"): ("2031-04-30", None),
    ("Debian", "11"): (None, "2026-08-31"),
    ("Debian", "12"): ("2026-07-11", "2028-06-30"),
    ("Debian", "13"): ("2028-08-09", "2030-06-30"),
}


def support_end(system: Mapping[str, object]) -> Dict[str, object]:
    """Return ``support_ends_on`` and, for Linux, ``long_support_ends_on`` of an inventory's ``operatingsystem``."""
    name, version = str(system.get("name", "")), str(system.get("version", ""))
    if name == "Windows":
        day = _windows(system, version)
        return {} if day is None else {"support_ends_on": day}
    regular, long_term = _LINUX.get((name, version), (None, None))
    return known({"support_ends_on": regular, "long_support_ends_on": long_term})


def _windows(system: Mapping[str, object], version: str) -> Optional[str]:
    edition, channel = str(system.get("edition", "")), system.get("support_channel")
    if channel == "server":
        return None
    if channel in ("LTSC", "LTSB"):
        enterprise, iot = _LONG_TERM.get(str(system.get("build", "")).partition(".")[0], (None, None))
        return iot if edition.startswith("IoT") else enterprise
    product = _product(str(system.get("full_name", "")))
    pro, enterprise = _WINDOWS.get((product, version), (None, None))
    return enterprise if edition.startswith(("Enterprise", "Education", "IoTEnterprise")) else pro


def _product(full_name: str) -> str:
    """Return "10" of "Microsoft Windows 10 Pro"."""
    words = full_name.replace("Microsoft ", "").split()
    return words[1] if len(words) > 1 and words[0] == "Windows" else ""
