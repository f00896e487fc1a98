"""Facts that come as a difference are held whole, or the whole is asked for."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine, select

from machxa_collector.store import queries, tables
from machxa_wire.difference import difference, digest_of
from machxa_wire.downward import decode_ack
from machxa_wire.records import Facts, Place, Stamp
from tests.collector.builders import MIDNIGHT, STREAM, Known, arrival, pipeline, take

STAMP = Stamp("0badcafe.1", MIDNIGHT, 1000)
FIRST: dict[str, object] = {"bios": {"ssn": "7XK", "smodel": "OptiPlex 3020"}, "cpus": [{"core": 2}]}
SECOND: dict[str, object] = {"bios": {"ssn": "7XK"}, "cpus": [{"core": 4}]}
THIRD: dict[str, object] = {"bios": {"ssn": "7XK"}, "cpus": [{"core": 4}], "hardware": {"memory": 8192}}


def whole(seq: int, body: dict[str, object]) -> Facts:
    """Return a record of whole facts."""
    return Facts(Place(STREAM, seq), STAMP, body)


def changed(seq: int, base: dict[str, object], body: dict[str, object]) -> Facts:
    """Return a record of a difference."""
    return Facts(Place(STREAM, seq), STAMP, difference(base, body) or {}, digest_of(base), digest_of(body))


def held(store: Engine, agent: Known) -> dict[str, object]:
    """Return the newest facts as the API gives them."""
    with store.connect() as connection:
        agent_pk = connection.execute(select(tables.agents.c.pk).where(tables.agents.c.id == agent.id)).scalar_one()
    found = queries.newest_facts(store, agent_pk)
    assert found is not None
    return found[1]


def test_differences_are_held_whole_in_one_commit_and_in_the_next(store: Engine, agent: Known) -> None:
    take(store, agent, whole(1, FIRST), changed(2, FIRST, SECOND))
    assert held(store, agent) == SECOND

    take(store, agent, changed(3, SECOND, THIRD))
    assert held(store, agent) == THIRD


def test_a_difference_to_the_body_before_the_last_is_understood(store: Engine, agent: Known) -> None:
    take(store, agent, whole(1, FIRST))
    take(store, agent, changed(2, FIRST, SECOND))

    take(store, agent, changed(3, FIRST, THIRD))

    assert held(store, agent) == THIRD


def test_without_its_base_a_difference_is_set_aside_and_the_whole_asked_for_until_it_comes(
    store: Engine, agent: Known
) -> None:
    intake = pipeline(store, MIDNIGHT)
    intake.process([arrival(agent, whole(1, FIRST))])

    asked = intake.process([arrival(agent, changed(2, SECOND, THIRD))])
    again = intake.process([arrival(agent, changed(3, SECOND, THIRD))])
    given = intake.process([arrival(agent, whole(4, THIRD))])

    acks = [decode_ack(out[0].payload) for out in (asked, again, given)]
    assert [(ack.upto, ack.whole) for ack in acks] == [(2, True), (3, True), (4, False)]
    assert held(store, agent) == THIRD
    with store.connect() as connection:
        reasons = connection.execute(select(tables.quarantine.c.reason)).scalars().all()
    assert reasons == ["base", "base"]


def test_a_difference_that_makes_another_body_than_it_says_changes_nothing(store: Engine, agent: Known) -> None:
    take(store, agent, whole(1, FIRST))

    outgoing = take(store, agent, replace(changed(2, FIRST, SECOND), digest="0" * 32))

    assert held(store, agent) == FIRST
    assert decode_ack(outgoing[0].payload).whole
