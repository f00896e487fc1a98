"""Run child processes that die with this one."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_STOP_SECONDS = 10.0


def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a program that the kernel ends when this process ends, however that happens (Linux).

    Elsewhere the child's standard input closes then, and the child must watch it.
    """
    linux = sys.platform == "linux"
    return subprocess.Popen(  # noqa: S603 - our own programs with our own arguments
        list(command),
        stdin=subprocess.PIPE,
        preexec_fn=_die_with_parent if linux else None,  # noqa: PLW1509 - the parent has one thread at this point
    )


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a child: by request first, by force after ten seconds."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        logger.warning("process %d did not stop when asked; it is killed", child.pid)
        child.kill()
        child.wait()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1:
        os._exit(1)
