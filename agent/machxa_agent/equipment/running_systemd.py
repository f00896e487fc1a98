"""Find a program among all processes that systemd knows: where /proc hides those of others, it still tells their names.

Asked when a program is looked for, at most every five minutes. What else stands in a command line is not looked at.
"""

from __future__ import annotations

import json
import os
import shlex
from typing import Callable, Optional, Sequence, Tuple

from machxa_agent.child import NoAnswerError, answer
from machxa_agent.equipment.running import Found, Process

_BUSCTL = ("/usr/bin/busctl", "/bin/busctl")
_MANAGER = ("org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager")
_TIMEOUT_SECONDS = 5.0
_MOST_BYTES = 2 * 1024 * 1024  # some hundred processes of a browser with 3 KB of arguments each
_NAME_CHARACTERS = 15  # as in proc_pid_comm(5)
_RUN_SCRIPTS = ("python", "perl", "bash", "sh", "dash", "ruby", "java", "mono", "node")

Ask = Callable[[Sequence[str], float, int], bytes]


def program(name: str, ask: Ask = answer) -> Optional[Found]:
    """Return how a program is, None where systemd does not tell; since when it runs stays unknown."""
    busctl = next((one for one in _BUSCTL if os.path.exists(one)), _BUSCTL[0])  # noqa: PTH110
    command = (busctl, "--json=short", "call", *_MANAGER, "GetUnitProcesses", "s", "--", "-.slice")
    try:
        listed = json.loads(ask(command, _TIMEOUT_SECONDS, _MOST_BYTES).decode("utf-8", "replace"))["data"][0]
        all_of_them = [(str(group), int(pid), str(line)) for group, pid, line in listed]
    except (NoAnswerError, ValueError, KeyError, IndexError, TypeError):
        return None
    if not any(pid == 1 for _, pid, _ in all_of_them):  # init is always there: this is not the whole list
        return None
    named = [(pid, group) for group, pid, line in all_of_them if any(_is(name, one) for one in names(line))]
    if not named:
        return Found(is_up=False)
    pid, group = min(named)  # as a rule the oldest
    return Found(is_up=True, process=Process(pid, 0.0, group))


def names(command_line: str) -> Tuple[str, ...]:
    """Return what a process of a command line may be called: its program, and the script that runs in it.

    The line is quoted as for a shell, in systemd before 247 not at all.
    """
    try:
        words = shlex.split(command_line)
    except ValueError:
        words = command_line.split()
    if not words:
        return ()
    first = _last_part(words[0])
    if first.rstrip("0123456789.") not in _RUN_SCRIPTS:
        return (first,)
    scripts = (_last_part(one) for one in words[1:] if not one.startswith("-"))
    return tuple(one for one in (first, next(scripts, "")) if one)


def _is(wanted: str, called: str) -> bool:
    """Return whether a process is meant; its name as /proc tells it, cut to 15 characters, means it too."""
    return called == wanted or (len(wanted) == _NAME_CHARACTERS and called[:_NAME_CHARACTERS] == wanted)


def _last_part(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
