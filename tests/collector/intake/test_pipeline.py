"""What arrives is committed once, acknowledged after its commit, or set aside with its reason."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, update

from machxa_collector.intake.admit import Arrival
from machxa_collector.intake.meters import Meters
from machxa_collector.intake.pipeline import Outgoing, Pipeline
from machxa_collector.intake.rows import Rows, StoreUnavailableError
from machxa_collector.store import queries, tables
from machxa_collector.store.intake import SqlIntakeStore
from machxa_wire.downward import decode_ack
from machxa_wire.encode import encode_presence
from machxa_wire.limits import MAX_PAYLOAD_BYTES
from machxa_wire.mac import sign
from machxa_wire.records import Ack, Bye, Event, Facts, Gap, Hello, Place, Presence, Samples, Series, Stamp
from machxa_wire.topics import Address
from tests.collector.builders import BOOT, MIDNIGHT, STREAM, Known, arrival, enrol, pipeline, samples, take

STAMP = Stamp(BOOT, MIDNIGHT, 1000)


def batch(seq: int) -> Samples:
    """Return the record of one number."""
    return samples(seq, MIDNIGHT + seq * 60_000, (0,), ((seq,),))


def ledger(store: Engine, agent: Known) -> queries.StreamRow:
    """Return the books of the agent's only stream."""
    rows = queries.ledger(store, agent.id)
    assert rows is not None
    assert len(rows) == 1
    return rows[0]


def test_records_are_acknowledged_together_up_to_the_last_in_order(store: Engine, agent: Known) -> None:
    outgoing = take(store, agent, batch(1), batch(2), batch(4))

    assert [decode_ack(one.payload) for one in outgoing] == [Ack(STREAM, 2, hello=BOOT)]
    assert outgoing[0].topic == Address(agent.id, agent.shard).ack
    assert outgoing[0].mac == sign(agent.key, outgoing[0].topic, outgoing[0].payload)
    assert ledger(store, agent).missing == ((3, 3),)


def test_a_record_sent_again_is_refused_once_more_and_acknowledged_again(store: Engine, agent: Known) -> None:
    take(store, agent, batch(1), batch(2))

    outgoing = take(store, agent, batch(1), batch(2), batch(2))

    assert [decode_ack(one.payload) for one in outgoing] == [Ack(STREAM, 2, hello=BOOT)]
    books = ledger(store, agent)
    assert (books.received, books.duplicates_refused, books.contiguous) == (2, 3, 2)


def test_declared_numbers_are_passed_by_the_acknowledgement_and_shown_apart(store: Engine, agent: Known) -> None:
    gap = Gap(Place(STREAM, 6), STAMP, STREAM, 2, 5, 4, "full")

    outgoing = take(store, agent, batch(1), gap)

    assert decode_ack(outgoing[0].payload) == Ack(STREAM, 6, hello=BOOT)
    books = ledger(store, agent)
    assert (books.received, books.declared_lost, books.declared, books.missing) == (2, 4, ((2, 5),), ())


def test_a_gap_of_a_damaged_stream_closes_the_old_books(store: Engine, agent: Known) -> None:
    old = replace(batch(1), place=Place("f" * 16, 1))
    gap = Gap(Place(STREAM, 1), STAMP, "f" * 16, 1, 9, None, "damaged")

    take(store, agent, old, gap)

    rows = queries.ledger(store, agent.id)
    assert rows is not None
    assert [(row.stream, row.received, row.declared_lost, row.contiguous) for row in rows] == [
        ("f" * 16, 1, 8, 9),
        (STREAM, 1, 0, 1),
    ]


def test_a_hello_is_answered_with_what_is_needed_and_the_centres_time(store: Engine, agent: Known) -> None:
    take(store, agent, batch(1), batch(2))
    hello = Hello(STAMP, STREAM, high=9, waiting_records=7, waiting_bytes=900, role="pc", versions={}, newest=None)

    outgoing = take(store, agent, hello, now_ms=MIDNIGHT + 5)

    assert decode_ack(outgoing[0].payload) == Ack(STREAM, 2, need=3, time=MIDNIGHT + 5)


def test_a_wrong_clock_is_corrected_by_the_hello_of_its_boot_and_marked(store: Engine, agent: Known) -> None:
    year_ms = 365 * 86_400_000
    wrong = Stamp("0badcafe.1", MIDNIGHT - 16 * year_ms, 600_000)
    hello = Hello(wrong, STREAM, 1, 1, 1, "pc", {}, None)
    earlier = Event(Place(STREAM, 1), replace(wrong, time=wrong.time - 60_000, mono=540_000), "system.boot", {})

    take(store, agent, hello, earlier)

    (event,) = queries.list_events(store, agent.id, (0, 2**60), None, 10)
    assert (event.at, event.mark) == (MIDNIGHT - 60_000, 1)


def test_a_bye_tells_that_the_machine_was_turned_off(store: Engine, agent: Known) -> None:
    take(
        store,
        agent,
        Hello(replace(STAMP, time=MIDNIGHT - 9, mono=991), STREAM, 0, 0, 0, "pc", {}, None),
        now_ms=MIDNIGHT - 9,
    )
    take(store, agent, Bye(Place(STREAM, 1), STAMP, "shutdown"))

    row = queries.one_asset(store, agent.asset)
    assert row is not None
    assert (row.presence, row.presence_since) == ("off", MIDNIGHT)


def test_presence_keeps_the_moment_it_became_true(store: Engine, agent: Known) -> None:
    topic = Address(agent.id, agent.shard).presence
    payload = encode_presence(Presence("on", "0badcafe.1"))
    on = Arrival(topic, payload, sign(agent.key, topic, payload), retain=True)

    for now_ms in (MIDNIGHT, MIDNIGHT + 60_000):
        pipeline(store, now_ms).process([on])

    row = queries.one_asset(store, agent.asset)
    assert row is not None
    assert (row.presence, row.presence_since) == ("on", MIDNIGHT)


def test_facts_are_kept(store: Engine, agent: Known) -> None:
    take(store, agent, Facts(Place(STREAM, 1), STAMP, {"bios": {"smodel": "OptiPlex 3020"}}))

    assert queries.newest_facts(store, agent.pk) == (MIDNIGHT, {"bios": {"smodel": "OptiPlex 3020"}})


def bad_arrivals(agent: Known, other: Known) -> dict[str, Arrival]:
    """Return one arrival for each reason to refuse it, signed where the signature is not the point."""
    good = arrival(agent, batch(1))
    body = json.loads(zlib.decompressobj(15).decompress(good.payload)) if good.payload[:1] != b"\x78" else {}

    def signed(payload: bytes) -> Arrival:
        return Arrival(good.topic, payload, sign(agent.key, good.topic, payload))

    unplaced = replace(batch(1), place=None)
    return {
        "too_large": signed(b"x" * (MAX_PAYLOAD_BYTES + 1)),
        "inflate": signed(b"\x78\x9cgarbage"),
        "inflate_ratio": signed(zlib.compress(b" " * 10_000_000)),
        "dictionary": signed(b"\x78\xf9\x00\x00\x00\x01rest"),
        "json": signed(b"{" + json.dumps(body).encode()),
        "depth": signed(b'{"a":' * 13_000),
        "text": signed(
            json.dumps(
                {
                    "v": 1,
                    "kind": "event",
                    "stream": STREAM,
                    "seq": 9,
                    "boot": "b",
                    "time": 0,
                    "mono": 0,
                    "name": "a",
                    "attributes": {"m": "\ud800"},
                }
            ).encode()
        ),
        "version": signed(b'{"v":99}'),
        "kind": signed(b'{"v":1,"kind":"command"}'),
        "field": signed(b'{"v":1,"kind":"bye"}'),
        "topic": replace(good, topic="mx/1/centre/presence"),
        "agent": replace(good, topic=Address("0" * 8 + "-0000-4000-8000-" + "0" * 12, "00").up),
        "mac": Arrival(Address(other.id, other.shard).up, good.payload, good.mac),
        "unsequenced": arrival(agent, unplaced),
        "retained": replace(good, retain=True),
    }


REASONS = (
    "too_large",
    "inflate",
    "inflate_ratio",
    "dictionary",
    "json",
    "depth",
    "text",
    "version",
    "kind",
    "field",
    "topic",
    "agent",
    "mac",
    "unsequenced",
    "retained",
)


@pytest.mark.parametrize("reason", REASONS)
def test_each_bad_arrival_is_counted_set_aside_and_never_stops_the_next(
    store: Engine, agent: Known, reason: str
) -> None:
    registry = CollectorRegistry()
    line = Pipeline(SqlIntakeStore(store), Meters(registry), lambda: MIDNIGHT)
    bad = bad_arrivals(agent, enrol(store, "other"))[reason]

    outgoing = line.process([bad, arrival(agent, batch(1))])

    assert [decode_ack(one.payload).upto for one in outgoing if one.payload] == [1]
    assert queries.list_refusals(store) == ((reason, 1, MIDNIGHT),)
    assert [row[3] for row in queries.list_quarantine(store, 10)] == [reason]
    assert registry.get_sample_value("machxa_intake_refused_total", {"reason": reason}) == 1


@pytest.mark.parametrize("reason", ["topic", "agent", "retained"])
def test_what_the_broker_may_retain_where_nothing_belongs_is_cleared(store: Engine, agent: Known, reason: str) -> None:
    line = pipeline(store, MIDNIGHT)
    bad = bad_arrivals(agent, enrol(store, "other"))[reason]

    assert line.process([bad, bad]) == [Outgoing(bad.topic, b"", "", qos=0, retain=True)]
    assert line.process([replace(bad, payload=b"", retain=False)]) == []


def test_a_mac_is_required(store: Engine, agent: Known) -> None:
    line = pipeline(store, MIDNIGHT)

    assert line.process([replace(arrival(agent, batch(1)), mac=None)]) == []
    assert [row[0] for row in queries.list_refusals(store)] == ["mac"]


class Failing(SqlIntakeStore):
    """Fail a number of commits, then work: a store as it is while its disk is full."""

    def __init__(self, engine: Engine, failures: list[Exception]) -> None:
        super().__init__(engine)
        self._failures = failures

    def commit(self, rows: Rows) -> None:
        if self._failures:
            raise self._failures.pop()
        super().commit(rows)


def test_nothing_is_acknowledged_while_the_store_cannot_commit_and_the_same_batch_goes_in_later(
    store: Engine, agent: Known
) -> None:
    line = Pipeline(Failing(store, [StoreUnavailableError("disk full")]), Meters(CollectorRegistry()), lambda: MIDNIGHT)
    arrivals = [arrival(agent, batch(1)), arrival(agent, batch(2))]

    with pytest.raises(StoreUnavailableError):
        line.process(arrivals)
    outgoing = line.process(arrivals)

    assert [decode_ack(one.payload) for one in outgoing] == [Ack(STREAM, 2, hello=BOOT)]
    assert (ledger(store, agent).received, ledger(store, agent).duplicates_refused) == (2, 0)


def test_a_batch_the_store_refuses_goes_in_record_by_record(store: Engine, agent: Known) -> None:
    line = Pipeline(Failing(store, [ValueError("a defect")]), Meters(CollectorRegistry()), lambda: MIDNIGHT)

    line.process([arrival(agent, batch(1)), arrival(agent, batch(2))])

    assert ledger(store, agent).contiguous == 2


def test_a_router_script_without_numbers_is_heard_when_marked_unsigned(store: Engine, agent: Known) -> None:
    with store.begin() as connection:
        connection.execute(update(tables.agents).values(unsigned=True))
    script = replace(arrival(agent, replace(batch(1), place=None, series=(Series("system.uptime"),))), mac=None)

    assert pipeline(store, MIDNIGHT).process([script, script]) == []
    assert queries.list_refusals(store) == ()
    assert queries.last_seen(store, [agent.pk]) == {agent.pk: MIDNIGHT}
