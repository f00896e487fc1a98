"""What the collector judges of its intake is what a drill judges of the same records, over restarts too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, insert, select

from machxa_collector.drill.calendars import sessions_of
from machxa_collector.drill.play import Span, play
from machxa_collector.incidents.fleet import Fleet
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.judge import Judge
from machxa_collector.incidents.rules import Rules
from machxa_collector.incidents.severity import Judgement
from machxa_collector.incidents.words import Cause, Told
from machxa_collector.judging import driver, listening
from machxa_collector.registry.calendar import Calendars
from machxa_collector.registry.records import Record
from machxa_collector.store import incidents, seed, tables
from machxa_collector.watch.presence import State
from machxa_fleet.drill.world import Heard, World
from machxa_wire.records import Event, Place, Presence, Scalar, Stamp
from tests.collector.judging.centre import KEY, Centre
from tests.collector.store.acting import create


@pytest.fixture
def centre(store: Engine) -> Centre:
    return Centre(store)


def drilled(centre: Centre) -> list[Incident]:
    """Return what a drill judges of the same world."""
    truth = centre.world.truth
    judge = Judge(centre.fleet, Rules(), centre.calendars)
    world = World(centre.scenario, sessions_of(centre.calendars))
    return list(play(judge, world.arrivals(), Span(truth.begin, truth.start, truth.end), 3).incidents)


def essence(found: Sequence[Incident]) -> list[tuple[object, ...]]:
    return [(one.cause, one.subject, one.units, one.started_at // 60_000, one.ended_at is None) for one in found]


def test_the_collector_comes_to_what_a_drill_comes_to(centre: Centre) -> None:
    centre.run(centre.heard(), centre.world.truth.end)

    expected = drilled(centre)
    assert expected
    assert essence(centre.incidents()) == essence(expected)
    assert centre.told == [("29374", Told.OPENED), *[one for one in centre.told[1:] if one[1] is not Told.OPENED]]


def test_a_restart_in_the_middle_finds_the_same_incident_and_tells_nothing_twice(centre: Centre) -> None:
    arrivals = centre.heard()
    late = centre.run(arrivals, centre.world.truth.start + 28 * 60_000)
    before = centre.incidents()
    centre.judging = centre.begun()
    centre.judging.turn()
    again = centre.incidents()
    assert late is not None
    centre.now = late.at
    centre.take(late)
    centre.run(arrivals, centre.world.truth.end)

    assert [one.subject for one in before] == ["29374"]
    assert [one.id for one in again] == [one.id for one in before]
    assert [one.id for one in centre.incidents()] == [one.id for one in before]
    assert [told for told in centre.told if told[1] is Told.OPENED] == [("29374", Told.OPENED)]


def test_a_beginning_tells_what_it_judged_until_when_though_time_may_stand_still_from_then_on(centre: Centre) -> None:
    assert centre.judging.state.at is None

    centre.judging.turn()
    centre.judging.turn()

    state = centre.judging.state
    assert (state.at, state.units, state.assets) == (centre.now, *centre.judging.watched())


def test_what_nothing_shows_any_more_is_ended_and_says_so(centre: Centre) -> None:
    centre.run(centre.heard(), centre.world.truth.start + 28 * 60_000)
    [known] = centre.incidents()
    stray = replace(known, id="ab" * 8, subject="29398", units=("29398",))
    incidents.save(centre.store, [stray])

    centre.judging = centre.begun()
    centre.judging.turn()

    after = {one.id: one for one in centre.incidents()}
    assert after[stray.id].ended_at == centre.now
    assert after[stray.id].why[-1].code == "out_of_reach"
    assert after[known.id].ended_at is None


def test_whom_the_registry_learns_of_is_watched_and_nothing_is_judged_anew_for_it(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Fleet] = []

    def judge(fleet: Fleet, rules: Rules, calendars: Calendars, severity: Judgement) -> Judge:
        begun.append(fleet)
        return Judge(fleet, rules, calendars, severity)

    monkeypatch.setattr(driver, "Judge", judge)
    arrivals = centre.heard()
    late = centre.run(arrivals, centre.world.truth.start)
    with centre.store.begin() as connection:
        connection.execute(
            insert(tables.assets).values(id="new", kind="computer", name="new", created_at=0, unit="29374")
        )
    assert late is not None
    centre.run(arrivals, centre.world.truth.end)

    assert centre.judging.watched()[1] == len(centre.fleet.assets) + 1
    assert len(begun) == 1
    assert {one.cause for one in centre.incidents()} == {one.cause for one in drilled(centre)}


def test_who_was_heard_before_the_registry_was_looked_at_is_known_to_be_here(centre: Centre) -> None:
    centre.run(iter(()), centre.now + 60_000)
    agent = "0f0e0d0c-0b0a-4908-8706-050403020100"
    with centre.store.begin() as connection:
        row = {"id": "new", "kind": "computer", "name": "new", "created_at": 0, "unit": "29374"}
        connection.execute(insert(tables.assets).values(**row))
        who = {"id": agent, "shard": "00", "key": KEY, "asset_id": "new", "role": "pc"}
        connection.execute(insert(tables.agents).values(**who, unsigned=False, enrolled_at=0))
    centre.take(Heard(centre.now, agent, Presence("on", "b1", "pc")))
    centre.judging.turn()

    centre.run(iter(()), centre.now + 60_000)

    judge = centre.judging._judge
    assert judge is not None
    assert judge.presence("new").state is State.UP


def test_a_day_off_that_is_entered_is_known_without_a_restart(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    days: list[bool] = []

    def judge(fleet: Fleet, rules: Rules, calendars: Calendars, severity: Judgement) -> Judge:
        days.append(bool(calendars.plan("29374", date(2026, 3, 11)).official))
        return Judge(fleet, rules, calendars, severity)

    monkeypatch.setattr(driver, "Judge", judge)
    seed.seed(centre.store, "86", "test", 1_000)
    centre.judging.turn()
    off: Record = {"owner": "29374", "rule": "off", "valid_from": date(2026, 3, 11), "name": "Lễ hội", "source": "QĐ 1"}
    create(centre.store, "calendars", {**off, "confidence": "confirmed"})
    centre.run(iter(()), centre.now + 60_000)

    assert days == [True, False]


def test_a_record_that_cannot_be_read_again_is_passed_over(centre: Centre, caplog: pytest.LogCaptureFixture) -> None:
    centre.run(centre.heard(), centre.world.truth.start)
    with centre.store.begin() as connection:
        pk = connection.execute(select(tables.agents.c.pk)).scalars().first()
        row = {"received_at": centre.now - 1, "agent_pk": pk, "is_presence": False, "payload": b"{"}
        connection.execute(insert(tables.heard).values(row))

    centre.judging = centre.begun()
    centre.judging.turn()

    assert "cannot be read" in caplog.text
    assert Cause.UNKNOWN not in {one.cause for one in centre.incidents()}


def test_the_end_of_what_was_told_is_told_though_it_came_while_nobody_judged(centre: Centre) -> None:
    arrivals = centre.heard()
    late = centre.run(arrivals, centre.world.truth.start + 28 * 60_000)
    assert late is not None
    for one in (late, *arrivals):
        centre.now = one.at
        centre.take(one)
    centre.now = centre.world.truth.end

    centre.begun().turn()

    assert centre.told == [("29374", one) for one in (Told.OPENED, Told.REVISED, Told.ENDED)]


def test_a_clock_that_was_set_back_makes_nobody_deaf(centre: Centre) -> None:
    arrivals = centre.heard()
    late = centre.run(arrivals, centre.world.truth.start)
    centre.now += 6 * 3_600_000
    assert late is not None
    centre.take(late)
    centre.judging = centre.begun()
    centre.judging.turn()
    centre.now = late.at
    centre.run(arrivals, centre.world.truth.end)

    assert set(essence(drilled(centre))) <= set(essence(centre.incidents()))


def test_who_cannot_take_what_is_found_stops_neither_the_judgement_nor_the_others(
    centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise ValueError("not now")

    centre.judging.tell.insert(0, fail)
    centre.judging.look.append(fail)
    centre.run(centre.heard(), centre.world.truth.start + 28 * 60_000)

    assert centre.told == [("29374", Told.OPENED)]
    assert "could not be passed on" in caplog.text


def test_an_agent_makes_incidents_of_reports_alone_and_not_of_as_many_as_it_likes(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "MOST_A_DAY", 3)
    arrivals = centre.heard()
    centre.run(arrivals, centre.world.truth.start)
    agent = next(asset.agent for asset in centre.fleet.assets if asset.agent)
    told: dict[str, Scalar] = {"category": "one_stop", "waiting": "20+"}
    for number in range(1, 8):
        said: dict[str, Scalar] = {**told, "id": f"{number:032x}", "system": f"ghost-{number}"}
        if number == 1:
            said["waiting"] = "a crowd"
        event = Event(Place("ab" * 8, number), Stamp("0badcafe.1", centre.now, 1), "human.report", said)
        centre.take(Heard(centre.now, agent, event))
    centre.run(iter(()), centre.now + 60_000)

    assert [one.subject for one in incidents.still_open(centre.store)] == ["ghost-2", "ghost-3", "ghost-4"]
