from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.registry.rollout import DWELL_MS, STAGES, Seen, Verdict, Watched, judge, next_stage, ring

TOOK = Seen(agent="a", took=True)


def seen(count: int, **changes: object) -> list[Seen]:
    """Return agents that took it, each changed alike."""
    return [replace(TOOK, agent=f"{one:03}", **changes) for one in range(count)]  # type: ignore[arg-type] # fields of Seen


def watched(*ring_: Seen, age_ms: int = DWELL_MS, is_whole: bool = False, elsewhere: float = 0.0) -> Watched:
    return Watched(age_ms=age_ms, ring=ring_, is_whole=is_whole, silent_ratio_elsewhere=elsewhere)


@given(st.sets(st.uuids().map(str), min_size=1, max_size=400))
def test_rings_lie_within_each_other_and_none_is_empty(agents: set[str]) -> None:
    rings = [ring(agents, stage) for stage in STAGES]

    assert rings[0] <= rings[1] <= rings[2] == agents
    assert [len(one) for one in rings] == [-(-len(agents) * stage // 100) for stage in STAGES]


def test_who_is_first_does_not_depend_on_order() -> None:
    agents = [f"agent-{one}" for one in range(300)]

    assert ring(agents, 10) == ring(reversed(agents), 10)


def test_each_stage_follows_the_one_before() -> None:
    assert [next_stage(one) for one in STAGES] == [10, 100, 100]


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        (watched(*seen(5)), Verdict.WIDEN),
        (watched(*seen(5), is_whole=True), Verdict.FINISH),
        (watched(*seen(5), age_ms=DWELL_MS - 1), Verdict.WAIT),
        (watched(*seen(4), Seen(agent="on")), Verdict.WIDEN),
        (watched(*seen(3), Seen(agent="on"), Seen(agent="on too")), Verdict.WAIT),
        (watched(*seen(3), *(Seen(agent=f"off{one}", is_on=False) for one in range(9))), Verdict.WIDEN),
        (watched(*(Seen(agent=f"off{one}", is_on=False) for one in range(9))), Verdict.WAIT),
        (watched(*seen(4), Seen(agent="z", refused="sample_seconds is 5")), Verdict.STOP),
        (watched(*seen(300), *(Seen(agent=f"z{one}", refused="x") for one in range(3))), Verdict.WIDEN),
        (watched(*seen(300), *(Seen(agent=f"z{one}", refused="x") for one in range(4))), Verdict.STOP),
        (watched(*seen(9), *seen(1, is_silent=True, is_on=False)), Verdict.WIDEN),
        (watched(*seen(9), *seen(2, is_silent=True, is_on=False)), Verdict.STOP),
        (watched(*seen(9), *seen(2, is_silent=True, is_on=False), elsewhere=0.1), Verdict.WIDEN),
        (watched(*seen(1, is_silent=True, is_on=False)), Verdict.STOP),
        (watched(is_whole=True), Verdict.FINISH),
    ],
    ids=[
        "all took it for half an hour",
        "all agents have it",
        "half an hour is not over",
        "four of five that are on",
        "three of five that are on",
        "those that are off are not waited for",
        "nobody took it yet",
        "one of a small ring refuses",
        "one in a hundred of a large ring refuses",
        "more of a large ring refuse",
        "one PC may be unplugged",
        "two of eleven fell silent",
        "as many are silent elsewhere",
        "the only one fell silent",
        "no agents at all",
    ],
)
def test_a_ring_is_widened_only_while_it_does_well(case: Watched, verdict: Verdict) -> None:
    assert judge(case)[0] is verdict


def test_a_stop_names_an_agent_and_its_reason() -> None:
    case = watched(*seen(4), Seen(agent="y", refused="later"), Seen(agent="x", refused="sample_seconds is 5"))

    assert judge(case)[1] == "2 of 6 agents refuse it; x: sample_seconds is 5"


@given(
    st.lists(
        st.builds(
            Seen,
            agent=st.text(max_size=3),
            took=st.booleans(),
            refused=st.none() | st.just("r"),
            is_on=st.booleans(),
            is_silent=st.booleans(),
        ),
        max_size=30,
    ),
    st.integers(0, 2 * DWELL_MS),
)
def test_no_ring_of_fewer_than_a_hundred_is_widened_over_a_refusal(agents: list[Seen], age_ms: int) -> None:
    verdict, _ = judge(watched(*agents, age_ms=age_ms))

    assert verdict is Verdict.STOP or not any(one.refused for one in agents)
    assert verdict is not Verdict.WIDEN or age_ms >= DWELL_MS or not agents
