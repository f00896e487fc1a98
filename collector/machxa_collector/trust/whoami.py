"""Say who runs a command on this computer, for the audit trail."""

from __future__ import annotations

import os
import sys

from machxa_collector.registry.audit import Entry, Value

ORIGIN = "command line"


def user() -> str:
    """Return the login of whoever runs this, as the system knows it; the environment is not asked."""
    return f"{_login()}@command-line"


def act(now_ms: int, action: str, subject: str = "", **detail: Value) -> Entry:
    """Return the entry of an act on the command line."""
    return Entry(at=now_ms, actor=user(), origin=ORIGIN, action=action, subject=subject, detail=detail)


if sys.platform == "win32":

    def _login() -> str:
        return os.getlogin()
else:
    import pwd

    def _login() -> str:
        uid = os.getuid()
        try:
            return pwd.getpwuid(uid).pw_name
        except KeyError:
            return str(uid)
