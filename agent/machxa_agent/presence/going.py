"""Find out why this computer goes, in the moment the agent is told to end."""

from __future__ import annotations

import os
from typing import Optional

from machxa_agent.presence.ended import RESTART, SHUTDOWN, STOP
from machxa_agent.presence.wtmp import RUN_LEVEL, entries

_SYSTEMCTL = ("/usr/bin/systemctl", "/bin/systemctl")
_TIMEOUT_SECONDS = 2.0
_TARGETS = {"reboot.target": RESTART, "kexec.target": RESTART, "poweroff.target": SHUTDOWN, "halt.target": SHUTDOWN}
_MOST_BYTES = 64 * 1024


def reason(root: str = "") -> str:
    """Return "shutdown", "restart", or "stop" where only the agent ends.

    systemd has a job to start one of its last targets then; sysvinit has written the level to /run/utmp.
    """
    return _by_systemd() or _by_level(root) or STOP


def from_targets(text: str) -> Optional[str]:
    """Return why the system goes, from ``systemctl show --property=Id,Job``; None where it stays."""
    for block in text.split("\n\n"):
        said = dict(line.partition("=")[::2] for line in block.splitlines())
        if said.get("Job", "0") not in ("", "0") and said.get("Id") in _TARGETS:
            return _TARGETS[said["Id"]]
    return None


def _by_systemd() -> Optional[str]:
    program = next((one for one in _SYSTEMCTL if os.path.exists(one)), None)  # noqa: PTH110 - pathlib is not needed
    if program is None or not os.path.isdir("/run/systemd/system"):  # noqa: PTH112 - sd_booted(3)
        return None
    from machxa_agent.child import NoAnswerError, answer  # noqa: PLC0415 - at the end alone

    try:
        said = answer((program, "show", "--property=Id,Job", *_TARGETS), _TIMEOUT_SECONDS)
    except NoAnswerError:
        return None
    return from_targets(said.decode("utf-8", "replace"))


def _by_level(root: str) -> Optional[str]:
    try:
        with open(root + "/run/utmp", "rb") as file:  # noqa: PTH123 - as above
            levels = [one.level for one in entries(file.read(_MOST_BYTES)) if one.kind == RUN_LEVEL]
    except OSError:
        return None
    return {"0": SHUTDOWN, "6": RESTART}.get(levels[-1]) if levels else None
