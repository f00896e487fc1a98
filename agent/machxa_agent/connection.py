"""Hold what the link knows of one connection, and how each role keeps it."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import Dict, Optional

from machxa_agent.link_client import BrokerClient
from machxa_agent.paths import Route
from machxa_wire.roles import GATEWAY, PC, STANDBY, is_private

KEEPALIVE_SECONDS = {PC: 900, GATEWAY: 45, STANDBY: 45}
ASKED_SECONDS = 10.0  # between a hello and the next one that is asked for
WILL_DELAY_SECONDS = {PC: 60, GATEWAY: 5, STANDBY: 5}


class LinkDown(Exception):
    """Say why a connection ended; the loop makes another one."""


class Moved(Exception):
    """Say that a connection is left on purpose, for another role or way; the next one is made at once."""


@dataclass
class Connection:
    """Hold what is known of one connection, made for a role and by a route."""

    client: BrokerClient
    opened_at: float
    role: str
    route: Route
    established_at: Optional[float] = None
    heard_at: float = 0.0
    said_at: float = 0.0
    ping_at: float = 0.0
    hello_at: Optional[float] = None
    introduced_at: float = 0.0
    records: Dict[int, int] = field(default_factory=dict)  # message id -> seq

    @property
    def keepalive(self) -> int:
        """Return the seconds between two signs of life."""
        return keepalive_of(self.role)

    def asked(self, now: float) -> None:
        """Take in that the centre asks for a hello; the one before may still be under way."""
        due = max(now, self.introduced_at + ASKED_SECONDS)
        self.hello_at = due if self.hello_at is None else min(self.hello_at, due)

    def kept(self, now: float, *, has_pinged: bool) -> None:
        """Take in a look whether to ping, and say when the next one is due.

        The client counts from a moment of its own, so what is due by our count may not be by its: then it is asked
        again soon. The broker ends a connection that is silent for one and a half times its keepalive.
        """
        every, quiet_since = self.keepalive, min(self.said_at, self.heard_at)
        if has_pinged:
            self.ping_at = now + every
        else:
            self.ping_at = quiet_since + every if now - quiet_since < every else now + every / 4


def keepalive_of(role: str) -> int:
    """Return a role's keepalive in seconds."""
    return KEEPALIVE_SECONDS.get(role, KEEPALIVE_SECONDS[PC])


def will_delay_of(role: str) -> int:
    """Return how long a broker waits before it sends the will, in seconds."""
    return WILL_DELAY_SECONDS.get(role, WILL_DELAY_SECONDS[PC])


def lan_address(client: BrokerClient) -> Optional[str]:
    """Return the private IPv4 address that packets to the centre leave by, None where it is none."""
    handle = client.socket()
    try:
        told = str(handle.getsockname()[0]) if handle is not None and handle.family == socket.AF_INET else ""
    except OSError:
        return None
    return told if is_private(told) else None
