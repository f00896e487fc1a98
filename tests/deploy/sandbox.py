"""Run a program as the shipped units do, as far as that goes without systemd as the first process.

Without rights, with a read-only tree but for one folder, homes and /tmp of its own, traced: every system call it makes
is held against the unit's filter afterwards, since nothing here can load that filter.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

NOBODY = 65534
SYSTEMD = Path(__file__).parents[2] / "deploy/systemd"

_NAME = re.compile(r"^(?:\d+ +)?([a-z_0-9]+)\(", re.MULTILINE)
_WRITES_CODE = re.compile(r"mmap\([^)]*PROT_WRITE\|PROT_EXEC|(?:pkey_)?mprotect\([^)]*PROT_EXEC")
_MOUNTS = """
writable=$1; shift
mount --bind "$writable" "$writable"
for kept in 1 2 3; do
    mkdir -p "$writable/.$kept"
    mount --bind "$(eval echo "\\$$kept")" "$writable/.$kept"
done
for home in /root /home; do mount -t tmpfs -o mode=755 tmpfs "$home"; done
mount -t tmpfs -o mode=1777 tmpfs /tmp
for kept in 1 2 3; do
    place=$(eval echo "\\$$kept")
    mkdir -p "$place"
    mount --bind "$writable/.$kept" "$place"
    mount -o remount,ro,bind "$place"
done
mount -o remount,ro,bind /
cd /
shift 3
exec "$@"
"""
_READ = (sys.base_prefix, sys.prefix, str(Path(__file__).parents[2]))  # these may stand in somebody's home, or in /tmp
_ALWAYS = "@default"  # systemd adds it to every list of what is allowed
_NOT_OURS = frozenset({"execve", "setresuid", "setresgid", "setgroups"})  # setpriv's own, before the filter holds


def missing() -> str | None:
    """Return why nothing can be run so here, None when it can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "only root can give a process less than it has"
    absent = [name for name in ("unshare", "setpriv", "strace", "systemd-analyze") if shutil.which(name) is None]
    return f"not installed: {', '.join(absent)}" if absent else None


def start(
    command: Sequence[str], writable: Path, trace: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a command that may write below one folder only; trace, below it, will hold its system calls."""
    held = [
        *("unshare", "--mount", "--ipc", "--uts", "--propagation", "private", "sh", "-euc", _MOUNTS, "sh"),
        *(str(writable), *_READ, "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
        *("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "strace", "-f", "-qq", "-o", str(trace)),
    ]
    log = (writable / f"{trace.name}.log").open("wb")
    with log:
        return subprocess.Popen([*held, *command], env={"PATH": os.environ["PATH"], **environment}, stderr=log)


def allowed(unit: str) -> frozenset[str]:
    """Return the system calls that a shipped unit allows."""
    told: set[str] = set(_calls(_ALWAYS))
    for line in re.findall(r"^SystemCallFilter=(.+)$", (SYSTEMD / unit).read_text(encoding="utf-8"), re.MULTILINE):
        named = {call for group in line.lstrip("~").split() for call in _calls(group)}
        told = told - named if line.startswith("~") else told | named
    return frozenset(told)


def made(trace: Path) -> frozenset[str]:
    """Return the system calls of a traced run."""
    return frozenset(_NAME.findall(trace.read_text(encoding="utf-8", errors="replace")))


def beyond(trace: Path, unit: str) -> list[str]:
    """Return what a traced run did that its unit forbids."""
    text = trace.read_text(encoding="utf-8", errors="replace")
    return sorted(made(trace) - allowed(unit) - _NOT_OURS) + _WRITES_CODE.findall(text)


def _calls(group: str) -> list[str]:
    """Return the system calls of a group of systemd's, of the groups in it, too."""
    if not group.startswith("@"):
        return [group]
    told = subprocess.run(["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True)
    inside = [line.strip() for line in told.stdout.splitlines()[1:] if line.strip() and "#" not in line]
    return [call for one in inside for call in _calls(one)]
