"""A line's state is told once it holds and stamped when it began; loss counts from a hundred packets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.lines.judge import Fault
from machxa_agent.lines.line import Line, Target
from machxa_agent.lines.transitions import Judged, LineState, Seen, Transitions, judge
from machxa_agent.lines.watch import Reach, Watcher
from machxa_agent.lines.work import _say
from machxa_agent.ping import Way
from machxa_wire.records import Scalar

UP, DOWN, DEGRADED, SATURATED, UNKNOWN = LineState
FINE = Seen(is_up=True, fault=None, loss_ratio=0.01)


@pytest.mark.parametrize(
    ("seen", "before", "expected"),
    [
        pytest.param(Seen(None, None), UP, UNKNOWN, id="nobody beyond was asked yet"),
        pytest.param(Seen(is_up=False, fault=Fault.CARRIER), UP, DOWN, id="silent"),
        pytest.param(FINE, None, UP, id="answers"),
        pytest.param(Seen(is_up=True, fault=None), UP, UP, id="too few packets say no loss"),
        pytest.param(Seen(is_up=True, fault=Fault.PROVINCE), UP, DEGRADED, id="open, but not to the province"),
        pytest.param(Seen(is_up=True, fault=None, loss_ratio=0.05), UP, DEGRADED, id="one in twenty is lost"),
        pytest.param(Seen(is_up=True, fault=None, loss_ratio=0.03), UP, UP, id="between the bounds from above"),
        pytest.param(
            Seen(is_up=True, fault=None, loss_ratio=0.03), DEGRADED, DEGRADED, id="between the bounds from below"
        ),
        pytest.param(
            Seen(is_up=True, fault=None, loss_ratio=0.0, rtt_seconds=0.02, carried=80.0, capacity=100.0),
            UP,
            SATURATED,
            id="full",
        ),
        pytest.param(
            Seen(is_up=True, fault=None, loss_ratio=0.0, rtt_seconds=0.02, carried=79.0, capacity=100.0),
            UP,
            UP,
            id="busy",
        ),
        pytest.param(
            Seen(is_up=True, fault=None, loss_ratio=0.0, rtt_seconds=0.02, carried=79.0, capacity=None),
            UP,
            UP,
            id="nobody knows what it can carry",
        ),
    ],
)
def test_the_word_for_what_is_seen(seen: Seen, before: LineState | None, expected: LineState) -> None:
    assert judge(seen, before).state is expected


def fed(*states: LineState) -> list[tuple[str, str | None, float]]:
    """Return the transitions of rounds of 15 s, the first at 1000 s."""
    transitions, found = Transitions(), []
    for number, state in enumerate(states):
        change = transitions.take(Judged(state), 1000.0 + 15 * number)
        if change is not None:
            found.append((change.now.state.value, change.was.value if change.was else None, change.at))
    return found


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        pytest.param([UP] * 3, [("up", None, 1000.0)], id="the first state"),
        pytest.param([UP, UP, DOWN], [("up", None, 1000.0), ("down", "up", 985.0)], id="down began three packets ago"),
        pytest.param([UP, UP, DOWN, UP, DOWN, UP], [("up", None, 1000.0), ("down", "up", 985.0)], id="one answer"),
        pytest.param([UP, UP, DEGRADED, DEGRADED, DEGRADED, UP, UP], [("up", None, 1000.0)], id="a bad minute"),
        pytest.param([UP] * 2 + [DEGRADED] * 4, [("up", None, 1000.0), ("degraded", "up", 1030.0)], id="it stays bad"),
        pytest.param([UNKNOWN] * 7 + [UP] * 2, [("up", None, 1105.0)], id="nothing known at first"),
        pytest.param([UNKNOWN] * 8, [("unknown", None, 1000.0)], id="nothing known for long"),
    ],
)
def test_a_state_is_told_once_it_holds_and_stamped_when_it_began(
    states: list[LineState], expected: list[tuple[str, str | None, float]]
) -> None:
    assert fed(*states) == expected


@given(st.lists(st.sampled_from(list(LineState)), max_size=60))
def test_no_state_follows_itself_and_each_names_the_one_before(states: list[LineState]) -> None:
    told = fed(*states)

    assert [was for _, was, _ in told] == [None, *(now for now, _, _ in told)][: len(told)]
    assert all(now != was for now, was, _ in told)


class Network(Reach):
    """Lose what is told to."""

    silent = False

    def __init__(self) -> None:
        """Ask nobody."""

    def pings(self, targets: Sequence[Target], way: Way) -> list[float | None]:  # noqa: ARG002 - the same whatever way
        return [None if self.silent else 0.02 for _ in targets]

    def source(self, host: str, way: Way) -> str | None:  # noqa: ARG002 - likewise
        return "192.168.1.9"


def test_a_line_that_is_cut_and_mended_is_told_as_events_with_its_fault(tmp_path: Path) -> None:
    network, now, told = Network(), [1000.0], []
    line = Line("internet", gateway=Target("gateway", "192.168.1.1"), anchors=(Target("far", "192.0.2.1"),))
    watcher = Watcher((line,), tmp_path / "lines.json", network, monotonic=lambda: now[0])

    def tell(name: str, attributes: Mapping[str, Scalar], ago_seconds: float = 0.0) -> None:
        told.append((name, attributes["state"], attributes["was"], attributes["fault"], now[0] - ago_seconds))

    for number in range(20):
        network.silent = 6 <= number < 12
        watcher.round()
        for name, change in watcher.changes():
            _say(tell, name, change, now[0] - change.at)
        now[0] += 15

    assert told == [
        ("line.state", "up", None, None, 1000.0),
        ("line.state", "down", "up", "gateway", 1090.0),  # the first packet that was lost
        ("line.state", "up", "down", None, 1180.0),
    ]
