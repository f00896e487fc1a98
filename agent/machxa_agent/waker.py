"""Sleep in a select that any thread can end, and that a file put into a folder does."""

from __future__ import annotations

import select
import socket
import time
from typing import Callable, List, Optional, Protocol, Sequence, Union


class Told(Protocol):
    """Be something else that may end a sleep."""

    @property
    def descriptor(self) -> Optional[int]:
        """Return what is selected on, None while there is nothing."""

    def drain(self) -> None:
        """Take in what came."""


class Waker:
    """Hold a pair of sockets: one end is selected on, the other wakes it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self.also: Optional[Told] = None
        self.receiver, self._sender = socket.socketpair()
        for end in (self.receiver, self._sender):
            end.settimeout(0)

    def wake(self) -> None:
        """End a sleep now. Safe from any thread and from a signal handler."""
        try:
            self._sender.send(b"\0")
        except OSError:
            return  # it is full of wake-ups already

    def readers(self) -> List[Union[int, socket.socket]]:
        """Return what to select on for reading."""
        descriptor = None if self.also is None else self.also.descriptor
        return [self.receiver] if descriptor is None else [self.receiver, descriptor]

    def take(self, readable: Sequence[object]) -> None:
        """Take in what select found of it."""
        if self.receiver in readable:
            self.drain()
        if self.also is not None and self.also.descriptor in readable:
            self.also.drain()

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
            self.take(select.select(self.readers(), [], [], max(0.0, until - self._monotonic()))[0])
