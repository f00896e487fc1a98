from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import pytest

from machxa_agent.probes.probe import Probe
from machxa_agent.runner import ProbeRunner
from machxa_wire.records import Sample, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WAIT_SECONDS = 30.0
_SHORT_SECONDS = 0.5  # long enough for a busy machine to run the probes that do return


def _gives(name: str, value: int) -> Probe:
    return Probe(name, lambda: (Sample(Series(f"test.{name}"), value),))


def _success(name: str, value: int) -> Sample:
    return Sample(Series("machxa.probe.success", (("probe", name),)), value)


def _duration(name: str, milliseconds: int | None) -> Sample:
    return Sample(Series("machxa.probe.duration", (("probe", name),), 1, 1000), milliseconds)


def _in_turn(*steps: Callable[[], tuple[Sample, ...]]) -> Callable[[], tuple[Sample, ...]]:
    remaining: Iterator[Callable[[], tuple[Sample, ...]]] = iter(steps)

    def read() -> tuple[Sample, ...]:
        return next(remaining)()

    return read


def _raises(error: Exception) -> Callable[[], tuple[Sample, ...]]:
    def read() -> tuple[Sample, ...]:
        raise error

    return read


def _measured(value: int | None) -> tuple[Sample, ...]:
    return (Sample(Series("test.odd"), value),)


def test_a_cycle_gives_every_probes_samples_and_then_how_each_fared() -> None:
    runner = ProbeRunner((_gives("a", 1), _gives("b", 2)), clock=lambda: 5.0)

    samples = runner.cycle()
    runner.close()

    assert samples == (
        Sample(Series("test.a"), 1),
        Sample(Series("test.b"), 2),
        _success("a", 1),
        _duration("a", 0),
        _success("b", 1),
        _duration("b", 0),
    )


def test_duration_is_the_probes_own_time_in_whole_milliseconds() -> None:
    now = [0.0]

    def slow() -> tuple[Sample, ...]:
        now[0] += 0.0127
        return ()

    runner = ProbeRunner((Probe("slow", slow), _gives("b", 2)), clock=lambda: now[0])

    samples = runner.cycle()
    runner.close()

    assert samples[2] == _duration("slow", 12)
    assert samples[4] == _duration("b", 0)


def test_a_probe_that_raises_harms_no_other_and_what_it_gave_before_is_not_measured() -> None:
    odd = Probe("odd", _in_turn(lambda: _measured(1), _raises(OSError("gone")), lambda: _measured(3)))
    runner = ProbeRunner((odd, _gives("b", 2)), clock=lambda: 5.0)

    cycles = [runner.cycle() for _ in range(3)]
    runner.close()

    assert [cycle[:2] for cycle in cycles] == [
        (*_measured(1), Sample(Series("test.b"), 2)),
        (*_measured(None), Sample(Series("test.b"), 2)),
        (*_measured(3), Sample(Series("test.b"), 2)),
    ]
    assert [cycle[2] for cycle in cycles] == [_success("odd", 1), _success("odd", 0), _success("odd", 1)]


def test_a_probe_that_may_not_be_read_now_is_passed_over_and_costs_nothing() -> None:
    allowed = ["a"]
    runner = ProbeRunner((_gives("a", 1), _gives("b", 2)), clock=lambda: 5.0, may_read=lambda name: name in allowed)

    spared = runner.cycle()
    allowed.append("b")
    whole = runner.cycle()
    runner.close()

    assert spared == (Sample(Series("test.a"), 1), _success("a", 1), _duration("a", 0))
    assert whole[:2] == (Sample(Series("test.a"), 1), Sample(Series("test.b"), 2))


def test_an_error_is_logged_once_per_change(caplog: pytest.LogCaptureFixture) -> None:
    gone, other = _raises(OSError("gone")), _raises(ValueError("odd"))
    odd = Probe("odd", _in_turn(gone, gone, other, other, lambda: _measured(3), lambda: _measured(4), gone))
    runner = ProbeRunner((odd,))

    with caplog.at_level(logging.INFO):
        for _ in range(7):
            runner.cycle()
    runner.close()

    assert [record.getMessage() for record in caplog.records] == [
        "probe odd measures nothing: OSError: gone",
        "probe odd measures nothing: ValueError: odd",
        "probe odd measures again",
        "probe odd measures nothing: OSError: gone",
    ]


def test_a_probe_that_hangs_is_left_behind_and_not_started_again_until_it_returns() -> None:
    released, returned, started = threading.Event(), threading.Event(), []

    def hang() -> tuple[Sample, ...]:
        started.append(threading.get_ident())
        released.wait(_WAIT_SECONDS)
        returned.set()
        return _measured(1)

    runner = ProbeRunner((Probe("odd", hang), _gives("b", 2)), deadline_seconds=_SHORT_SECONDS)

    first, second = runner.cycle(), runner.cycle()
    starts_while_hanging = len(started)
    released.set()
    assert returned.wait(_WAIT_SECONDS)
    third = _cycle_until(runner, _success("odd", 1))
    runner.close()

    hung = (Sample(Series("test.b"), 2), _success("odd", 0), _duration("odd", None), _success("b", 1))
    assert first[:4] == hung
    assert second[:3] == hung[:3]  # what works is not judged each time
    assert starts_while_hanging == 1
    assert third[:2] == (*_measured(1), Sample(Series("test.b"), 2))


def test_there_is_at_most_one_stuck_thread_for_each_probe() -> None:
    released, spawned = threading.Event(), []

    def hang() -> tuple[Sample, ...]:
        released.wait(_WAIT_SECONDS)
        return ()

    def spawn(work: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        spawned.append(thread)
        thread.start()

    probes = (Probe("odd", hang), Probe("even", hang), _gives("b", 2))
    runner = ProbeRunner(probes, deadline_seconds=_SHORT_SECONDS, spawn=spawn)
    for _ in range(3):
        assert runner.cycle()[0] == Sample(Series("test.b"), 2)
    runner.close()
    released.set()

    assert len(spawned) == 3  # one for each that hangs, one that goes on
    for thread in spawned:
        thread.join(_WAIT_SECONDS)
    assert not any(thread.is_alive() for thread in spawned)


def test_a_probe_is_read_every_so_many_cycles() -> None:
    seldom = Probe("seldom", lambda: _measured(1), every=3)
    runner = ProbeRunner((seldom,))

    read = [bool(runner.cycle()) for _ in range(7)]
    runner.close()

    assert read == [True, False, False, True, False, False, True]


def _cycle_until(runner: ProbeRunner, sample: Sample) -> tuple[Sample, ...]:
    """Return the first of the next cycles that holds a sample; the stuck thread needs a moment to come back."""
    for _ in range(1000):
        samples = runner.cycle()
        if sample in samples:
            return samples
    raise AssertionError(f"no {sample} within 1000 cycles")


def _nonsense(returned: object) -> Callable[[], tuple[Sample, ...]]:
    def read() -> tuple[Sample, ...]:
        return returned  # type: ignore[return-value]  # what the runner has to bear

    return read


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (None, "probe odd measures nothing: NonsenseError: returned None, expected a tuple of samples"),
        (("x",), "probe odd measures nothing: NonsenseError: returned 'x' among its samples"),
        ((Sample(Series("a.b"), float("nan")),), "probe odd measures nothing: NonsenseError: a.b is nan, expected"),  # type: ignore[arg-type]
    ],
    ids=["nothing", "a word", "not a number"],
)
def test_a_probe_that_returns_nonsense_is_named_and_costs_the_others_nothing(
    returned: object, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    runner = ProbeRunner((Probe("odd", _nonsense(returned)), _gives("b", 2)))

    samples = runner.cycle()
    runner.close()

    assert samples[0] == Sample(Series("test.b"), 2)
    assert samples[1] == _success("odd", 0)
    assert caplog.records[0].getMessage().startswith(said)


def test_a_slow_probe_keeps_no_cycle_waiting_and_is_judged_when_it_is_back() -> None:
    released = threading.Event()

    def slow() -> tuple[Sample, ...]:
        released.wait(_WAIT_SECONDS)
        return _measured(7)

    runner = ProbeRunner((Probe("odd", slow, every=1000, is_slow=True), _gives("b", 2)))

    first = runner.cycle()
    released.set()
    second = _cycle_until(runner, _success("odd", 1))
    third = runner.cycle()
    runner.close()

    assert first[0] == Sample(Series("test.b"), 2)
    assert _success("odd", 0) not in first
    assert second[:2] == (*_measured(7), Sample(Series("test.b"), 2))
    assert third[0] == Sample(Series("test.b"), 2)


def test_a_slow_probe_that_hangs_is_named_and_not_started_again() -> None:
    now, spawned = [0.0], []
    odd = Probe("odd", lambda: (), every=10, is_slow=True)
    runner = ProbeRunner((odd,), clock=lambda: now[0], spawn=lambda _work, name: spawned.append(name))

    told = []
    for cycle in range(21):
        now[0] = cycle * 30.0
        told.append(_success("odd", 0) in runner.cycle())
    runner.close()

    assert [cycle for cycle, is_told in enumerate(told) if is_told] == [2, 10, 20]
    assert spawned == ["probe odd"]


def test_a_probe_may_begin_in_a_later_cycle() -> None:
    late = Probe("late", lambda: _measured(1), every=3, after=2)
    runner = ProbeRunner((late,))

    read = [bool(runner.cycle()) for _ in range(7)]
    runner.close()

    assert read == [False, False, True, False, False, True, False]


def test_a_probe_that_fails_and_works_again_is_told_by_events_some_times_and_no_more() -> None:
    told: list[tuple[str, dict[str, object]]] = []
    gone = _raises(OSError("gone " * 100))
    odd = Probe("odd", _in_turn(*(step for _ in range(30) for step in (gone, lambda: _measured(1)))))
    runner = ProbeRunner((odd,), tell=lambda name, attributes, _ago: told.append((name, dict(attributes))))

    for _ in range(60):
        runner.cycle()
    runner.close()

    assert told[0] == (
        "machxa.probe.state",
        {"probe": "odd", "works": False, "reason": ("OSError: " + "gone " * 100)[:200]},
    )
    assert told[1] == ("machxa.probe.state", {"probe": "odd", "works": True, "reason": None})
    assert len(told) == 20
