"""Play any order of sending, acknowledging, cutting and waiting upon a window."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from machxa_agent.window import Window
from machxa_wire.limits import WINDOW_RECORDS


class Line(RuleBasedStateMachine):
    """Drive a window against a collector that loses, delays and restarts; numbers are records."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.window = Window(lambda: 0.5)
        self.high = 0
        self.received: set[int] = set()
        self.told = 0
        self.is_connected = False

    @property
    def contiguous(self) -> int:
        upto = 0
        while upto + 1 in self.received:
            upto += 1
        return upto

    @rule(count=st.integers(1, 50))
    def more_records(self, count: int) -> None:
        self.high += count

    @rule(seconds=st.floats(0.0, 700.0))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def connect(self) -> None:
        self.window.connected(self.now)
        self.is_connected = True

    @rule()
    def disconnect(self) -> None:
        self.window.disconnected()
        self.is_connected = False

    @rule(arrives=st.integers(0, 20))
    def send(self, arrives: int) -> None:
        """Send what may go; only the first ``arrives`` of them get there."""
        room = self.window.room(self.high - self.told, self.now)
        if room is None:
            return
        assert self.is_connected
        assert room.after_seq >= self.told
        assert room.after_seq <= max(self.told, self.high)
        for place, seq in enumerate(range(room.after_seq + 1, min(self.high, room.after_seq + room.records) + 1)):
            self.window.sent(seq, 100, self.now)
            if place < arrives:
                self.received.add(seq)

    @precondition(lambda self: self.is_connected)
    @rule()
    def acknowledge(self) -> None:
        self.told = max(self.told, self.contiguous)
        self.window.acknowledged(self.contiguous, self.now)

    @rule()
    def nobody(self) -> None:
        self.window.nobody_listens(self.now)

    @rule(instance=st.sampled_from("ab"), spread=st.integers(0, 3600))
    def centre(self, instance: str, spread: int) -> None:
        self.window.centre_is_up(instance, spread, self.now)

    @invariant()
    def bounded(self) -> None:
        assert self.window.in_flight <= WINDOW_RECORDS

    def teardown(self) -> None:
        """Let the line heal: everything arrives, in bounded time."""
        if not self.is_connected:
            self.connect()
        for _ in range(self.high + 5):
            if self.told == self.high:
                break
            self.send(20)
            self.acknowledge()
            self.now = max(self.now, self.window.due(self.now) or self.now)
        assert self.told == self.high


TestLine = Line.TestCase
TestLine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
