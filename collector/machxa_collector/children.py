"""Run child processes that die with this one, and start again those that end by themselves."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_STOP_SECONDS = 10.0
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0


class Kept:
    """Keep a program running: after it ends, wait a second, doubling to a minute until it has run for a minute.

    begin may fail but for the first time.
    """

    def __init__(self, name: str, begin: Callable[[], subprocess.Popen[bytes]], now: float) -> None:
        """Start it; now is monotonic time, in seconds, here and below."""
        self._name = name
        self._begin = begin
        self._wait = _FIRST_WAIT_SECONDS
        self._again_at: float | None = None
        self._start(now)

    def look(self, now: float) -> None:
        """Notice that it ended, or start it again when that is due."""
        if self._again_at is None:
            if self._child.poll() is None:
                return
            if now - self._started_at >= _LONGEST_WAIT_SECONDS:
                self._wait = _FIRST_WAIT_SECONDS
            logger.error(
                "%s ended with status %s; it starts again in %.0f s", self._name, self._child.returncode, self._wait
            )
            self._again_at = now + self._wait
            self._wait = min(2 * self._wait, _LONGEST_WAIT_SECONDS)
        elif now >= self._again_at:
            self._again_at = None
            try:
                self._start(now)
            except Exception:
                logger.exception("%s cannot be started; it is tried again in %.0f s", self._name, self._wait)
                self._again_at = now + self._wait
                self._wait = min(2 * self._wait, _LONGEST_WAIT_SECONDS)

    def stop(self) -> None:
        """End it for good."""
        stop(self._child)

    def _start(self, now: float) -> None:
        self._started_at = now
        self._child = self._begin()


def start(
    command: Sequence[str],
    log: Path | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    is_heard: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a program that the kernel ends when this process ends, however that happens (Linux).

    Elsewhere the child's standard input closes then, and the child must watch it. What it says goes to the end of
    log, or where ours goes; environment is added to ours. is_heard: its standard output is the caller's to read.
    """
    with ExitStack() as stack:
        said = None if log is None else stack.enter_context(log.open("ab"))
        return subprocess.Popen(  # noqa: S603 - our own programs with our own arguments
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if is_heard else said,
            stderr=said,
            process_group=0 if os.name == "posix" else None,  # Ctrl-C is for us: we stop them in order
            env=None if environment is None else {**os.environ, **environment},
            preexec_fn=_dying_with(os.getpid()) if sys.platform == "linux" else None,  # noqa: PLW1509 - two system calls
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


def _dying_with(parent: int) -> Callable[[], None]:
    """Return what a child does first; the library is loaded before the fork, since other threads may hold locks."""
    prctl = ctypes.CDLL(None).prctl

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return tie
