"""Ask a program of this computer, bounded in time and in what it may say; its arguments are ours, never a message's."""

# ruff: noqa: PLC0415 - subprocess is loaded where there is a program to ask

from __future__ import annotations

import os
import sys
from typing import Sequence

_MOST_BYTES = 512 * 1024
_NO_WINDOW = 0x08000000  # CREATE_NO_WINDOW
_BELOW_NORMAL = 0x00004000  # BELOW_NORMAL_PRIORITY_CLASS
_POWERSHELL = r"System32\WindowsPowerShell\v1.0\powershell.exe"
_QUIET = ("-NoLogo", "-NoProfile", "-NonInteractive", "-Command")
# Errors of one class must not cost the others; text leaves as UTF-8 whatever the console's code page is.
_PREAMBLE = "$ErrorActionPreference='SilentlyContinue';[Console]::OutputEncoding=[Text.Encoding]::UTF8;"


class NoAnswerError(Exception):
    """Say which program did not answer, and why."""


def answer(command: Sequence[str], timeout_seconds: float, most_bytes: int = _MOST_BYTES) -> bytes:
    """Return what a program writes to its standard output, whatever its exit status; raises NoAnswerError.

    It is ended when it takes longer or says more.
    """
    import subprocess
    import threading

    flags = _NO_WINDOW | _BELOW_NORMAL if sys.platform == "win32" else 0
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        child = subprocess.Popen(  # noqa: S603 - a constant program with constant arguments
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=flags,
            env=environment,
        )
    except OSError as exc:
        raise NoAnswerError(f"{command[0]} cannot be started: {exc}") from exc
    late = threading.Timer(timeout_seconds, child.kill)
    late.daemon = True
    late.start()
    with child:
        said = child.stdout.read(most_bytes + 1) if child.stdout else b""
        if len(said) > most_bytes:
            child.kill()
    is_late = late.finished.is_set()
    late.cancel()
    if is_late:
        raise NoAnswerError(f"{command[0]} was ended after {timeout_seconds:.0f} s")
    if len(said) > most_bytes:
        raise NoAnswerError(f"{command[0]} was ended after {most_bytes} bytes")
    return said


def powershell(script: str, timeout_seconds: float) -> bytes:
    """Return what a constant script writes; raises NoAnswerError. Before Windows 10 there may be no CIM to ask."""
    return answer((system_program(_POWERSHELL), *_QUIET, _PREAMBLE + script), timeout_seconds)


def system_program(path: str) -> str:
    """Return the full path of a program below the Windows folder, so that no other of its name is run."""
    return os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), path)  # noqa: PTH118 - Windows' own separators
