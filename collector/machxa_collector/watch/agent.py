"""Tell from an agent's records whether its computer is here, since the moment it became true. Pure."""

from __future__ import annotations

from machxa_collector.watch.placing import Placing
from machxa_collector.watch.presence import State
from machxa_wire.records import Stamp

# When the broker publishes a will, the last packet is one and a half keepalives and the will's delay old; the computer
# went at some moment between that packet and the next that was due. Its middle is the best guess.
_WILL_AGE_MS = {True: 50_000, False: 23 * 60_000}
_CURRENT_MS = 90_000  # a record that arrives within this is news, no backlog
_AWAY_MS = 120_000  # who was silent for so long comes back with a backlog
_DRAIN_MS = 600_000  # and is believed after so long whatever it sends


class Agent:
    """Follow one agent. Times are milliseconds since 1970 UTC.

    edge: it is, or last was, connected as gateway or standby, with a short keepalive. alive_at is the newest stamp
    heard, heard_at when a record last arrived, gone_at when it fell silent without a good-bye (None while it is
    here or said one), back_at when it last came back with a backlog (None: all is told), booted_at when its newest
    boot began.
    """

    __slots__ = (
        "alive_at",
        "back_at",
        "booted_at",
        "edge",
        "gone_at",
        "heard_at",
        "online",
        "placing",
        "since",
        "state",
    )

    def __init__(self, *, edge: bool) -> None:
        """Begin with nothing heard."""
        self.edge = edge
        self.placing = Placing()
        self.state = State.UNKNOWN
        self.since: int | None = None
        self.online = False
        self.alive_at = 0
        self.heard_at = 0
        self.gone_at: int | None = None
        self.back_at: int | None = None
        self.booted_at = 0

    @property
    def linked(self) -> bool:
        """Tell whether the centre hears it now."""
        return self.online and self.state is State.UP

    def drains(self, now: int) -> bool:
        """Tell whether what it says may still be about the past."""
        return self.back_at is not None and now - self.back_at < _DRAIN_MS

    def hello(self, stamp: Stamp, received_at: int, waiting: int) -> None:
        """Take a hello: it is here, and so many records of a backlog come."""
        was_away = received_at - self.alive_at > _AWAY_MS and self.alive_at > 0
        self.placing.hello(stamp, received_at)
        self.online = True
        self.heard(stamp, received_at)
        self.back_at = received_at if waiting or was_away else None

    def heard(self, stamp: Stamp, received_at: int) -> int:
        """Take any record's stamp; return when it was made."""
        at = self.placing.at(stamp, received_at)
        self.booted_at = max(self.booted_at, self.placing.booted(stamp))
        self.alive_at = max(self.alive_at, at)
        self.heard_at = max(self.heard_at, received_at)
        if received_at - at <= _CURRENT_MS:
            self.back_at = None
        if self.since is None or at > self.since:
            self._be(State.UP, received_at if self.state is State.LOST else at)
        return at

    def here(self, received_at: int) -> None:
        """Take the broker's word that it is connected."""
        self.online = True
        self.heard_at = max(self.heard_at, received_at)
        self._be(State.UP, received_at)

    def off(self, at: int) -> None:
        """Take a good-bye; one that comes late corrects what was thought, one that is outdated says nothing."""
        if at >= self.alive_at or (self.state is State.LOST and self.alive_at - at < _CURRENT_MS):
            self.online = False
            self.state, self.since, self.gone_at = State.OFF, at, None

    def asleep(self, at: int) -> None:
        """Take the word that it went to sleep."""
        if at >= self.alive_at or self.state is State.LOST:
            self.state, self.since, self.gone_at = State.ASLEEP, at, None

    def lost(self, received_at: int) -> None:
        """Take the broker's will."""
        self.online = False
        if self.state is State.UP:
            self._silent(max(self.alive_at, received_at - _WILL_AGE_MS[self.edge]))
        elif self.state is State.UNKNOWN and self.edge:
            self._silent(received_at - _WILL_AGE_MS[True])
        elif self.state is State.UNKNOWN:
            self.state, self.since = State.LOST, received_at  # a will kept by the broker may be days old

    def vanished(self, at: int) -> None:
        """Take a neighbour's word that it left the site's network."""
        if self.state in (State.UP, State.UNKNOWN) and self.alive_at <= at:
            self._silent(at)

    def _silent(self, at: int) -> None:
        self.state, self.since, self.gone_at = State.LOST, at, at

    def _be(self, state: State, at: int) -> None:
        if self.state is not state:
            self.state, self.since = state, at
        self.gone_at = None
