"""Say who may do what in the agent's folders on Windows, in its security descriptor language. Pure.

Microsoft Learn: "Security Descriptor String Format", "File Access Rights Constants"; [MS-DTYP] 2.4.2.4 for SIDs.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import Tuple

NAME = "machxa-agent"
ACCOUNT = (
    "NT SERVICE\\" + NAME
)  # a virtual account: no password, no rights beyond a user's, made by Windows 7 and later

_ALL, _MODIFY, _READ = "FA", "0x1301bf", "0x1200a9"
_ADD_FILE = "0x1000a2"  # FILE_ADD_FILE, FILE_TRAVERSE, FILE_READ_ATTRIBUTES, SYNCHRONIZE: neither list nor read


@dataclass(frozen=True)
class Folder:
    """Hold a folder, as a path below the data folder, and its descriptor."""

    path: str
    descriptor: str


def service_sid(name: str) -> str:
    """Return the SID that Windows gives a service of this name: the SHA-1 of the name in capitals, as five numbers."""
    digest = hashlib.sha1(name.upper().encode("utf-16-le")).digest()  # noqa: S324 - Windows' rule, guards nothing
    return "S-1-5-80-" + "-".join(map(str, struct.unpack("<5I", digest)))


def folders() -> Tuple[Folder, ...]:
    """Return the agent's folders, outer ones first; none takes over what an outer one grants.

    The data folder is closed to users: keys, outbox. ``window`` they may read: what is known. Into ``window/drop``
    they may put files and see no others': whoever makes one may change that one.
    """
    agent = f"D:PAI(A;OICI;{_ALL};;;SY)(A;OICI;{_ALL};;;BA)(A;OICI;{_MODIFY};;;{service_sid(NAME)})"
    return (
        Folder("", agent),
        Folder("window", agent + f"(A;OICI;{_READ};;;BU)"),
        Folder("window/drop", agent + f"(A;;{_ADD_FILE};;;BU)(A;OIIO;{_MODIFY};;;CO)"),
    )
