"""List the programs of an allow-list, and no others: browsers, office suites, signing middleware, remote control."""

from __future__ import annotations

import re
from itertools import chain
from typing import Dict, Iterable, Iterator, List, Mapping, Optional, Tuple

from machxa_agent.facts.words import known, said

_MOST = 100
_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")

ALLOWED: Tuple[str, ...] = (
    "adobe acrobat",
    "anydesk",
    "bit4id",
    "bkav",
    "chromium",
    "coc coc",
    "coccoc",
    "cốc cốc",
    "esigner",
    "firefox",
    "firefox-esr",
    "foxit",
    "google chrome",
    "google-chrome-stable",
    "java ",
    "libreoffice",
    "libreoffice-core",
    "microsoft 365",
    "microsoft edge",
    "microsoft-edge-stable",
    "microsoft office",
    "mozilla firefox",
    "onlyoffice",
    "onlyoffice-desktopeditors",
    "openoffice",
    "opera",
    "opera-stable",
    "safenet",
    "teamviewer",
    "token manager",
    "ultraviewer",
    "unikey",
    "vgca",
    "viettel-ca",
    "vnpt-ca",
    "vnpt ca",
    "wps office",
    "wps-office",
)


def listed(
    programs: Iterable[Mapping[str, object]], allowed: Optional[Tuple[str, ...]] = None
) -> List[Dict[str, object]]:
    """Return the schema's ``softwares`` whose name begins with an allowed word, in any case, by name.

    A package of Linux has to be the word as it stands: its parts and languages are packages too.
    """
    words = tuple(word.lower() for word in (ALLOWED if allowed is None else allowed))
    found: Dict[Tuple[str, str], Dict[str, object]] = {}
    for one in programs:
        name = str(one.get("name", "")).lower()
        is_package = one.get("from") in ("deb", "rpm")
        if name in words or (not is_package and name.startswith(words)):
            found.setdefault((name, str(one.get("version", ""))), dict(one))
    return [found[key] for key in sorted(found)][:_MOST]


def from_dpkg(lines: Iterable[str]) -> Iterator[Dict[str, object]]:
    """Yield the installed packages of /var/lib/dpkg/status, a stanza at a time: the file has some megabytes."""
    fields: Dict[str, str] = {}
    for line in chain(_stripped(lines), ("",)):
        if line:
            key, colon, value = line.partition(": ")
            if colon and key in ("Package", "Status", "Version", "Architecture"):
                fields[key] = value
            continue
        if fields.get("Status", "").endswith(" installed"):
            yield known(
                {
                    "name": said(fields.get("Package", "")),
                    "version": said(fields.get("Version", "")),
                    "arch": said(fields.get("Architecture", "")),
                    "from": "deb",
                }
            )
        fields = {}


def from_rpm(lines: Iterable[str]) -> Iterator[Dict[str, object]]:
    r"""Yield the packages of ``rpm -qa`` in the format "%{NAME}\t%{VERSION}-%{RELEASE}\t%{ARCH}\n"."""
    for line in lines:
        words = line.rstrip("\n").split("\t")
        if len(words) == 3:  # noqa: PLR2004 - the format's
            yield known({"name": said(words[0]), "version": said(words[1]), "arch": said(words[2]), "from": "rpm"})


def from_uninstall(keys: Iterable[Mapping[str, object]]) -> Iterator[Dict[str, object]]:
    r"""Yield the programs of ...\CurrentVersion\Uninstall: one mapping of values a key; updates of others left out."""
    for values in keys:
        if values.get("SystemComponent") == 1 or values.get("ParentKeyName"):
            continue
        date = _DATE.fullmatch(str(values.get("InstallDate") or ""))
        yield known(
            {
                "name": said(str(values.get("DisplayName") or "")),
                "version": said(str(values.get("DisplayVersion") or "")),
                "publisher": said(str(values.get("Publisher") or "")),
                "install_date": "-".join(date.groups()) if date else None,
                "from": "registry",
            }
        )


def _stripped(lines: Iterable[str]) -> Iterator[str]:
    return (line.rstrip("\n") for line in lines)
