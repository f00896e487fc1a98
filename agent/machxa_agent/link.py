"""Bring the outbox's records to the collector over one connection after the other.

One thread owns it: a select that sleeps until the next thing is due. Everything that may fail is tried again
with a jittered, growing wait; sampling goes on in its own thread whatever happens here.
"""

from __future__ import annotations

import logging
import select
import time
from typing import Callable, Optional

from machxa_agent import crash
from machxa_agent.connection import Connection, LinkDown, Moved, will_delay_of
from machxa_agent.downlink import Downlink, Heard
from machxa_agent.identity import Identity
from machxa_agent.link_client import NOBODY_LISTENS, TAKEN_OVER, BrokerClient, Will
from machxa_agent.outbox.shelf import Outbox
from machxa_agent.schedule import STABLE_SECONDS, BackOff
from machxa_agent.waker import Waker
from machxa_agent.ways import Ways
from machxa_agent.window import Window
from machxa_wire.encode import encode, encode_presence
from machxa_wire.records import Hello, Presence
from machxa_wire.topics import CENTRE_PRESENCE

logger = logging.getLogger(__name__)

_CONNACK_SECONDS = 30.0
_TAKEN_OVER_SECONDS = 60.0
_SHORT_LIVED_MOST = 4  # connections in a row that break within a minute, before it is an event
_FAREWELL_SECONDS = 3.0
_FAILURE = 0x80  # reason codes from here on are errors
_BROKEN_SECONDS = 300.0  # between hellos while the outbox cannot write: the newest reading still arrives


class Link:
    """Keep a connection to the broker until ``stop``."""

    def __init__(
        self,
        identity: Identity,
        outbox: Outbox,
        hello: Callable[[], Hello],
        heard: Heard,
        *,
        boot: str,
        random: Callable[[], float],
        ways: Optional[Ways] = None,
    ) -> None:
        """Prepare a link; hello is asked for at every connection, heard takes what is not the link's business.

        Without ways it knows the identity's broker alone.
        """
        self._identity = identity
        self._outbox = outbox
        self._hello = hello
        self._heard = heard
        self._boot = boot
        self.monotonic: Callable[[], float] = time.monotonic  # asked in every turn: a watched clock may replace it
        self._random = random
        self.ways = ways or Ways(identity)
        depth = outbox.depth()
        self._stream = depth.stream
        self._window = Window(random, depth.acknowledged)
        self.downlink = Downlink(identity, outbox, self._window, heard)
        self.waker = Waker()
        self._stopping = False
        self._short_lived = 0
        self.state = "starting"  # one phrase for status

    @property
    def window(self) -> Window:
        """Return what decides what is sent when."""
        return self._window

    def wake(self) -> None:
        """Make the link look at the outbox now. Safe from any thread and from a signal handler."""
        self.waker.wake()

    def stop(self) -> None:
        """Make ``run`` say good-bye and return. Safe from any thread and from a signal handler."""
        self._stopping = True
        self.wake()

    def run(self, farewell: Callable[[], None]) -> None:
        """Stay connected until stopped; farewell is called once then, before the last records are sent."""
        back_off = BackOff(self._random)
        while not self._stopping:
            connection: Optional[Connection] = None
            least, held, spread, before = 0.0, 0.0, 0.0, self._outbox.depth().acknowledged
            try:
                connection = self._open()
                self._serve(connection)
            except Moved as exc:
                self._leave(connection, str(exc))
                continue
            except (LinkDown, OSError) as exc:
                self._tell("not connected: " + str(exc))
                if connection is not None and connection.client.ended == TAKEN_OVER:
                    least = _TAKEN_OVER_SECONDS
                    self._heard.event("machxa.link.taken_over", {"boot": self._boot})
            except Exception:
                logger.exception("the link failed; it starts again")
            else:
                self._part(connection, farewell)
                return
            if connection is not None:
                connection.client.abandon()
                if connection.established_at is not None:
                    held = self.monotonic() - connection.established_at
                    self._count_short_lived(held)
                    spread = self._window.spread() if connection.client.closed else 0.0
            self._parted()
            if self.ways.broke(is_dead=connection is not None and not connection.client.closed):
                continue
            progressed = self._outbox.depth().acknowledged > before
            seconds = max(spread, back_off.next(held, progressed=progressed, least=least))
            self.waker.pause(seconds, lambda: self._stopping)
        farewell()

    def _leave(self, connection: Optional[Connection], why: str) -> None:
        """End a connection in good order, without the agent's good-bye: no will, and it stays "on"."""
        if connection is not None:
            connection.client.disconnect()
            connection.client.abandon()
        self._parted()
        self._tell(f"moving: {why}")

    def _parted(self) -> None:
        self._window.disconnected()
        self.ways.parted()

    def _count_short_lived(self, held_seconds: float) -> None:
        """Tell once when connections break again and again: a bad line, or another agent with our id.

        Not every broker says "session taken over" (mosquitto 2.0 just closes), so both look alike from here.
        """
        self._short_lived = 0 if held_seconds >= STABLE_SECONDS else self._short_lived + 1
        if self._short_lived == _SHORT_LIVED_MOST:
            self._heard.event("machxa.link.unstable", {"connections": self._short_lived, "boot": self._boot})

    def _open(self) -> Connection:
        identity = self._identity
        role, route = self.ways.role, self.ways.current
        payload = encode_presence(Presence("lost", self._boot, role))
        will = Will(identity.address.presence, payload, will_delay_of(role))

        def connected() -> None:
            self._established(connection)

        def confirmed(mid: int, reason: int) -> None:
            self._confirmed(connection, mid, reason)

        client = BrokerClient(
            identity.address.agent,
            identity.key,
            will,
            encryption=identity.encryption,
            connected=connected,
            received=lambda message: self.downlink.take(message, self.monotonic()),
            confirmed=confirmed,
        )
        connection = Connection(client, self.monotonic(), role, route)
        client.connect(route, connection.keepalive)
        connection.opened_at = self.monotonic()
        return connection

    def _established(self, connection: Connection) -> None:
        now = self.monotonic()
        connection.established_at = connection.said_at = connection.heard_at = connection.hello_at = now
        connection.ping_at = now + connection.keepalive
        address = self._identity.address
        connection.client.subscribe(address.down, CENTRE_PRESENCE)
        presence = encode_presence(Presence("on", self._boot, connection.role))
        connection.client.publish(address.presence, presence, retain=True)
        self._window.connected(now)
        self._tell("connected to " + self.ways.stood(connection, now))

    def _confirmed(self, connection: Connection, mid: int, reason: int) -> None:
        """Take the broker's word for what it is: it has the message, which says nothing about the collector."""
        seq = connection.records.pop(mid, None)
        if seq is None:
            return
        if reason == NOBODY_LISTENS or reason >= _FAILURE:
            self._window.nobody_listens(self.monotonic())

    def _serve(self, connection: Connection) -> None:
        """Send and receive until the connection is down or the link is stopped."""
        while not self._stopping:
            now = self.monotonic()
            if connection.established_at is not None:
                self.ways.stay(connection, now, self.wake)
                self._send(connection, now)
            self._wait(connection, self._due(connection, now))

    def _wait(self, connection: Connection, due: float) -> None:
        """Sleep until the socket, a wake-up or the due time, and take in what came."""
        client = connection.client
        handle = client.socket()
        if handle is None:
            raise LinkDown(client.refused or client.trouble or f"connection lost (reason {client.ended})")
        writers = [handle] if client.wants_to_write() else []
        seconds = max(0.0, due - self.monotonic())
        readable, writable, _ = select.select([handle, *self.waker.readers()], writers, [], seconds)
        self.waker.take(readable)
        if handle in readable:
            connection.heard_at = self.monotonic()
            client.read()
        if handle in writable:
            client.write()
        now = self.monotonic()
        if now >= connection.ping_at:
            connection.kept(now, has_pinged=client.keep_alive())
        if client.socket() is None or client.refused:
            raise LinkDown(client.refused or client.trouble or f"connection lost (reason {client.ended})")
        if connection.established_at is None and self.monotonic() - connection.opened_at > _CONNACK_SECONDS:
            raise LinkDown(f"the broker did not answer within {_CONNACK_SECONDS:.0f} s")

    def _due(self, connection: Connection, now: float) -> float:
        """Return when something has to be done though nothing comes."""
        if connection.established_at is None:
            return connection.opened_at + _CONNACK_SECONDS + 1.0
        others = (connection.ping_at, self._window.due(now), connection.hello_at, self.ways.due())
        return min(one for one in others if one is not None)

    def _send(self, connection: Connection, now: float) -> None:
        """Send the hello and the records that are due."""
        said_at = connection.said_at
        if self.downlink.centre_changed:
            self.downlink.centre_changed = False
            connection.hello_at = self._window.hold_until
        asked, self.downlink.asked_boot = self.downlink.asked_boot, None
        if asked == self._boot:  # of an earlier one we can tell nothing any more
            connection.asked(now)
        depth = self._outbox.depth()
        if connection.hello_at is not None and now >= connection.hello_at:
            self._publish(connection, encode(self._hello()), now)
            connection.introduced_at = now
            connection.hello_at = now + _BROKEN_SECONDS if depth.fault else None
        elif depth.fault and connection.hello_at is None:
            connection.hello_at = now
        if depth.stream != self._stream:
            self._stream = depth.stream
            self._window.restart(depth.acknowledged)
        self._window.expire(now)
        if self._window.timeouts > 1 and connection.heard_at < said_at:
            raise LinkDown("nothing comes back")
        while True:
            room = self._window.room(depth.waiting_records, now)
            waiting = self._outbox.peek(room.after_seq, room.records, room.bytes) if room else ()
            for one in waiting:
                mid = self._publish(connection, one.payload, now)
                connection.records[mid] = one.seq
                self._window.sent(one.seq, len(one.payload), now)
                crash.reached("agent_after_publish_before_ack")
            if not waiting:
                break

    def _publish(self, connection: Connection, payload: bytes, now: float) -> int:
        connection.said_at = now
        return connection.client.publish(self._identity.address.up, payload)

    def _part(self, connection: Connection, farewell: Callable[[], None]) -> None:
        """Say good-bye: the last records, presence "off", and a disconnect that fires no will."""
        farewell()
        if connection.established_at is None:
            return
        try:
            now = self.monotonic()
            until = now + _FAREWELL_SECONDS
            self._send(connection, now)
            presence = encode_presence(Presence("off", self._boot, connection.role))
            off = connection.client.publish(self._identity.address.presence, presence, retain=True)
            connection.records[off] = 0
            while off in connection.records and self.monotonic() < until:
                self._wait(connection, min(until, self.monotonic() + 1.0))
            while self._window.in_flight and self.monotonic() < until:
                self._wait(connection, until)
            connection.client.disconnect()
            while connection.client.wants_to_write() and self.monotonic() < until:
                connection.client.write()
        except (LinkDown, OSError) as exc:
            logger.info("good-bye was cut short: %s", exc)
        self._tell("stopped")

    def _tell(self, state: str) -> None:
        if state != self.state:
            self.state = state
            logger.info("link: %s", state)
            self._heard.link_state(state)
