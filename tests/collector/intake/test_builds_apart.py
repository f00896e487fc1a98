"""Agents of an older and of a newer build are heard, and what neither knows of the other costs neither its stream."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from machxa_collector.intake.admit import Arrival
from machxa_collector.store import asset_list, samples, tables
from machxa_wire.downward import decode_ack
from machxa_wire.encode import body_of
from machxa_wire.mac import sign
from machxa_wire.records import Bye, Event, Facts, Gap, Hello, Place, Record, Samples, Series, Stamp
from machxa_wire.text import deflate, to_text
from machxa_wire.topics import Address
from tests.collector.builders import MIDNIGHT, STREAM, Known, enrol, pipeline

RECORDED = Path(__file__).parents[2] / "recordings" / "wire"
STAMP = Stamp("0badcafe.1", MIDNIGHT, 1000)
UPTIME = Series("system.uptime")
NEWEST = Samples(None, STAMP, (0,), (UPTIME,), ((100,),))


def place(seq: int) -> Place:
    return Place(STREAM, seq)


NEWER = (  # one of each kind
    Hello(STAMP, STREAM, 6, 6, 900, "pc", {"agent": "9.9.9", "wire": "1.9"}, NEWEST),
    Event(place(1), STAMP, "machxa.agent.start", {"version": "9.9.9"}),
    Samples(place(2), STAMP, (0, 60), (UPTIME, Series("later.metric", (("later.label", "x"),))), ((1, 61), (5, 6))),
    Facts(place(3), STAMP, {"hardware": {"name": "VP-02"}, "later": {"section": [1, 2]}}),
    Gap(place(4), STAMP, "00112233445566fe", 1, 2, 2, "full"),
    Bye(place(5), STAMP, "stop"),
)


def later(record: Record) -> dict[str, Any]:
    """Return a record as a newer build tells it: with fields of its own, deep and flat."""
    body = body_of(record)
    body["later_field"] = {"deep": [1, {"er": None}], "text": "chữ"}
    newest = body.get("newest")
    if isinstance(newest, dict):
        newest["later_field"] = 1
    return body


@dataclass
class Talk:
    """Hold what an agent said, and what it was told."""

    store: Engine
    agent: Known

    def say(self, *bodies: dict[str, Any]) -> int:
        """Say bodies; return up to where they were acknowledged."""
        return self.send(*(deflate(to_text(body)) for body in bodies))

    def send(self, *payloads: bytes) -> int:
        """Send payloads; return up to where they were acknowledged."""
        topic = Address(self.agent.id, self.agent.shard).up
        arrivals = [Arrival(topic, one, sign(self.agent.key, topic, one)) for one in payloads]
        told = pipeline(self.store, MIDNIGHT + 120_000).process(arrivals)
        return max((decode_ack(one.payload).upto for one in told if one.topic.endswith("/ack")), default=0)

    def refused(self) -> dict[str, int]:
        with self.store.connect() as connection:
            rows = connection.execute(select(tables.refusals.c.reason, tables.refusals.c.count)).all()
        return {str(row[0]): int(row[1]) for row in rows}


@pytest.fixture
def talk(store: Engine) -> Talk:
    return Talk(store, enrol(store))


@pytest.mark.parametrize("recording", sorted(RECORDED.glob("agent-*.json")), ids=lambda one: one.stem)
def test_all_that_an_older_agent_told_is_taken_and_can_be_read(store: Engine, recording: Path) -> None:
    told = json.loads(recording.read_text(encoding="utf-8"))
    known = enrol(store, "VP-01", told["began"])
    row = {"id": told["agent"], "shard": told["shard"], "key": bytes.fromhex(told["key"]), "asset_id": known.asset}
    with store.begin() as connection:
        made = {**row, "role": "pc", "unsigned": False, "enrolled_at": told["began"]}
        pk = connection.execute(insert(tables.agents).values(made)).inserted_primary_key[0]  # type: ignore[index]
    base = Address(told["agent"], told["shard"]).base
    frames = [Arrival(f"{base}/{one['channel']}", bytes.fromhex(one["payload"]), one["mac"]) for one in told["frames"]]

    outgoing = pipeline(store, told["began"] + 15_000).process(frames)

    with store.connect() as connection:
        stream = connection.execute(select(tables.streams).where(tables.streams.c.agent_pk == pk)).mappings().one()
        refusals = connection.execute(select(tables.refusals)).all()
        state = connection.execute(select(tables.presence.c.state).where(tables.presence.c.agent_pk == pk)).scalar()
    assert refusals == []
    assert (stream["contiguous"], stream["highest"], stream["received"]) == (9, 9, 9)
    assert max(decode_ack(one.payload).upto for one in outgoing if one.topic == f"{base}/down/ack") == 9
    assert state == "off"
    span = (told["began"] - 60_000, told["began"] + 60_000)
    (uptime,) = samples.read(store, pk, "system.uptime", span, samples.RAW)
    assert len(samples.read(store, pk, "system.cpu.time", span, samples.RAW)) == 7
    assert len([one for one in uptime.columns[""] if one is not None]) >= 10
    (asset,) = (one for one in asset_list.list_assets(store, "", 10) if one.id == known.asset)
    assert (asset.vendor, asset.serial) == ("Dell", "F5RJM2Z")


def test_what_a_newer_agent_tells_besides_is_passed_over_and_the_rest_is_kept(talk: Talk) -> None:
    upto = talk.say(*(later(record) for record in NEWER))

    assert (upto, talk.refused()) == (5, {})
    span = (MIDNIGHT, MIDNIGHT + 600_000)
    assert [one.columns[""] for one in samples.read(talk.store, talk.agent.pk, "system.uptime", span, 0)] == [(1, 61)]
    assert [one.columns[""] for one in samples.read(talk.store, talk.agent.pk, "later.metric", span, 0)] == [(5, 6)]


def test_a_kind_that_only_newer_builds_know_is_set_aside_and_holds_up_nothing(talk: Talk) -> None:
    unknown = {**body_of(NEWER[1]), "kind": "trace"}
    following = body_of(Event(place(2), STAMP, "later", {}))

    upto = talk.say(unknown, following)

    assert (upto, talk.refused()) == (2, {"kind": 1})


def test_a_record_of_the_next_wire_waits_with_its_agent_until_the_centre_is_newer_too(talk: Talk) -> None:
    upto = talk.say({**body_of(NEWER[1]), "v": 2}, body_of(Event(place(2), STAMP, "later", {})))

    again = talk.say(body_of(NEWER[1]))

    assert (upto, talk.refused(), again) == (0, {"version": 1}, 2)


def test_what_is_packed_with_a_dictionary_of_a_later_build_waits_with_its_agent_too(talk: Talk) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_DEFAULT_STRATEGY, b'{"v":1,"kind":"event","later":')
    packed = packer.compress(to_text(body_of(NEWER[1]))) + packer.flush()

    upto = talk.send(packed)
    again = talk.say(body_of(NEWER[1]))

    assert (upto, talk.refused(), again) == (0, {"dictionary": 1}, 1)
