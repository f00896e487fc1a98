"""Decide what may be sent when: go-back-N over the collector's acknowledgements. Pure, in monotonic seconds.

Only an acknowledgement moves it on; what the broker says is at most a hint. While a backlog drains it uses
half the line: after each window it waits as long as that window took to be acknowledged.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Callable, Deque, Optional, Tuple

from machxa_wire.limits import WINDOW_BYTES, WINDOW_RECORDS

RESEND_SECONDS = 30.0
PACKET_BYTES = 200  # of MQTT, TLS, TCP and IP around a record, both ways: measured, shared over what goes together
MOVED_SECONDS = 5.0  # without an answer; a collector answers within one
RESEND_MOST_SECONDS = 600.0
SPREAD_MOST_SECONDS = 600.0  # the centre's presence carries no MAC, so it may hold us up no longer


@dataclass(frozen=True)
class Room:
    """Say what may be sent now: records beyond a seq, within counts."""

    after_seq: int
    records: int
    bytes: int


class Window:
    """Track one connection after the other; random returns 0 to 1."""

    def __init__(self, random: Callable[[], float], acknowledged: int = 0) -> None:
        self._random = random
        self._in_flight: Deque[Tuple[int, int]] = deque()
        self._flying_bytes = 0
        self._acknowledged = acknowledged
        self._last = acknowledged
        self._connected = False
        self._hold_until = 0.0
        self._progress_at = 0.0
        self._round_at = 0.0
        self._draining = False
        self._resend_seconds = RESEND_SECONDS
        self._instance: Optional[str] = None
        self._spread_seconds = 0.0
        self._comes_spread = False
        self.sent_bytes = 0  # of records, since the start, what was sent again among them
        self.seconds_per_byte = 0.0  # that what waits waits at least, for what was sent: set while too much was
        self._round_bytes = 0
        self.timeouts = 0  # in a row, since something was acknowledged

    @property
    def hold_until(self) -> float:
        """Return until when nothing is sent."""
        return self._hold_until

    @property
    def in_flight(self) -> int:
        """Return how many records are sent and not acknowledged."""
        return len(self._in_flight)

    def restart(self, acknowledged: int) -> None:
        """Begin again after a seq: the outbox has a new stream, or the collector needs old records."""
        self._acknowledged = acknowledged
        self._resend_seconds = RESEND_SECONDS
        self._go_back()

    def connected(self, now: float) -> None:
        """Take in a new connection: all that is unacknowledged goes again, spread if the centre ever asked for it.

        A connection that was itself put off by the spread brings its records at once.
        """
        self._connected = True
        self.timeouts = 0
        self._go_back()
        self._hold_until = now if self._comes_spread else now + self._random() * self._spread_seconds
        self._comes_spread = False

    def spread(self) -> float:
        """Return the seconds to wait before coming back to a broker that left us, as it left all others."""
        self._comes_spread = True
        return self._random() * self._spread_seconds

    def disconnected(self) -> None:
        """Take in that nothing can be sent."""
        self._connected = False
        self._go_back()

    def centre_is_up(self, instance: str, spread_seconds: float, now: float) -> bool:
        """Take in the centre's presence; return whether it is another one, which has to be told everything again.

        The same one again says that another of its collectors may hear us now: what is long unanswered goes again.
        """
        known, self._instance = self._instance, instance
        self._spread_seconds = min(spread_seconds, SPREAD_MOST_SECONDS)
        until = now + self._random() * self._spread_seconds
        if known in (None, instance):
            self._hold_until = min(self._hold_until, until)
            if self._in_flight and now - self._progress_at >= MOVED_SECONDS:
                until = min(until, self._progress_at + self._resend_seconds)  # never later than without the word
                self._go_back()
                self._hold_until = until
            return False
        self._resend_seconds = RESEND_SECONDS
        self._go_back()
        self._hold_until = until if self._hold_until <= now else min(until, self._hold_until)
        return True

    def centre_is_down(self, now: float) -> None:
        """Take in that the centre said good-bye: wait for it, a bounded time, since anybody might have said so."""
        if self._hold_until <= now:
            self._go_back()
            self._hold_until = now + RESEND_MOST_SECONDS

    def nobody_listens(self, now: float) -> None:
        """Take in the broker's hint that no collector is subscribed: wait for its presence, or for the timer."""
        if self._in_flight:
            self._go_back()
            self._hold_until = now + self._resend_seconds
            self._resend_seconds = min(2 * self._resend_seconds, RESEND_MOST_SECONDS)

    def room(self, waiting_records: int, now: float) -> Optional[Room]:
        """Return what may be sent now, None when nothing; waiting_records are all that are unacknowledged."""
        self.expire(now)
        if not self._connected or now < self._hold_until:
            return None
        self._draining = waiting_records > WINDOW_RECORDS
        if self._draining and self._in_flight:
            return None
        records, size = WINDOW_RECORDS - len(self._in_flight), WINDOW_BYTES - self._flying_bytes
        if records <= 0 or size <= 0:
            return None
        return Room(self._last, records, size)

    def sent(self, seq: int, size: int, now: float) -> None:
        """Take in that a record was given to the broker."""
        if not self._in_flight:
            self._round_at = self._progress_at = now
            self._round_bytes = 0
        self.sent_bytes += size + PACKET_BYTES
        self._round_bytes += size + PACKET_BYTES
        self._in_flight.append((seq, size))
        self._flying_bytes += size
        self._last = seq

    def acknowledged(self, upto: int, now: float) -> None:
        """Take in that the collector has everything up to a seq."""
        if upto <= self._acknowledged:
            return
        self._acknowledged = upto
        self._last = max(self._last, upto)
        self._progress_at = now
        self._resend_seconds = RESEND_SECONDS
        self.timeouts = 0
        had = bool(self._in_flight)
        while self._in_flight and self._in_flight[0][0] <= upto:
            self._flying_bytes -= self._in_flight.popleft()[1]
        if had and not self._in_flight and self._draining:
            self._hold_until = now + max(now - self._round_at, self._round_bytes * self.seconds_per_byte)

    def expire(self, now: float) -> None:
        """Go back to the first unacknowledged record when nothing was acknowledged for too long."""
        if self._in_flight and now >= self._progress_at + self._resend_seconds:
            self._resend_seconds = min(2 * self._resend_seconds, RESEND_MOST_SECONDS)
            self.timeouts += 1
            self._go_back()

    def due(self, now: float) -> Optional[float]:
        """Return when to look again though nothing happens, None when never."""
        if not self._connected:
            return None
        if self._in_flight:
            return self._progress_at + self._resend_seconds
        return self._hold_until if self._hold_until > now else None

    def _go_back(self) -> None:
        self._in_flight.clear()
        self._flying_bytes = 0
        self._last = self._acknowledged
