"""Find scanners and readers of signing tokens on Windows among its Plug and Play devices, as cfgmgr32 tells of them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Iterable, List, Optional, Tuple

from machxa_agent.equipment.attached import Attached
from machxa_agent.equipment.condition import key_of
from machxa_agent.measured import label

# Setup classes, devguid.h: GUID_DEVCLASS_IMAGE, GUID_DEVCLASS_SMARTCARDREADER
CLASSES = {
    "{6bdd1fc6-810f-11d0-bec7-08002be2092f}": "scanner",
    "{50dd5230-ba8a-11d1-bf5d-0000f805f530}": "token",
}
_NO_SCANNERS = frozenset(("usbvideo", "wpdmtp"))  # services of webcams, telephones and cameras
_VIRTUAL = ("ROOT\\", "SWD\\", "SW\\")  # what is no device: a reader for Windows Hello, a driver without hardware
_FILTER = 0x200 | 0x100  # CM_GETIDLIST_FILTER_CLASS | CM_GETIDLIST_FILTER_PRESENT, Windows 7
_DESCRIPTION, _SERVICE, _FRIENDLY = 0x1, 0x5, 0xD  # CM_DRP_
_HAS_PROBLEM = 0x400  # DN_HAS_PROBLEM
_MOST, _CHARACTERS = 32, 512


@dataclass(frozen=True)
class Node:
    """Hold a device node: its setup class, its instance id, its name, its driver's service, its DN_ status bits."""

    setup_class: str
    instance: str
    name: str
    service: str
    status: int


def devices(nodes: Iterable[Node]) -> Tuple[Attached, ...]:
    """Return the scanners and tokens among nodes."""
    found: List[Attached] = []
    for one in nodes:
        kind = CLASSES.get(one.setup_class.lower())
        is_real = not one.instance.upper().startswith(_VIRTUAL)
        if kind is not None and is_real and one.service.lower() not in _NO_SCANNERS:
            way = "usb" if one.instance.upper().startswith("USB\\") else "pnp"
            has_trouble = bool(one.status & _HAS_PROBLEM)
            found.append(Attached(key_of(way, one.instance), kind, label(one.name), has_trouble))
    return tuple(found)


def nodes() -> Tuple[Node, ...]:
    """Return the nodes of these classes that are plugged in; raises OSError."""
    if sys.platform != "win32":
        raise OSError("there is no cfgmgr32 here")
    import ctypes  # noqa: PLC0415 - on Windows only

    manager = ctypes.WinDLL("cfgmgr32")
    found: List[Node] = []
    for guid in CLASSES:
        for instance in _instances(manager, guid)[:_MOST]:
            handle, status, problem = ctypes.c_uint32(), ctypes.c_uint32(), ctypes.c_uint32()
            if manager.CM_Locate_DevNodeW(ctypes.byref(handle), instance, 0) != 0:
                continue
            manager.CM_Get_DevNode_Status(ctypes.byref(status), ctypes.byref(problem), handle, 0)
            name = _property(manager, handle, _FRIENDLY) or _property(manager, handle, _DESCRIPTION) or ""
            service = _property(manager, handle, _SERVICE) or ""
            found.append(Node(guid, instance, name, service, status.value))
    return tuple(found)


def _instances(manager: object, guid: str) -> List[str]:
    import ctypes  # noqa: PLC0415

    assert isinstance(manager, ctypes.CDLL)  # noqa: S101 - ours
    length = ctypes.c_uint32()
    if manager.CM_Get_Device_ID_List_SizeW(ctypes.byref(length), guid, _FILTER) != 0 or length.value > 1 << 16:
        return []
    room = ctypes.create_unicode_buffer(length.value + 1)
    if manager.CM_Get_Device_ID_ListW(guid, room, length.value, _FILTER) != 0:
        return []
    return [one for one in "".join(room[: length.value]).split("\0") if one]


def _property(manager: object, handle: object, which: int) -> Optional[str]:
    import ctypes  # noqa: PLC0415

    assert isinstance(manager, ctypes.CDLL)  # noqa: S101 - ours
    room, size = ctypes.create_unicode_buffer(_CHARACTERS), ctypes.c_uint32(_CHARACTERS * 2)
    done = manager.CM_Get_DevNode_Registry_PropertyW(handle, which, None, room, ctypes.byref(size), 0)
    return room.value if done == 0 else None
