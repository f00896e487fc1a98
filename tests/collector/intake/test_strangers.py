"""Who is not heard yet, or no more, is looked up alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, update

from machxa_collector.intake.meters import Meters
from machxa_collector.intake.pipeline import Pipeline
from machxa_collector.intake.rows import KnownAgent
from machxa_collector.store import tables
from machxa_collector.store.intake import SqlIntakeStore
from machxa_wire.records import Samples
from tests.collector.builders import MIDNIGHT, Known, arrival, enrol, pipeline, samples


def batch(seq: int) -> Samples:
    """Return the record of one number."""
    return samples(seq, MIDNIGHT + seq * 60_000, (0,), ((seq,),))


def test_an_agent_enrolled_a_moment_ago_is_heard(store: Engine) -> None:
    line = pipeline(store, MIDNIGHT)
    late = enrol(store, "late")

    outgoing = line.process([arrival(late, batch(1))])

    assert len(outgoing) == 1


class Asked(SqlIntakeStore):
    """Note of whom the store was asked; all: how often for every agent."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.named_ones: list[set[str]] = []
        self.all = 0

    def agents(self) -> tuple[KnownAgent, ...]:
        self.all += 1
        return super().agents()

    def named(self, ids: Collection[str]) -> tuple[KnownAgent, ...]:
        self.named_ones.append(set(ids))
        return super().named(ids)


def test_strangers_are_looked_up_together_and_nobody_else_is(store: Engine, agent: Known) -> None:
    asked = Asked(store)
    line = Pipeline(asked, Meters(CollectorRegistry()), lambda: MIDNIGHT)
    late, never = enrol(store, "late"), replace(agent, id="00000000-0000-4000-8000-00000000dead")
    arrivals = [arrival(one, batch(seq)) for one in (never, late, agent, never) for seq in (1, 2)]

    acknowledged = {one.topic.split("/")[3] for one in line.process(arrivals) if one.payload}
    line.process([arrival(late, batch(3)), arrival(agent, batch(3))])

    assert acknowledged == {late.id, agent.id}
    assert (asked.named_ones, asked.all) == ([{late.id, never.id}], 1)


def test_who_was_revoked_is_heard_no_more_and_the_others_are(store: Engine, agent: Known) -> None:
    line, other = pipeline(store, MIDNIGHT), enrol(store, "other")
    line.refresh([other.id])
    with store.begin() as connection:
        connection.execute(update(tables.agents).where(tables.agents.c.id == other.id).values(revoked_at=MIDNIGHT))

    line.refresh([other.id])

    assert line.admission.count() == 1
    assert len([one for one in line.process([arrival(other, batch(1)), arrival(agent, batch(1))]) if one.payload]) == 1
