"""One agent, or one bad record, harms nobody: what it may open is bounded, and what is refused never stops it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from machxa_collector.intake.admit import Arrival
from machxa_collector.intake.clock import BootClock
from machxa_collector.intake.ledger import MAX_SPANS
from machxa_collector.intake.meters import Meters
from machxa_collector.intake.pipeline import Pipeline
from machxa_collector.intake.rows import OpenStream, Rows, StoreUnavailableError
from machxa_collector.intake.sparing import Sparing
from machxa_collector.store import queries, tables
from machxa_collector.store.intake import CLOCKS_KEPT, STREAMS_MOST, SqlIntakeStore
from machxa_wire.downward import decode_ack
from machxa_wire.encode import body_of, encode_presence
from machxa_wire.mac import sign
from machxa_wire.records import Ack, Bye, Event, Gap, Hello, Place, Presence, Record, Stamp
from machxa_wire.topics import Address
from tests.collector.builders import BOOT, MIDNIGHT, STREAM, Known, arrival, pipeline, samples, take

STAMP = Stamp("0badcafe.1", MIDNIGHT, 1000)


def event(seq: int, stream: str = STREAM) -> Event:
    """Return an event of one number."""
    return Event(Place(stream, seq), STAMP, "system.boot", {})


def spoilt(agent: Known, record: Record, **fields: object) -> Arrival:
    """Return a record whose agent vouches for it though the wire must refuse it."""
    topic, payload = Address(agent.id, agent.shard).up, json.dumps({**body_of(record), **fields}).encode()
    return Arrival(topic, payload, sign(agent.key, topic, payload))


def books(store: Engine, agent: Known) -> queries.StreamRow:
    """Return the books of the agent's first stream."""
    rows = queries.ledger(store, agent.id)
    assert rows
    return rows[0]


def presence(store: Engine, agent: Known) -> tuple[str | None, int | None]:
    """Return an agent's state and since when."""
    row = queries.one_asset(store, agent.asset)
    assert row is not None
    return row.presence, row.presence_since


def test_a_record_refused_for_what_it_holds_is_passed_as_lost_so_that_the_next_can_follow(
    store: Engine, agent: Known
) -> None:
    bad = spoilt(agent, event(2), name="NOT A NAME")

    outgoing = pipeline(store, MIDNIGHT).process([arrival(agent, event(1)), bad, arrival(agent, event(3)), bad])

    assert [decode_ack(one.payload) for one in outgoing] == [Ack(STREAM, 3, hello=BOOT)]
    assert (books(store, agent).received, books(store, agent).declared) == (2, ((2, 2),))
    assert queries.list_refusals(store) == (("field", 2, MIDNIGHT),)


@pytest.mark.parametrize("mac", [None, "m" * 22], ids=["without a mac", "with a wrong mac"])
def test_a_number_nobody_vouches_for_is_not_passed(store: Engine, agent: Known, mac: str | None) -> None:
    bad = replace(spoilt(agent, event(1), name="NOT A NAME"), mac=mac)

    assert pipeline(store, MIDNIGHT).process([bad]) == []


def test_a_record_of_a_newer_version_waits_with_its_agent(store: Engine, agent: Known) -> None:
    assert pipeline(store, MIDNIGHT).process([spoilt(agent, event(1), v=2)]) == []


class Choosy(SqlIntakeStore):
    """Refuse events by a defect, as a store might that cannot write what they hold."""

    def commit(self, rows: Rows) -> None:
        if rows.events:
            raise ValueError("a defect")
        super().commit(rows)


def test_a_record_the_store_refuses_is_passed_as_lost_and_the_others_are_kept(store: Engine, agent: Known) -> None:
    line = Pipeline(Choosy(store), Meters(CollectorRegistry()), lambda: MIDNIGHT)
    good = arrival(agent, samples(1, MIDNIGHT, (0,), ((1,),)))

    outgoing = line.process([good, arrival(agent, event(2))])

    assert decode_ack(outgoing[-1].payload) == Ack(STREAM, 2)
    assert (books(store, agent).received, books(store, agent).declared_lost) == (1, 1)
    assert [row[0] for row in queries.list_refusals(store)] == ["internal"]


class Blind(SqlIntakeStore):
    """Fail to read clocks by a defect."""

    def boot_clock(self, agent_pk: int, boot: str) -> BootClock | None:
        raise ValueError(f"a defect with {boot} of {agent_pk}")


def test_a_record_that_cannot_be_planned_is_never_counted_as_received(store: Engine, agent: Known) -> None:
    line = Pipeline(Blind(store), Meters(CollectorRegistry()), lambda: MIDNIGHT)

    line.process([arrival(agent, event(1)), arrival(agent, samples(2, MIDNIGHT, (0,), ((1,),)))])

    assert (books(store, agent).received, books(store, agent).declared_lost) == (0, 2)


@pytest.mark.parametrize(
    "cause",
    [DatabaseError("insert", None, Exception("database disk image is malformed")), PoolTimeoutError("pool")],
    ids=["a damaged file", "no connection free"],
)
def test_a_store_that_cannot_now_is_asked_again_and_blames_no_record(
    store: Engine, agent: Known, cause: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Engine) -> None:
        raise cause

    registry = CollectorRegistry()
    line = Pipeline(SqlIntakeStore(store), Meters(registry), lambda: MIDNIGHT)
    with monkeypatch.context() as broken:
        broken.setattr(Engine, "begin", fail)
        with pytest.raises(StoreUnavailableError):
            line.process([arrival(agent, event(1))])
    down = registry.get_sample_value("machxa_intake_store_unavailable")

    outgoing = line.process([arrival(agent, event(1))])

    assert [decode_ack(one.payload) for one in outgoing] == [Ack(STREAM, 1, hello=BOOT)]
    assert (down, registry.get_sample_value("machxa_intake_store_unavailable")) == (1, 0)


class Locked(SqlIntakeStore):
    """Cannot open one stream for a while, as while another process holds the database."""

    is_locked = True

    def open_stream(self, agent_pk: int, stream: str, now_ms: int) -> OpenStream:
        if self.is_locked and stream == "f" * 16:
            raise StoreUnavailableError("database is locked")
        return super().open_stream(agent_pk, stream, now_ms)


def test_a_store_locked_while_a_record_is_refused_leaves_nothing_believed_that_was_not_committed(
    store: Engine, agent: Known
) -> None:
    locked = Locked(store)
    line = Pipeline(locked, Meters(CollectorRegistry()), lambda: MIDNIGHT)
    arrivals = [arrival(agent, event(1)), spoilt(agent, event(1, "f" * 16), name="NOT A NAME")]
    with pytest.raises(StoreUnavailableError):
        line.process(arrivals)
    locked.is_locked = False

    line.process(arrivals)

    assert (books(store, agent).received, books(store, agent).duplicates_refused) == (1, 0)
    assert len(queries.list_events(store, agent.id, (0, 2**60), None, 10)) == 1


def test_an_agent_opens_a_bounded_number_of_streams_and_its_old_ones_go_on(store: Engine, agent: Known) -> None:
    take(store, agent, *[event(1, f"{number:016x}") for number in range(STREAMS_MOST)])

    outgoing = take(store, agent, event(1, "f" * 16), event(2, f"{0:016x}"))

    assert [decode_ack(one.payload) for one in outgoing] == [Ack(f"{0:016x}", 2, hello=BOOT)]
    assert queries.list_refusals(store) == (("streams", 1, MIDNIGHT),)


def test_of_very_many_boots_the_newest_clocks_are_kept(store: Engine, agent: Known) -> None:
    for number in range(CLOCKS_KEPT + 5):
        hello = Hello(replace(STAMP, boot=f"b.{number}"), STREAM, 0, 0, 0, "pc", {}, None)
        take(store, agent, hello, now_ms=MIDNIGHT + number)

    with store.connect() as connection:
        kept = connection.execute(select(func.count(), func.min(tables.clocks.c.measured_at))).one()
    assert tuple(kept) == (CLOCKS_KEPT, MIDNIGHT + 5)


def test_a_gap_that_would_make_too_many_holes_waits_for_the_resend(store: Engine, agent: Known) -> None:
    take(store, agent, *[event(3 + 2 * span) for span in range(MAX_SPANS)])

    outgoing = take(store, agent, Gap(Place(STREAM, 4), STAMP, STREAM, 10_000, 10_001, 2, "full"))

    assert [decode_ack(one.payload) for one in outgoing] == [Ack(STREAM, 0, hello=BOOT)]
    assert books(store, agent).highest == 1 + 2 * MAX_SPANS


def test_a_bye_that_comes_late_does_not_turn_off_an_agent_that_is_back(store: Engine, agent: Known) -> None:
    topic, on = Address(agent.id, agent.shard).presence, encode_presence(Presence("on", "0badcafe.2"))
    back = [
        Arrival(topic, on, sign(agent.key, topic, on)),
        arrival(agent, Hello(Stamp("0badcafe.2", MIDNIGHT + 60_000, 9000), STREAM, 1, 1, 1, "pc", {}, None)),
    ]
    pipeline(store, MIDNIGHT + 60_000).process(back)

    take(store, agent, Bye(Place(STREAM, 1), STAMP, "shutdown"), now_ms=MIDNIGHT + 61_000)

    assert presence(store, agent) == ("on", MIDNIGHT + 60_000)


def test_a_bye_that_comes_late_says_since_when_a_silent_agent_was_off(store: Engine, agent: Known) -> None:
    topic, lost = Address(agent.id, agent.shard).presence, encode_presence(Presence("lost", "0badcafe.1"))
    take(
        store,
        agent,
        Hello(replace(STAMP, time=MIDNIGHT - 9, mono=991), STREAM, 0, 0, 0, "pc", {}, None),
        now_ms=MIDNIGHT - 9,
    )
    pipeline(store, MIDNIGHT + 60_000).process([Arrival(topic, lost, sign(agent.key, topic, lost))])

    take(store, agent, Bye(Place(STREAM, 1), STAMP, "shutdown"), now_ms=MIDNIGHT + 90_000)

    assert presence(store, agent) == ("off", MIDNIGHT)


def test_a_flood_of_bad_records_is_told_once_a_minute(
    store: Engine, agent: Known, caplog: pytest.LogCaptureFixture
) -> None:
    bad = spoilt(agent, event(1), name="NOT A NAME")
    line = pipeline(store, MIDNIGHT)

    for _ in range(20):
        line.process([bad] * 20)

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "refused (field)" in caplog.text


def test_what_was_held_back_is_counted_when_it_is_told_again() -> None:
    moments = iter([0.0, 1.0, 59.9, 60.0, 61.0, 62.0])
    sparing = Sparing(lambda: next(moments))

    said = [sparing.due("a") for _ in range(5)]
    sparing.over("a")

    assert said == [0, None, None, 2, None]
    assert sparing.due("a") == 0


class Counting(SqlIntakeStore):
    """Count how often clocks are read."""

    asked = 0

    def boot_clock(self, agent_pk: int, boot: str) -> BootClock | None:
        self.asked += 1
        return super().boot_clock(agent_pk, boot)


def test_a_boots_clocks_are_read_once_though_a_backlog_of_the_boot_before_comes_between(
    store: Engine, agent: Known
) -> None:
    counting = Counting(store)
    line = Pipeline(counting, Meters(CollectorRegistry()), lambda: MIDNIGHT)
    before = replace(samples(1, MIDNIGHT, (0,), ((1,),)), stamp=replace(STAMP, boot="before"))

    for seq in (1, 3, 5, 7):
        now, old = samples(seq, MIDNIGHT, (0,), ((1,),)), replace(before, place=Place(STREAM, seq + 1))
        line.process([arrival(agent, now), arrival(agent, old)])

    assert counting.asked == 2
