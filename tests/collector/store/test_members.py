"""Several collectors on one PostgreSQL: who lives, one order of commits, nothing of an epoch or term that is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, select, text, update

from machxa_collector.intake.meters import Meters
from machxa_collector.intake.pipeline import Pipeline
from machxa_collector.intake.rows import StoreUnavailableError
from machxa_collector.store import members, tables
from machxa_collector.store.engine import connect
from machxa_collector.store.members import Me, OtherKeysError, ReplacedError
from machxa_collector.store.turns import FencedError, SharedIntakeStore, fenced, latest
from tests.collector.builders import MIDNIGHT, arrival, enrol, samples
from tests.collector.postgres import Cluster

pytestmark = pytest.mark.postgres
A, B = Me("a", "1", "k"), Me("b", "1", "k")


@pytest.fixture
def shared(server: Cluster) -> Iterator[Engine]:
    """Return a store that several collectors may share."""
    with server.migrated() as url:
        engine = connect(url)
        try:
            yield engine
        finally:
            engine.dispose()


def fall_silent(store: Engine, name: str) -> None:
    """Let a member's last beat be long ago."""
    with store.begin() as connection:
        connection.execute(update(tables.members).where(tables.members.c.name == name).values(beat_at=0))


def test_each_change_of_who_lives_begins_another_epoch_and_nothing_else_does(shared: Engine) -> None:
    alone = members.join(shared, A)
    both = members.join(shared, B)
    assert members.beat(shared, A) == both
    fall_silent(shared, "b")
    left = members.beat(shared, A)
    back = members.beat(shared, B)
    members.leave(shared, A)
    last = members.beat(shared, B)

    assert [one.live for one in (alone, both, left, back, last)] == [("a",), ("a", "b"), ("a",), ("a", "b"), ("b",)]
    assert [one.epoch - alone.epoch for one in (both, left, back, last)] == [1, 2, 3, 4]
    assert {one.instance for one in (alone, both, left, back, last)} == {alone.instance}


def test_after_all_were_gone_agents_are_told_of_another_centre(shared: Engine) -> None:
    first = members.join(shared, A)
    members.leave(shared, A)

    assert members.join(shared, B).instance != first.instance


def test_a_later_run_of_a_member_takes_its_place(shared: Engine) -> None:
    members.join(shared, A)
    members.join(shared, replace(A, start="2"))

    with pytest.raises(ReplacedError):
        members.beat(shared, A)


def test_who_signs_with_another_authority_does_not_join_those_that_live(shared: Engine) -> None:
    members.join(shared, A)

    with pytest.raises(OtherKeysError):
        members.join(shared, replace(B, authority="other"))


def test_the_standing_of_each_says_who_leads_and_who_is_silent(shared: Engine) -> None:
    members.join(shared, A)
    members.join(shared, B)
    members.lead(shared, "b")
    fall_silent(shared, "a")

    with shared.connect() as connection:
        found = members.standing(connection)

    assert [(one.name, one.is_leader, one.silent_ms > members.DEAD_MS) for one in found] == [
        ("a", False, True),
        ("b", True, False),
    ]


def intake(store: Engine, epoch: int) -> tuple[Pipeline, SharedIntakeStore]:
    kept = SharedIntakeStore(store)
    kept.epoch = epoch
    return Pipeline(kept, Meters(CollectorRegistry()), lambda: MIDNIGHT), kept


def test_an_intake_of_an_epoch_that_is_over_commits_nothing_and_what_it_had_is_taken_once(shared: Engine) -> None:
    agent = enrol(shared)
    old, kept = intake(shared, members.join(shared, A).epoch)
    sent = [arrival(agent, samples(seq, MIDNIGHT, (0,), ((1,),))) for seq in (1, 2)]
    old.process(sent[:1])
    new, _ = intake(shared, members.join(shared, B).epoch)

    with pytest.raises(StoreUnavailableError, match="is over"):
        old.process(sent)
    new.process(sent)
    kept.epoch += 1
    old.begin_anew()
    old.process(sent)  # the shards came back: it reads what the other one has committed

    with shared.connect() as connection:
        books = connection.execute(select(tables.streams.c.contiguous, tables.streams.c.received)).all()
        assert connection.execute(select(tables.reports.c.seq).order_by(tables.reports.c.seq)).scalars().all() == [1, 2]
    assert books == [(2, 2)]


def test_stamps_of_all_intakes_rise_by_commit_even_when_the_clock_was_set_back(shared: Engine) -> None:
    agent = enrol(shared)
    epoch = members.join(shared, A).epoch
    with shared.begin() as connection:
        connection.execute(update(tables.member_turn).values(at=9_000_000_000_000))  # of a clock that was ahead

    for seq in (1, 2):
        intake(shared, epoch)[0].process([arrival(agent, samples(seq, MIDNIGHT, (0,), ((1,),)))])

    with shared.connect() as connection:
        stamps = connection.execute(select(tables.reports.c.received_at).order_by(tables.reports.c.seq)).scalars().all()
    assert stamps == [9_000_000_000_001, 9_000_000_000_002]
    assert latest(shared) == stamps[-1]


def test_a_leader_of_a_term_that_is_over_writes_nothing_and_who_never_led_is_not_held_up(shared: Engine) -> None:
    term = members.lead(shared, "a")
    ours = fenced(shared, term)
    with ours.begin() as connection:
        connection.execute(text("INSERT INTO refusals (reason, count, last_at) VALUES ('json', 1, 1)"))
    assert members.lead(shared, "b") == term + 1 == members.term(shared)

    with pytest.raises(FencedError), ours.begin() as connection:
        connection.execute(text("DELETE FROM refusals"))

    with shared.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM refusals")).scalar_one() == 1


def test_the_next_leader_begins_after_what_the_last_one_has_under_way(shared: Engine) -> None:
    ours = fenced(shared, members.lead(shared, "a"))
    with ours.begin() as connection:
        connection.execute(text("INSERT INTO refusals (reason, count, last_at) VALUES ('json', 1, 1)"))
        with shared.connect() as other:
            other.execute(text("SET LOCAL lock_timeout = '10ms'"))
            with pytest.raises(Exception, match="lock timeout"):
                other.execute(text("UPDATE member_leader SET term = term + 1"))


def test_one_collector_alone_ends_the_epoch_and_the_term_of_members_that_still_run(shared: Engine) -> None:
    agent = enrol(shared)
    line, _ = intake(shared, members.join(shared, A).epoch)
    term = members.lead(shared, "a")

    members.end_all(shared)

    with pytest.raises(StoreUnavailableError):
        line.process([arrival(agent, samples(1, MIDNIGHT, (0,), ((1,),)))])
    assert members.term(shared) == term + 1
    with pytest.raises(ReplacedError):
        members.beat(shared, A)
