"""The intake over real brokers: heard, committed, acknowledged, whatever the broker is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from machxa_collector import broker
from machxa_collector.intake.address import BrokerAddress
from machxa_collector.intake.link import IntakeLink
from machxa_collector.intake.meters import Meters
from machxa_collector.intake.pipeline import Pipeline
from machxa_collector.intake.shares import Whole
from machxa_collector.intake.socketbuffer import signed_publish
from machxa_collector.intake.turn import Turn
from machxa_collector.store import enrolment, queries
from machxa_collector.store.intake import SqlIntakeStore
from machxa_fleet import mosquitto
from machxa_fleet.packets import PacketWriter
from machxa_wire.downward import decode_ack, decode_centre
from machxa_wire.mac import sign
from machxa_wire.records import Ack
from machxa_wire.topics import CENTRE_PRESENCE, Address
from tests.collector.builders import BOOT, MIDNIGHT, STREAM, Known, arrival, samples

DEADLINE_SECONDS = 20.0


@pytest.fixture(params=["iotcore", "mosquitto"])
def port(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    """Run each broker in turn."""
    if request.param == "iotcore":
        with broker.embedded(tmp_path) as embedded:
            yield embedded.address.port
        return
    if mosquitto.find() is None:
        pytest.skip("mosquitto is not installed")
    with mosquitto.running(tmp_path) as free:
        yield free


@contextmanager
def intake(store: Engine, port: int) -> Iterator[Turn]:
    """Run the intake's thread."""
    kept = SqlIntakeStore(store)
    canary = enrolment.canary(store, MIDNIGHT, b"c" * 32)
    meters = Meters(CollectorRegistry())
    turn = Turn(next(one for one in kept.agents() if one.id == canary), meters, lambda: MIDNIGHT)
    line = Pipeline(kept, meters, lambda: MIDNIGHT)
    link = IntakeLink(BrokerAddress("127.0.0.1", port), line, share=Whole("test"), spread_seconds=lambda: 1, turn=turn)
    thread = threading.Thread(target=link.run)
    thread.start()
    try:
        yield turn
    finally:
        link.stop()
        thread.join(DEADLINE_SECONDS)


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fail when it does not in time."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


@contextmanager
def listener(port: int, topics: list[str]) -> Iterator[tuple[Client, list[MQTTMessage]]]:
    """Connect as an agent would and gather what comes."""
    heard: list[MQTTMessage] = []
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.on_message = lambda _client, _userdata, message: heard.append(message)
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.subscribe([(topic, 0) for topic in topics])
    try:
        yield client, heard
    finally:
        client.disconnect()
        client.loop_stop()


@pytest.mark.broker
def test_a_record_is_committed_and_acknowledged_under_a_mac(store: Engine, agent: Known, port: int) -> None:
    address = Address(agent.id, agent.shard)
    with intake(store, port) as turn, listener(port, [address.ack]) as (client, heard):
        until(lambda: turn.connected)
        sent = arrival(agent, samples(1, MIDNIGHT, (0,), ((1,),)))
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call] # paho leaves it untyped
        properties.UserProperty = ("mac", sent.mac)
        client.publish(sent.topic, sent.payload, qos=1, properties=properties)
        until(lambda: bool(heard))

    assert decode_ack(bytes(heard[0].payload)) == Ack(STREAM, 1, hello=BOOT)
    assert heard[0].properties is not None
    assert vars(heard[0].properties)["UserProperty"] == [("mac", sign(agent.key, address.ack, bytes(heard[0].payload)))]
    rows = queries.ledger(store, agent.id)
    assert rows is not None
    assert rows[0].received == 1


@pytest.mark.broker
def test_a_publish_without_mac_is_refused_and_the_canary_goes_on(store: Engine, agent: Known, port: int) -> None:
    with intake(store, port) as turn, listener(port, [CENTRE_PRESENCE]) as (client, _):
        until(lambda: turn.connected)
        client.publish(Address(agent.id, agent.shard).up, b"\xff" * 100, qos=1)
        until(lambda: bool(queries.list_refusals(store)))
        until(lambda: turn.canary_age_seconds() is not None)

    assert [row[0] for row in queries.list_refusals(store)] == ["mac"]


@pytest.mark.broker
def test_agents_see_the_centre_come_and_go(store: Engine, port: int) -> None:
    with listener(port, [CENTRE_PRESENCE]) as (_, heard):
        with intake(store, port):
            until(lambda: bool(heard))
        until(lambda: not decode_centre(bytes(heard[-1].payload)).up)

    assert decode_centre(bytes(heard[0].payload)).up
    assert decode_centre(bytes(heard[0].payload)).spread_seconds == 1


def test_a_signed_publish_is_read_as_paho_writes_it() -> None:
    packet = PacketWriter("a").publish_packet("mx/1/00/x/up", b"{}", "m" * 22)

    signed = signed_publish(packet[0], packet[2:])

    assert signed is not None
    assert (signed.topic, signed.payload, signed.mac, signed.retain, signed.mid) == (
        "mx/1/00/x/up",
        b"{}",
        "m" * 22,
        False,
        1,
    )


@pytest.mark.parametrize("cut", range(0, 40, 3))
def test_a_cut_publish_is_left_to_paho(cut: int) -> None:
    packet = PacketWriter("a").publish_packet("mx/1/00/x/up", b"", "m" * 22)

    assert signed_publish(packet[0], packet[2:][:2] + packet[4:][:cut]) is None or cut >= len(packet) - 4
