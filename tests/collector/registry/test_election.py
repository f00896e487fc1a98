"""Who watches for a unit, who stands by, who is on duty; and that nothing moves without a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.registry.election import (
    BOTH_SILENT_MS,
    HAND_BACK_MS,
    LONG_SILENT_MS,
    TENURE_MS,
    Candidate,
    Held,
    elect,
    is_due,
    of_facts,
    on_duty,
    on_ratio,
    reasons,
)

NOW = 1_000 * TENURE_MS
GOOD = Candidate(
    agent="a", is_wired=True, is_portable=False, on_ratio=0.9, has_snmp=True, version="0.1.0", state="on", since=NOW - 1
)
B, C = replace(GOOD, agent="b"), replace(GOOD, agent="c")
HELD = Held(gateway="a", standby="b", since=NOW - 2 * TENURE_MS)


@pytest.mark.parametrize(
    "worse",
    [
        pytest.param({"has_snmp": False}, id="cannot ask devices"),
        pytest.param({"is_wired": False}, id="on the radio"),
        pytest.param({"is_portable": True}, id="a laptop"),
        pytest.param({"on_ratio": 0.5}, id="often off in working hours"),
        pytest.param({"version": "0.0.9"}, id="an older version"),
        pytest.param({"state": "off"}, id="off just now"),
    ],
)
def test_the_better_of_two_watches_and_the_other_stands_by(worse: dict[str, object]) -> None:
    for good, bad in (("a", "b"), ("b", "a")):
        pair = (replace(GOOD, agent=good), replace(GOOD, agent=bad, **worse))  # type: ignore[arg-type]

        choice = elect(pair, Held(), NOW)

        assert (choice.gateway, choice.standby) == (good, bad)


def test_a_lone_agent_watches_without_a_standby_and_nobody_without_agents() -> None:
    assert (elect([GOOD], Held(), NOW).gateway, elect([GOOD], Held(), NOW).standby) == ("a", None)
    assert elect([], HELD, NOW).gateway is None


@pytest.mark.parametrize(
    ("c", "held", "expected"),
    [
        pytest.param({"on_ratio": 1.0}, HELD, ("a", "b"), id="a little better is no reason"),
        pytest.param({"version": "9.0"}, HELD, ("a", "b"), id="nor is a newer version"),
        pytest.param({"pin": "gateway"}, HELD, ("c", "b"), id="a person says so"),
        pytest.param({"pin": "standby"}, HELD, ("a", "c"), id="a person names the standby"),
        pytest.param({}, Held(gateway="x", standby="b"), ("a", "b"), id="the gateway has gone"),
    ],
)
def test_a_role_moves_only_where_there_is_reason(c: dict[str, object], held: Held, expected: tuple[str, str]) -> None:
    those = (GOOD, B, replace(C, **c))  # type: ignore[arg-type]
    if held.gateway == "x":
        those = (GOOD, B)  # type: ignore[assignment]

    choice = elect(those, held, NOW)

    assert (choice.gateway, choice.standby) == expected


@pytest.mark.parametrize(("since", "expected"), [(NOW - TENURE_MS, "c"), (NOW - TENURE_MS + 1, "a")])
def test_a_plainly_better_one_takes_over_after_a_day(since: int, expected: str) -> None:
    weak = [replace(one, on_ratio=0.6) for one in (GOOD, B)]

    assert elect([*weak, C], replace(HELD, since=since), NOW).gateway == expected


def test_a_better_one_that_is_off_takes_no_role_from_one_that_is_on() -> None:
    weak = [replace(one, has_snmp=False) for one in (GOOD, B)]
    off = replace(C, state="off")

    assert elect([*weak, off], replace(HELD, since=0), NOW).gateway == "a"
    assert elect([replace(GOOD, has_snmp=False), off], Held(), NOW).gateway == "a"


def test_one_that_is_pinned_to_be_a_pc_has_no_role() -> None:
    assert elect([replace(GOOD, pin="pc"), B], HELD, NOW).gateway == "b"


@pytest.mark.parametrize(("silent_ms", "expected"), [(LONG_SILENT_MS, "c"), (LONG_SILENT_MS - 1, "a")])
def test_a_gateway_that_is_silent_for_two_days_loses_its_role(silent_ms: int, expected: str) -> None:
    silent = replace(GOOD, state="lost", since=NOW - silent_ms)
    those = [silent, replace(B, pin="standby"), C]

    assert elect(those, HELD, NOW).gateway == expected


@pytest.mark.parametrize(("silent_ms", "expected"), [(BOTH_SILENT_MS, "c"), (BOTH_SILENT_MS - 1, "a")])
def test_when_both_are_silent_another_takes_over_after_ten_minutes(silent_ms: int, expected: str) -> None:
    silent = [replace(one, state="off", since=NOW - silent_ms) for one in (GOOD, B)]

    assert elect([*silent, C], HELD, NOW).gateway == expected
    assert is_due([*silent, C], HELD, NOW) is (expected == "c")


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        pytest.param({"c": 0, "d": 0}, ("a", "b"), id="nobody was heard since: the whole unit may be without power"),
        pytest.param({"c": 1, "d": 0}, ("c", "b"), id="one was"),
        pytest.param({"c": 0, "d": 1}, ("d", "b"), id="the other was"),
        pytest.param({"c": 1, "d": 1}, ("c", "d"), id="both were"),
    ],
)
def test_who_was_not_heard_since_both_fell_silent_takes_no_role(
    heard: dict[str, int], expected: tuple[str, str]
) -> None:
    silent_at = NOW - BOTH_SILENT_MS
    silent = [replace(one, state="lost", since=silent_at) for one in (GOOD, B)]
    others = [
        replace(GOOD, agent=agent, since=silent_at - TENURE_MS, heard_at=silent_at + later, is_asked=agent == "c")
        for agent, later in heard.items()
    ]

    choice = elect([*silent, *others], HELD, NOW)

    assert {choice.gateway, choice.standby} == set(expected)
    assert choice.gateway == expected[0]
    assert is_due([*silent, *others], HELD, NOW) is (expected != ("a", "b"))


def test_an_evening_in_which_all_are_off_changes_nothing() -> None:
    off = [replace(one, state="off", since=NOW - BOTH_SILENT_MS) for one in (GOOD, B, C)]

    assert (elect(off, HELD, NOW).gateway, is_due(off, HELD, NOW)) == ("a", False)


@pytest.mark.parametrize(
    ("those", "held", "expected"),
    [
        pytest.param((GOOD, B, C), HELD, False, id="all is well"),
        pytest.param((GOOD,), Held(), True, id="nobody has a role yet"),
        pytest.param((GOOD, B), Held(gateway="a"), True, id="a second agent came"),
        pytest.param((GOOD, C), HELD, True, id="the standby has gone"),
        pytest.param((GOOD, replace(B, pin="gateway")), HELD, True, id="somebody pinned"),
        pytest.param((replace(GOOD, pin="pc"),), HELD, True, id="none is left"),
        pytest.param((), Held(), False, id="a unit without agents"),
    ],
)
def test_when_an_election_is_due(those: tuple[Candidate, ...], held: Held, *, expected: bool) -> None:
    assert is_due(those, held, NOW) is expected


ON, GONE = replace(GOOD, since=NOW - HAND_BACK_MS), replace(GOOD, state="lost")


@pytest.mark.parametrize(
    ("gateway", "standby", "now_on_duty", "expected"),
    [
        pytest.param(ON, ON, "gateway", "gateway", id="as it should be"),
        pytest.param(GONE, ON, "gateway", "standby", id="the gateway is silent"),
        pytest.param(replace(GONE, state="off"), ON, "gateway", "standby", id="the gateway said good-bye"),
        pytest.param(replace(GONE, state=None), ON, "gateway", "standby", id="the gateway was never heard"),
        pytest.param(GONE, GONE, "gateway", "gateway", id="both silent: nobody hears"),
        pytest.param(GONE, GONE, "standby", "standby", id="both silent, the standby was on duty"),
        pytest.param(replace(ON, since=NOW - HAND_BACK_MS + 1), ON, "standby", "standby", id="just back"),
        pytest.param(ON, ON, "standby", "gateway", id="back for two minutes"),
        pytest.param(replace(ON, since=NOW), GONE, "standby", "gateway", id="the standby is gone itself"),
        pytest.param(GONE, None, "gateway", "gateway", id="nobody stands by"),
        pytest.param(ON, None, "standby", "gateway", id="the standby left the unit on duty"),
    ],
)
def test_who_is_on_duty(gateway: Candidate, standby: Candidate | None, now_on_duty: str, expected: str) -> None:
    assert on_duty(gateway, standby, now_on_duty, NOW) == expected


def test_reasons_are_fixed_words_and_what_is_unknown_is_not_said() -> None:
    assert reasons(replace(GOOD, pin="gateway", is_asked=True)) == (
        "pinned_gateway", "snmp", "wired", "desktop", "on_90_percent", "asked", "version_0.1.0"
    )  # fmt: skip
    assert reasons(Candidate(agent="a")) == ()


def test_a_share_of_little_time_says_nothing() -> None:
    assert (on_ratio(19, 19), on_ratio(10, 20)) == (None, 0.5)


CANDIDATES = st.builds(
    Candidate,
    agent=st.sampled_from("abcdef"),
    is_wired=st.none() | st.booleans(),
    is_portable=st.none() | st.booleans(),
    on_ratio=st.none() | st.floats(0, 1),
    has_snmp=st.none() | st.booleans(),
    version=st.sampled_from(["", "0.1.0", "1.x"]),
    pin=st.sampled_from([None, "pc", "gateway", "standby"]),
    state=st.sampled_from([None, "on", "off", "lost"]),
    since=st.integers(0, NOW),
)


@given(st.lists(CANDIDATES, max_size=6, unique_by=lambda one: one.agent), st.integers(0, NOW))
def test_two_different_agents_at_most_and_nothing_moves_once_it_has_settled(those: list[Candidate], since: int) -> None:
    held, choices = Held(gateway="a", standby="b", since=since), []
    for _ in range(4):  # a pin may bring in a silent one, after which another has to take over
        choice = elect(those, held, NOW)
        held = Held(gateway=choice.gateway, standby=choice.standby, since=NOW)
        choices.append((choice.gateway, choice.standby))

    assert choices[-1] == choices[-2]
    assert all(gateway is None or gateway != standby for gateway, standby in choices)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"networks": [{"status": "up", "type": []}, {"status": "up", "type": "ethernet"}]}, (True, False)),
        ({"networks": [{"status": "up", "type": {}}], "batteries": 1}, (None, True)),
        ({"networks": {"status": "up"}}, (None, False)),
        ({}, (None, None)),
    ],
)
def test_an_inventory_of_any_shape_stops_no_election(
    facts: dict[str, object], expected: tuple[bool | None, bool | None]
) -> None:
    assert of_facts(facts) == expected


@pytest.mark.parametrize("version", ["1.²", "v1..0", "٣.1"])
def test_a_version_of_any_shape_stops_no_election(version: str) -> None:
    assert elect([Candidate(agent="a", version=version), Candidate(agent="b")], Held(), 0).gateway is not None
