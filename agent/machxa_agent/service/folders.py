"""Make the agent's folders on Windows with the rights they shall have, whoever made them before."""

from __future__ import annotations

import stat
from pathlib import Path

import win32api
import win32con
import win32security

from machxa_agent.plan import CannotRunError
from machxa_agent.service.access import NAME, folders, service_sid

_TRUSTED = (
    "S-1-5-18",  # SYSTEM
    "S-1-5-32-544",  # Administrators
    service_sid(NAME),
)


def make(data: Path) -> None:
    """Make the folders, owned by the administrators; raises CannotRunError for one that somebody else made.

    Any user may make folders in ProgramData, and who owns one may change its rights at any time.
    """
    for one in folders():
        path = data / one.path
        _refuse_strange(path)
        path.mkdir(parents=True, exist_ok=True)
        wanted = win32security.ConvertStringSecurityDescriptorToSecurityDescriptor(
            one.descriptor, win32security.SDDL_REVISION_1
        )
        owner = win32security.ConvertStringSidToSid(_TRUSTED[1])
        win32security.SetNamedSecurityInfo(
            str(path),
            win32security.SE_FILE_OBJECT,
            win32security.OWNER_SECURITY_INFORMATION
            | win32security.DACL_SECURITY_INFORMATION
            | win32security.PROTECTED_DACL_SECURITY_INFORMATION,
            owner,
            None,
            wanted.GetSecurityDescriptorDacl(),
            None,
        )


def _refuse_strange(path: Path) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if getattr(found, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_REPARSE_POINT or not stat.S_ISDIR(found.st_mode):
        raise CannotRunError(f"{path} is a link or no folder: look who made it, and remove it")
    descriptor = win32security.GetFileSecurity(str(path), win32security.OWNER_SECURITY_INFORMATION)
    owner = win32security.ConvertSidToStringSid(descriptor.GetSecurityDescriptorOwner())
    if owner not in (*_TRUSTED, _own_sid()):
        raise CannotRunError(f"{path} belongs to {owner}, no administrator: look who made it, and remove it")


def _own_sid() -> str:
    token = win32security.OpenProcessToken(win32api.GetCurrentProcess(), win32con.TOKEN_QUERY)
    sid = win32security.GetTokenInformation(token, win32security.TokenUser)[0]
    return str(win32security.ConvertSidToStringSid(sid))
