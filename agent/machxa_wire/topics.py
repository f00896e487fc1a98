"""Build and take apart MQTT topics: they name the agent only, never where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

CENTRE_PRESENCE = "mx/1/centre/presence"
_AGENT = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_UP = re.compile(r"mx/1/([0-9a-f]{2})/(" + _AGENT + r")/(up|presence)", re.ASCII)


@dataclass(frozen=True)
class Address:
    """Say which agent: its id (a lower-case UUID) and its shard (two hex digits), both given at enrolment."""

    agent: str
    shard: str

    @property
    def base(self) -> str:
        """Return the topic prefix of this agent."""
        return f"mx/1/{self.shard}/{self.agent}"

    @property
    def up(self) -> str:
        """Return where the agent writes records."""
        return self.base + "/up"

    @property
    def presence(self) -> str:
        """Return where the agent's retained presence and its will stand."""
        return self.base + "/presence"

    @property
    def ack(self) -> str:
        """Return where the collector acknowledges."""
        return self.base + "/down/ack"

    @property
    def config(self) -> str:
        """Return where the collector's retained settings stand."""
        return self.base + "/down/config"

    @property
    def policy(self) -> str:
        """Return where the retained policy stands, signed offline."""
        return self.base + "/down/policy"

    @property
    def notice(self) -> str:
        """Return where stands, retained, what the report window shows as known."""
        return self.base + "/down/notice"

    @property
    def role(self) -> str:
        """Return where the retained order of the agent's role stands."""
        return self.base + "/down/role"

    @property
    def down(self) -> str:
        """Return the filter with which the agent hears the collector."""
        return self.base + "/down/#"


@dataclass(frozen=True)
class Upward:
    """Say what an agent wrote to: channel is "up" or "presence"."""

    address: Address
    channel: str


def parse_upward(topic: str) -> Optional[Upward]:
    """Return whom a topic belongs to, None when it is no topic an agent writes."""
    found = _UP.fullmatch(topic)
    if found is None:
        return None
    return Upward(Address(agent=found.group(2), shard=found.group(1)), found.group(3))


def subscription(shard: str = "+", channel: str = "up") -> str:
    """Return the collector's filter for one channel of one shard, or of all of them."""
    return f"mx/1/{shard}/+/{channel}"
