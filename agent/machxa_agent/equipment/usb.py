"""Find scanners and readers of signing tokens on Linux by what the kernel and udev say of USB devices."""

from __future__ import annotations

import os
from typing import List, Optional, Tuple

from machxa_agent.equipment.attached import Attached
from machxa_agent.equipment.condition import key_of
from machxa_agent.measured import label, read_bytes

_DEVICES = "/sys/bus/usb/devices"
_MOST = 64
_SMART_CARD = "0b"  # bInterfaceClass, USB CCID 1.1
_SANE = b"E:libsane_matched=yes"  # set by SANE's rules for the scanners its drivers know


def devices(root: str = "") -> Tuple[Attached, ...]:
    """Return the scanners and tokens that are plugged in; where there is no USB, none."""
    folder = root + _DEVICES
    try:
        names = sorted(os.listdir(folder))[: _MOST * 4]  # noqa: PTH208 - pathlib is not loaded for this
    except OSError:
        return ()
    found: List[Attached] = []
    for name in names:
        if ":" in name or name.startswith("usb"):  # an interface, a root hub
            continue
        kind = _kind(root, folder, name, [one for one in names if one.startswith(name + ":")])
        if kind is not None:
            found.append(_attached(f"{folder}/{name}", kind))
    return tuple(found[:_MOST])


def _kind(root: str, folder: str, name: str, interfaces: List[str]) -> Optional[str]:
    if any(_said(f"{folder}/{one}/bInterfaceClass") == _SMART_CARD for one in interfaces):
        return "token"
    number = _said(f"{folder}/{name}/dev")
    try:
        told = read_bytes(f"{root}/run/udev/data/c{number}") if number.replace(":", "").isdigit() else b""
    except OSError:
        told = b""
    return "scanner" if _SANE in told.splitlines() else None


def _attached(path: str, kind: str) -> Attached:
    """Return a device; its serial number goes into its key alone, and there only as a digest."""
    ids = f"{_said(path + '/idVendor')}:{_said(path + '/idProduct')}"
    named = f"{_said(path + '/manufacturer')} {_said(path + '/product')}".strip()
    return Attached(key_of("usb", f"{ids}:{_said(path + '/serial')}"), kind, label(named or ids))


def _said(path: str) -> str:
    try:
        return read_bytes(path).decode("utf-8", "replace").strip()
    except OSError:
        return ""
