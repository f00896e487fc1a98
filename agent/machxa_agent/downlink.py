"""Take in what comes down: acknowledgements, settings, the centre's presence. Everything else is counted and left."""

from __future__ import annotations

import logging
from typing import Dict, Mapping, Optional, Protocol, Tuple

from machxa_agent.identity import Identity
from machxa_agent.link_client import Received
from machxa_agent.outbox.shelf import Outbox
from machxa_agent.window import Window
from machxa_wire import mac
from machxa_wire.downward import decode_ack, decode_centre
from machxa_wire.records import Scalar
from machxa_wire.refusal import Reason, Refused
from machxa_wire.topics import CENTRE_PRESENCE

logger = logging.getLogger(__name__)


class Heard(Protocol):
    """Take what the link hears or notices and others act on."""

    def settings(self, payload: bytes) -> None:
        """Take settings whose MAC fits; raises Refused for bad ones."""

    def policy(self, payload: bytes) -> None:
        """Take a policy whose MAC fits; raises Refused for a bad one."""

    def whole_facts(self) -> None:
        """Send the facts in whole: the collector lacks what the last difference builds on."""

    def notice(self, payload: bytes) -> None:
        """Take what the centre knows, for people at this computer; its MAC fits; raises Refused."""

    def role(self, payload: bytes) -> None:
        """Take an order of a role whose MAC fits; raises Refused for a bad one."""

    def event(self, name: str, attributes: Mapping[str, Scalar]) -> None:
        """Keep an event."""

    def link_state(self, state: str) -> None:
        """Take a new state of the link, a phrase for people."""


class Downlink:
    """Judge each message that comes down and pass it on."""

    def __init__(self, identity: Identity, outbox: Outbox, window: Window, heard: Heard) -> None:
        """Serve one agent's link; centre_changed is set when the link shall introduce itself again.

        asked_boot is the boot of which the centre asks a hello, None when it does not.
        """
        self._identity = identity
        self._outbox = outbox
        self._window = window
        self._heard = heard
        self.centre_changed = False
        self.asked_boot: Optional[str] = None
        self._told: Optional[Tuple[float, float]] = None  # the centre's time, and ours (monotonic) when it came
        self.refused: Dict[str, int] = {}

    def take(self, message: Received, now: float) -> None:
        """Act on one message; a bad one is counted under its reason and logged the first time."""
        try:
            self._take(message, now)
        except Refused as refused:
            self._count(refused.reason.value, message.topic, str(refused))

    def centre_s(self, now: float) -> Optional[float]:
        """Return the centre's time, in seconds since 1970 UTC, None before it told; now is monotonic."""
        return None if self._told is None else self._told[0] + now - self._told[1]

    def _take(self, message: Received, now: float) -> None:
        address = self._identity.address
        if message.topic == CENTRE_PRESENCE:
            self._centre(message.payload, now)
            return
        if not mac.verify(self._identity.key, message.topic, message.payload, message.mac):
            raise Refused(Reason.MAC, "the MAC does not fit")
        if message.topic == address.ack:
            self._ack(message.payload, now)
        elif message.topic == address.config:
            self._heard.settings(message.payload)
        elif message.topic == address.policy:
            self._heard.policy(message.payload)
        elif message.topic == address.notice:
            self._heard.notice(message.payload)
        elif message.topic == address.role:
            self._heard.role(message.payload)
        else:
            raise Refused(Reason.TOPIC, "not a topic this version reads")

    def _centre(self, payload: bytes, now: float) -> None:
        """Take the centre's presence as the hint it is: it carries no MAC and can only delay, within bounds."""
        centre = decode_centre(payload)
        if not centre.up:
            self._window.centre_is_down(now)
        elif self._window.centre_is_up(centre.instance, centre.spread_seconds, now):
            self.centre_changed = True

    def _ack(self, payload: bytes, now: float) -> None:
        ack = decode_ack(payload)
        if ack.time is not None:
            self._told = (ack.time / 1000, now)
        if not self._outbox.acknowledge(ack.stream, ack.upto):
            self._count("stream", self._identity.address.ack, f"acknowledges stream {ack.stream}")
            return
        self._window.acknowledged(ack.upto, now)
        self.asked_boot = ack.hello or self.asked_boot
        if ack.whole:
            self._heard.whole_facts()
        if ack.need is not None and self._outbox.need(ack.stream, ack.need):
            logger.warning("the collector needs everything from record %d again", ack.need)
            self._window.restart(ack.need - 1)

    def _count(self, reason: str, topic: str, detail: str) -> None:
        if reason not in self.refused:
            logger.warning("a message on %s is refused: %s", topic, detail)
        self.refused[reason] = self.refused.get(reason, 0) + 1
