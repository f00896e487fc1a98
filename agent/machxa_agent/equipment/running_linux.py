"""Look at services by systemd and at processes by /proc; where that hides others' from the agent, by systemd alone.

Its packaged unit does hide them (ProtectProc), as hidepid does. systemd tells everybody which process runs in which
control group, and a control group's list of processes is anybody's to read.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import Mapping, Optional, Tuple

from machxa_agent.equipment.running import Found, Process
from machxa_agent.measured import read_bytes

_SYSTEMCTL = ("/usr/bin/systemctl", "/bin/systemctl")
_GROUPS = ("/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified")  # one tree, or as it was before
_TIMEOUT_SECONDS = 5.0
_MICROSECONDS = 1_000_000
_NAME_CHARACTERS = 15  # TASK_COMM_LEN without its end, proc_pid_comm(5)
_STARTED = 19  # field 22 of proc_pid_stat(5), counted behind the name
PROPERTIES = (
    "LoadState,ActiveState,SubState,MainPID,ActiveEnterTimestampMonotonic,StateChangeTimestampMonotonic,ControlGroup"
)
_DOWN = frozenset(("inactive", "failed", "activating", "deactivating"))


class Linux:
    """Look below a root folder."""

    def __init__(self, root: str = "", ticks: Optional[int] = None) -> None:
        self._root = root
        self._ticks = ticks or os.sysconf("SC_CLK_TCK")

    def is_there(self, process: Process) -> bool:
        """Return whether this very process still runs."""
        if process.group:
            return process.pid in self._members(process.group)
        return self._process(process.pid) == process

    def find(self, name: str, *, is_service: bool) -> Optional[Found]:
        """Return how a service or a program is, None where it cannot be told."""
        return self._service(name) if is_service else self._program(name)

    def _service(self, name: str) -> Optional[Found]:
        program = next((one for one in _SYSTEMCTL if os.path.exists(one)), None)  # noqa: PTH110
        if program is None:
            return None
        from machxa_agent.child import NoAnswerError, answer  # noqa: PLC0415 - when there is a service to look for

        unit = name if name.rpartition(".")[2] in ("service", "socket", "timer", "mount") else name + ".service"
        try:
            said = answer((program, "show", "--property=" + PROPERTIES, "--", unit), _TIMEOUT_SECONDS)
        except NoAnswerError:
            return None
        text = said.decode("utf-8", "replace")
        is_up, pid, since = from_show(text, time.monotonic())
        if is_up is None:
            return None
        return Found(is_up, self._process(pid) or self._member(pid, text) if is_up and pid else None, since)

    def _program(self, name: str) -> Optional[Found]:
        """Return the oldest process of a name; the list of processes is read for this alone.

        None where others' processes are hidden and systemd does not tell of them: unseen is not down.
        """
        if self._process(1) is None:  # init is always there, and another's
            from machxa_agent.equipment.running_systemd import program  # noqa: PLC0415 - where it has to be asked

            return program(name)
        wanted = name.encode("utf-8")[:_NAME_CHARACTERS]
        numbers = [int(one) for one in os.listdir(self._root + "/proc") if one.isdigit()]  # noqa: PTH208
        found = [one for one in (self._process(pid, wanted) for pid in sorted(numbers)) if one is not None]
        oldest = min(found, key=lambda one: one.started, default=None)
        if oldest is None:
            return Found(is_up=False)
        up = float(read_bytes(self._root + "/proc/uptime").split()[0])
        return Found(is_up=True, process=oldest, since_seconds=max(0.0, up - oldest.started / self._ticks))

    def _process(self, pid: int, wanted: Optional[bytes] = None) -> Optional[Process]:
        """Return a process with its start, None where there is none, it is a zombie, or has another name."""
        try:
            said = read_bytes(f"{self._root}/proc/{pid}/stat")
        except OSError:
            return None
        name, _, rest = said.partition(b" (")[2].rpartition(b") ")
        fields = rest.split()
        if len(fields) <= _STARTED or fields[0] in (b"Z", b"X") or (wanted is not None and name != wanted):
            return None
        return Process(pid, float(fields[_STARTED]))

    def _member(self, pid: int, show: str) -> Optional[Process]:
        """Return a unit's process by its control group, None where that does not hold it."""
        group = _said(show).get("ControlGroup", "")
        return Process(pid, 0.0, group) if group and pid in self._members(group) else None

    def _members(self, group: str) -> Tuple[int, ...]:
        """Return the processes of a control group, none where there is no such group; cgroups(7)."""
        for tree in _GROUPS:
            with suppress(OSError, ValueError):
                return tuple(int(one) for one in read_bytes(f"{self._root}{tree}{group}/cgroup.procs").split())
        return ()


def _said(show: str) -> Mapping[str, str]:
    return dict(line.partition("=")[::2] for line in show.splitlines())


def from_show(text: str, monotonic_s: float) -> Tuple[Optional[bool], int, Optional[float]]:
    """Return whether a unit is up, its main process and since how many seconds, from ``systemctl show``.

    None where there is no such unit, or no systemd that answers. A unit between two starts (activating) is down.
    """
    said = _said(text)
    state = said.get("ActiveState", "")
    if said.get("LoadState") == "not-found" or state == "":
        return None, 0, None
    is_up = state not in _DOWN
    changed = said.get("ActiveEnterTimestampMonotonic" if is_up else "StateChangeTimestampMonotonic", "")
    micro = int(changed) if changed.isdigit() else 0
    since = max(0.0, monotonic_s - micro / _MICROSECONDS) if micro else None
    pid = said.get("MainPID", "")
    return is_up, int(pid) if pid.isdigit() else 0, since
