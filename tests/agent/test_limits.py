"""The agent steps back when it costs its computer too much, says so, and comes back only once it is well below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.cost import Cost, Surroundings, use_of
from machxa_agent.limits import BYTES, CORE, CPU, GATEWAY, MEMORY, PC, Caps, Change, Limits, Use
from machxa_agent.parts import caps
from machxa_agent.window import PACKET_BYTES, Window
from machxa_wire.policy import NO_POLICY, Policy, read_policy, write_policy
from machxa_wire.records import Sample, Scalar, Series, Settings

MB = 1024 * 1024
TIGHT = Caps(cpu_seconds_per_hour=60, memory_mb=100, mb_per_day=10)  # 10 s in ten minutes
SETTINGS = Settings(7, 60, 300)


@dataclass
class Day:
    """Hold limits that are looked at once a minute."""

    limits: Limits = field(default_factory=Limits)
    minute: int = 0
    cpu: float = 0.0
    sent: int = 0

    def pass_(self, minutes: int, cpu: float = 0.01, memory_mb: int = 30, sent: int = 1000) -> list[Change]:
        """Let minutes pass that each cost this much; return what changed."""
        changes: list[Change] = []
        for _ in range(minutes):
            self.minute += 1
            self.cpu += cpu
            self.sent += sent
            changes += self.limits.look(Use(self.cpu, memory_mb * MB, self.sent), TIGHT, self.minute * 60.0)
        return changes

    def steps(self, changes: list[Change]) -> list[tuple[str, bool, int]]:
        return [(one.limit, one.is_throttled, one.steps) for one in changes]


def test_a_usual_day_changes_nothing() -> None:
    day = Day()

    assert day.pass_(1440) == []
    assert day.limits.settings(SETTINGS) == SETTINGS
    assert day.limits.may_read("smart")


def test_a_busy_agent_reads_less_often_and_leaves_out_what_can_be_spared() -> None:
    day = Day()
    day.pass_(30)

    changes = day.pass_(9, cpu=2.0)

    assert day.steps(changes) == [(CPU, True, 1)]
    assert (changes[0].used, changes[0].cap) == (10_050, 10_000)
    assert day.limits.settings(SETTINGS) == Settings(7, 120, 300)
    assert [name for name in ("smart", "network", "cpu", "clock") if day.limits.may_read(name)] == ["cpu", "clock"]


def test_it_steps_back_further_while_that_does_not_help_and_no_further_than_eightfold() -> None:
    day = Day()

    changes = day.pass_(120, cpu=2.0)

    assert day.steps(changes) == [(CPU, True, 1), (CPU, True, 2), (CPU, True, 3)]
    assert day.limits.settings(SETTINGS) == Settings(7, 480, 480)
    assert day.limits.settings(Settings(7, 3000, 3600)) == Settings(7, 3600, 3600)


def test_it_comes_back_once_it_is_well_below_and_does_not_go_to_and_fro() -> None:
    day = Day()
    day.pass_(15, cpu=2.0)

    just_below = day.pass_(30, cpu=0.9)  # 9 s in ten minutes: below the limit, above its 70 %
    well_below = day.pass_(11, cpu=0.5)

    assert [one for one in day.steps(just_below) if not one[1]] == []
    assert day.steps(well_below)[-1] == (CPU, False, 0)
    assert day.limits.throttled == {CPU: "normal", MEMORY: "normal", BYTES: "normal"}


def test_a_peak_of_memory_is_no_leak_and_twice_the_limit_wants_a_new_start() -> None:
    day = Day()
    day.pass_(5)

    assert day.pass_(2, memory_mb=150) == []
    day.pass_(1)
    assert day.steps(day.pass_(4, memory_mb=150)) == [(MEMORY, True, 1)]
    assert not day.limits.is_beyond
    day.pass_(4, memory_mb=201)
    assert day.limits.is_beyond


def test_bytes_are_counted_over_a_day_that_moves() -> None:
    day = Day()

    changes = day.pass_(110, sent=100_000)
    assert day.steps(changes) == [(BYTES, True, 1)]
    assert day.limits.seconds_per_byte(TIGHT) == 86_400 / (10 * MB)

    day.pass_(1320, sent=0)
    assert day.limits.throttled[BYTES] == "throttled"
    day.pass_(120, sent=0)
    assert (day.limits.throttled[BYTES], day.limits.seconds_per_byte(TIGHT)) == ("normal", 0.0)


@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.integers(0, 500), st.integers(0, 10 * MB), st.floats(1, 4000)), max_size=60
    )
)
def test_whatever_it_costs_the_core_is_read_at_least_every_hour(costs: list[tuple[float, int, int, float]]) -> None:
    limits, cpu, sent, now = Limits(), 0.0, 0, 0.0
    for seconds, memory, more, later in costs:
        cpu, sent, now = cpu + seconds, sent + more, now + later
        changes = limits.look(Use(cpu, memory * MB, sent), TIGHT, now)
        assert len({one.limit for one in changes}) == len(changes)
        assert 60 <= limits.settings(SETTINGS).sample_seconds <= 480
        assert all(limits.may_read(name) for name in CORE)


def test_caps_are_the_files_the_roles_or_the_policys() -> None:
    policy = Policy(version=1, cpu_seconds_per_hour=(1, 30), memory_mb=(120, 160))

    assert caps("pc", {}, NO_POLICY) == PC
    assert caps("gateway", {"mb_per_day": 3}, NO_POLICY) == Caps(GATEWAY.cpu_seconds_per_hour, GATEWAY.memory_mb, 3)
    assert caps("pc", {"cpu_seconds_per_hour": 3000}, policy) == Caps(30, 120, PC.mb_per_day)
    assert read_policy(write_policy(policy)) == policy
    assert read_policy('{"version":1,"bounds":{}}') == Policy(version=1)


@dataclass
class Watched:
    """Hold the thin half, with a cost that the test sets."""

    cpu_seconds: float = 0.0
    resident_mb: int = 30
    applied: int = 0
    ended: int = 0
    events: list[tuple[str, Mapping[str, Scalar]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.window = Window(lambda: 0.5)
        self.cost = Cost(self._read)
        self.cost.around = Surroundings(
            caps=lambda: TIGHT, window=self.window, apply=self._apply, tell=self._tell, beyond=self._end
        )

    def look(self, minutes: int, cpu: float) -> None:
        for _ in range(minutes):
            self.now = getattr(self, "now", 0.0) + 60.0
            self.cpu_seconds += cpu
            self.cost.look(self.now)

    def _read(self) -> tuple[Sample, ...]:
        return (
            Sample(Series("process.cpu.time", (("cpu.mode", "user"),), 1, 1000), int(self.cpu_seconds * 600)),
            Sample(Series("process.cpu.time", (("cpu.mode", "system"),), 1, 1000), int(self.cpu_seconds * 400)),
            Sample(Series("process.memory.usage", (), 4096), self.resident_mb * 256),
        )

    def _apply(self) -> None:
        self.applied += 1

    def _tell(self, name: str, attributes: Mapping[str, Scalar]) -> None:
        self.events.append((name, attributes))

    def _end(self) -> None:
        self.ended += 1


def test_what_it_costs_is_read_acted_on_and_told_with_its_figures() -> None:
    watched = Watched()
    watched.look(10, cpu=0.01)

    watched.look(6, cpu=2.0)
    watched.look(12, cpu=0.01)

    told = [(name, one["limit"], one["state"], one["cap"]) for name, one in watched.events]
    assert told == [("machxa.limits", CPU, "throttled", 10_000), ("machxa.limits", CPU, "normal", 10_000)]
    assert (watched.applied, watched.ended) == (2, 0)


def test_memory_beyond_all_bounds_ends_the_process() -> None:
    watched = Watched(resident_mb=250)

    watched.look(1, cpu=0.01)

    assert watched.ended == 1


def test_what_was_not_measured_costs_nothing() -> None:
    assert use_of((Sample(Series("process.cpu.time"), None),), 5) == Use(0.0, 0, 5)


def test_a_backlog_drains_no_faster_than_the_days_bytes_allow() -> None:
    window = Window(lambda: 0.5)
    window.connected(0.0)
    window.seconds_per_byte = 0.01
    room = window.room(100, 0.0)
    assert room is not None
    for seq in range(1, 21):
        window.sent(seq, 800, 0.0)

    window.acknowledged(20, 2.0)

    assert window.sent_bytes == 20 * (800 + PACKET_BYTES)
    assert window.hold_until == 2.0 + 200.0
    assert window.room(80, 201.0) is None
    assert window.room(80, 202.0) is not None


@pytest.mark.parametrize("name", ["cpu_seconds_per_hour", "memory_mb", "mb_per_day"])
def test_a_policy_that_bounds_nothing_is_written_as_before(name: str) -> None:
    assert name not in write_policy(Policy(version=1))
