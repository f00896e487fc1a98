"""Sleep in a select that any thread can end."""

from __future__ import annotations

import select
import socket
import time
from typing import Callable


class Waker:
    """Hold a pair of sockets: one end is selected on, the other wakes it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self.receiver, self._sender = socket.socketpair()
        for end in (self.receiver, self._sender):
            end.settimeout(0)

    def wake(self) -> None:
        """End a sleep now. Safe from any thread and from a signal handler."""
        try:
            self._sender.send(b"\0")
        except OSError:
            return  # it is full of wake-ups already

    def drain(self) -> None:
        """Take in the wake-ups so far."""
        try:
            while self.receiver.recv(64):
                pass
        except BlockingIOError:
            return

    def pause(self, seconds: float, is_over: Callable[[], bool]) -> None:
        """Sleep, unless it is over."""
        until = self._monotonic() + seconds
        while not is_over() and self._monotonic() < until:
            if select.select([self.receiver], [], [], max(0.0, until - self._monotonic()))[0]:
                self.drain()
