"""Name the operating system so that its end of support can be looked up: release, build, edition, channel. Pure."""

from __future__ import annotations

import re
from typing import Dict, Mapping, Optional

from machxa_agent.facts.words import known, said

_WINDOWS_11_BUILD = 22000
_LTSC_FROM_BUILD = 17763  # before, Microsoft called it LTSB


def from_os_release(text: str, point_release: str = "") -> Dict[str, object]:
    """Return the schema's ``operatingsystem`` from os-release(5), and from /etc/debian_version where there is one.

    support_channel is "LTS" or "interim" for Ubuntu, "stable" or "testing" for Debian, absent elsewhere.
    """
    fields = _assignments(text)
    identity = fields.get("ID", "")
    return known(
        {
            "name": _LSB_NAMES.get(identity) or said(fields.get("NAME", "")),
            "full_name": said(fields.get("PRETTY_NAME", "")),
            "version": said(fields.get("VERSION_ID", "")),
            "build": said(point_release) if identity == "debian" else None,
            "support_channel": _linux_channel(identity, fields),
        }
    )


def from_current_version(values: Mapping[str, object]) -> Dict[str, object]:
    r"""Return the schema's ``operatingsystem`` from the registry's ...\Windows NT\CurrentVersion.

    ProductName still says "Windows 10" on Windows 11, so the build decides. version is what Microsoft's lifecycle
    pages go by ("22H2"); editions of one version end on different days, so edition is the EditionID as it stands.
    support_channel is "LTSC", "LTSB", "server" or "general availability", absent before Windows 10.
    """
    build = _number(values.get("CurrentBuildNumber")) or 0
    patch = _number(values.get("UBR"))
    product = said(str(values.get("ProductName", ""))) or "Windows"
    if build >= _WINDOWS_11_BUILD and "Server" not in product:
        product = product.replace("Windows 10", "Windows 11")
    major, minor = _number(values.get("CurrentMajorVersionNumber")), _number(values.get("CurrentMinorVersionNumber"))
    line = str(values.get("CurrentVersion", "")) if major is None else f"{major}.{minor or 0}"
    numbered = str(build) if patch is None else f"{build}.{patch}"
    return known(
        {
            "name": "Windows",
            "full_name": "Microsoft " + product,
            "version": _first_said(values, ("DisplayVersion", "ReleaseId")) or said(line),
            "service_pack": _first_said(values, ("CSDVersion",)),
            "kernel_name": "win32",
            "kernel_version": f"{line}.{numbered}" if build else None,
            "build": numbered if build else None,
            "edition": _first_said(values, ("EditionID",)),
            "support_channel": None if major is None else _windows_channel(values, build),
        }
    )


def _windows_channel(values: Mapping[str, object], build: int) -> str:
    edition = str(values.get("EditionID", ""))
    if _LONG_TERM.fullmatch(edition):
        return "LTSC" if build >= _LTSC_FROM_BUILD else "LTSB"
    return "server" if str(values.get("InstallationType", "")).startswith("Server") else "general availability"


def _linux_channel(identity: str, fields: Mapping[str, str]) -> Optional[str]:
    if identity == "ubuntu":
        return "LTS" if "LTS" in fields.get("VERSION", "") else "interim"
    if identity == "debian":
        return "stable" if fields.get("VERSION_ID") else "testing"
    return None


def _assignments(text: str) -> Dict[str, str]:
    """Return the assignments of os-release: shell syntax, one a line, perhaps quoted."""
    found = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals and not key.startswith("#"):
            found[key.strip()] = value.strip().strip("\"'")
    return found


def _first_said(values: Mapping[str, object], names: tuple[str, ...]) -> Optional[str]:
    return next((word for word in (said(str(values.get(name) or "")) for name in names) if word), None)


def _number(value: object) -> Optional[int]:
    """Return a registry number, also one kept as text, None for anything else."""
    return int(str(value)) if str(value).isdigit() else None


_LONG_TERM = re.compile(r"(IoT)?EnterpriseSN?(Eval)?")
_LSB_NAMES = {
    "alpine": "Alpine",
    "debian": "Debian",
    "fedora": "Fedora",
    "linuxmint": "Linuxmint",
    "openwrt": "OpenWrt",
    "ubuntu": "Ubuntu",
}
