"""What the centre hears of a small province while something happens to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import pytest

from machxa_fleet.drill.place import agent_id
from machxa_fleet.drill.reading import read_scenario
from machxa_fleet.drill.world import Arrival, Blind, Heard, Told, World
from machxa_wire.decode import decode
from machxa_wire.downward import decode_presence
from machxa_wire.encode import encode, encode_presence
from machxa_wire.records import Bye, Event, Hello, Presence, Samples

_COMMUNES = {"86": tuple(str(number) for number in range(29400, 29420))}
_UNIT = "29400"
_MINUTE = 60_000


def _sessions(_unit: str, day: date) -> Sequence[tuple[int, int]]:
    return () if day.weekday() >= 5 else ((27_000, 41_400), (48_600, 61_200))


def _world(*events: dict[str, object], **more: object) -> World:
    told = {
        "seed": 3,
        "start": "2026-03-10T08:00:00+07:00",
        "minutes": 120,
        "province": "86",
        "warm_up_minutes": 90,
        "units": {_UNIT: {"pcs": 4, "always_on": True}, "29401": {"provider": "Viettel", "pcs": 3}},
        "systems": ["dossier", "civil_status"],
        "events": list(events),
        **more,
    }
    return World(read_scenario(told, _COMMUNES), _sessions)


def _heard(world: World, asset: str, unit: str = _UNIT) -> Iterator[tuple[float, Heard]]:
    """Yield the minutes and arrivals of one agent, from the drill's start."""
    for one in world.arrivals():
        if isinstance(one, Heard) and one.agent == agent_id(unit, asset) and one.at >= world.truth.start:
            yield (one.at - world.truth.start) / _MINUTE, one


def _events(world: World, asset: str, name: str) -> list[tuple[int, int, str]]:
    """Return each event of one name: the minute it is true from, the minute it is heard, its state."""
    return [
        (round((one.record.stamp.time - world.truth.start) / _MINUTE), round(at), str(one.record.attributes["state"]))
        for at, one in _heard(world, asset)
        if isinstance(one.record, Event) and one.record.name == name and one.record.attributes["was"] is not None
    ]


def _presences(world: World, asset: str) -> list[tuple[float, str]]:
    return [(at, one.record.state) for at, one in _heard(world, asset) if isinstance(one.record, Presence)]


def test_a_drill_is_the_same_every_time_and_another_with_another_seed() -> None:
    def played(seed: int) -> list[Arrival]:
        return list(_world({"at": 9, "until": 30, "fault": "line_down", "unit": _UNIT}, seed=seed).arrivals())

    assert played(3) == played(3)
    assert played(3) != played(4)


def test_everything_comes_in_the_order_of_time_and_each_agents_records_in_the_order_of_their_numbers() -> None:
    arrivals = list(_world({"at": 9, "until": 30, "fault": "power_cut", "unit": _UNIT}).arrivals())

    times = [one.at for one in arrivals]
    numbers: dict[str, list[int]] = {}
    for one in arrivals:
        if isinstance(one, Heard) and not isinstance(one.record, Hello | Presence):
            assert one.record.place is not None
            numbers.setdefault(one.agent, []).append(one.record.place.seq)
    assert times == sorted(times)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def test_all_that_is_heard_would_pass_the_wire() -> None:
    events = [
        {"at": 5, "until": 40, "fault": "line_degraded", "unit": _UNIT, "loss": 20, "rtt_ms": 800},
        {"at": 10, "fault": "printer_fault", "unit": _UNIT, "asset": "printer1", "kind": "jam"},
        {"at": 11, "fault": "disk_failing", "unit": _UNIT, "asset": "pc3"},
        {"at": 12, "until": 20, "fault": "pc_sleep", "unit": _UNIT, "asset": "pc4"},
        {"at": 12, "fault": "pc_clock", "unit": _UNIT, "asset": "pc2", "seconds": -90000},
        {"at": 30, "report": {"unit": _UNIT, "symptom": "hang", "system": "dossier", "waiting": "6-20"}},
    ]
    heard = [one for one in _world(*events).arrivals() if isinstance(one, Heard)]

    for one in heard:
        if isinstance(one.record, Presence):
            assert decode_presence(encode_presence(one.record)) == one.record
        else:
            assert decode(encode(one.record)) == one.record
    assert {type(one.record) for one in heard} == {Samples, Event, Hello, Presence}


def test_a_cut_line_is_seen_by_the_wills_and_told_afterwards_from_the_outbox() -> None:
    world = _world({"at": 20, "until": 50, "fault": "line_down", "unit": _UNIT})

    lost = [at for at, state in _presences(world, "pc1") if state == "lost"]
    assert len(lost) == 1
    assert 20.4 < lost[0] < 21.3  # 45 s x 1.5 + 5 s after the last packet
    assert _events(world, "pc1", "line.state") == [(20, 50, "down")] * 2 + [(50, 51, "up")] * 2
    sampled = [one.record.stamp.time for _, one in _heard(world, "pc1") if isinstance(one.record, Samples)]
    assert max(after - before for before, after in pairwise(sampled)) <= 6 * _MINUTE


def test_a_power_cut_leaves_a_hole_in_the_samples_and_boots_that_say_so() -> None:
    world = _world({"at": 20, "until": 50, "fault": "power_cut", "unit": _UNIT})

    boots = [
        one.record
        for _, one in _heard(world, "pc1")
        if isinstance(one.record, Event) and one.record.name == "system.boot"
    ]
    read = [
        (one.record.stamp.time - world.truth.start) / _MINUTE + second / 60
        for _, one in _heard(world, "pc1")
        if isinstance(one.record, Samples)
        for second in one.record.at
    ]
    assert [boot.attributes["ended"] for boot in boots] == ["unexpected"]
    assert [minute for minute in read if 20.1 < minute < 50] == []
    assert max(minute for minute in read if minute < 30) > 18.9  # what was read before the cut came afterwards


def test_one_path_left_carries_the_news_of_the_other_at_once() -> None:
    world = _world({"at": 20, "until": 50, "fault": "line_down", "unit": _UNIT, "path": "internet"})

    assert _events(world, "pc1", "line.state") == [(20, 21, "down"), (50, 51, "up")]
    assert _presences(world, "pc1") == []


@pytest.mark.parametrize(
    ("fault", "presences"),
    [("pc_off", ["off", "on"]), ("pc_lid", ["lost", "on"]), ("pc_sleep", ["lost", "on"]), ("pc_dead", ["lost", "on"])],
)
def test_a_pc_goes_in_its_own_way_and_its_gateway_sees_it_go(fault: str, presences: list[str]) -> None:
    world = _world(
        {"at": 10, "until": 60, "fault": fault, "unit": _UNIT, "asset": "pc3"}, start="2026-03-11T08:30:00+07:00"
    )

    assert [state for _, state in _presences(world, "pc3")] == presences
    seen = [
        (round(at), one.record.attributes["state"])
        for at, one in _heard(world, "pc1")
        if isinstance(one.record, Event) and one.record.attributes.get("neighbour") == agent_id(_UNIT, "pc3")
    ]
    assert [state for _, state in seen] == ["gone", "here"]
    assert seen[0][0] in (11, 12)


def test_a_good_bye_is_said_before_a_pc_is_switched_off() -> None:
    world = _world({"at": 10, "until": 60, "fault": "pc_off", "unit": _UNIT, "asset": "pc3"})

    assert [round(at) for at, one in _heard(world, "pc3") if isinstance(one.record, Bye)] == [10]


def test_a_short_silence_is_outlived_by_the_connection() -> None:
    world = _world({"at": 20, "until": 40, "fault": "flap", "of": "line_down", "unit": _UNIT, "period_s": 30})

    assert _presences(world, "pc1") == []


def test_a_lan_takes_its_share_of_the_agents_and_never_the_gateway() -> None:
    world = _world({"at": 20, "until": 50, "fault": "lan_down", "unit": _UNIT, "share": 0.5})

    gone = {
        one.record.attributes["neighbour"]
        for _, one in _heard(world, "pc1")
        if isinstance(one.record, Event) and one.record.attributes.get("state") == "gone"
    }
    assert {agent_id(_UNIT, "pc3"), agent_id(_UNIT, "pc4")} <= gone
    assert agent_id(_UNIT, "pc2") not in gone
    assert _presences(world, "pc1") == []


def test_a_cut_centre_hears_nobody_and_knows_it_of_itself() -> None:
    world = _world({"at": 20, "until": 40, "fault": "centre_cut"})

    blind = [(one.at - world.truth.start, one.since is None) for one in world.arrivals() if isinstance(one, Blind)]
    said = [at for at, one in _heard(world, "pc1") if not isinstance(one.record, Presence)]
    assert blind == [(20 * _MINUTE + 30_000, False), (40 * _MINUTE + 15_000, True)]
    assert [at for at in said if 20.1 < at < 40] == []


def test_who_cannot_report_by_an_agent_calls() -> None:
    world = _world(
        {"at": 10, "until": 60, "fault": "power_cut", "unit": _UNIT},
        {"at": 30, "report": {"unit": _UNIT, "symptom": "no_power", "waiting": "1-5"}},
    )

    assert [one.report.symptom for one in world.arrivals() if isinstance(one, Told)] == ["no_power"]
