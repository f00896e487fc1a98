"""The intake over TLS: it shows its certificate, and meets nobody but its own authority's broker."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from machxa_collector.intake.address import BrokerAddress
from machxa_collector.intake.link import IntakeLink
from machxa_collector.intake.meters import Meters
from machxa_collector.intake.pipeline import Pipeline
from machxa_collector.intake.shares import Whole
from machxa_collector.intake.turn import Turn
from machxa_collector.store import enrolment, queries
from machxa_collector.store.intake import SqlIntakeStore
from machxa_fleet import mosquitto
from tests.collector import pki
from tests.collector.builders import MIDNIGHT, Known, arrival, samples

DEADLINE_SECONDS = 20.0
MANY = 300
pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(mosquitto.find() is None, reason="mosquitto is not installed"),
]


@contextmanager
def _broker(folder: Path, files: pki.Files) -> Iterator[int]:
    settings = f"cafile {files.ca}\ncertfile {files.certificate}\nkeyfile {files.key}\nuser root\n"
    with mosquitto.running(folder, settings + "require_certificate true\nuse_identity_as_username true") as port:
        yield port


@contextmanager
def _intake(store: Engine, address: BrokerAddress) -> Iterator[Turn]:
    kept = SqlIntakeStore(store)
    canary = enrolment.canary(store, MIDNIGHT, b"c" * 32)
    meters = Meters(CollectorRegistry())
    turn = Turn(next(one for one in kept.agents() if one.id == canary), meters, lambda: MIDNIGHT)
    link = IntakeLink(
        address, Pipeline(kept, meters, lambda: MIDNIGHT), share=Whole("test"), spread_seconds=lambda: 1, turn=turn
    )
    thread = threading.Thread(target=link.run)
    thread.start()
    try:
        yield turn
    finally:
        link.stop()
        thread.join(DEADLINE_SECONDS)


def _until_connected(turn: Turn) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not turn.connected:
        assert time.monotonic() < deadline, "the intake did not connect in time"
        time.sleep(0.02)


def _until_told(caplog: pytest.LogCaptureFixture, words: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while words not in caplog.text:
        assert time.monotonic() < deadline, caplog.text
        time.sleep(0.02)


def test_records_arrive_over_tls_with_the_collectors_certificate(store: Engine, agent: Known, tmp_path: Path) -> None:
    files = pki.written(tmp_path / "pki")
    context = ssl.create_default_context(cafile=str(files.ca))
    context.load_cert_chain(files.client, files.client_key)
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.tls_set_context(context)
    records = [arrival(agent, samples(seq, MIDNIGHT, (0,), ((seq,),))) for seq in range(1, MANY + 1)]
    with _broker(tmp_path, files) as port:
        address = BrokerAddress("127.0.0.1", port, files.ca, files.client, files.client_key)
        with _intake(store, address) as turn:
            _until_connected(turn)
            client.connect("127.0.0.1", port)
            client.loop_start()
            for one in records:
                properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call] # paho leaves it untyped
                properties.UserProperty = ("mac", one.mac)
                client.publish(one.topic, one.payload, qos=1, properties=properties)
            deadline = time.monotonic() + DEADLINE_SECONDS
            while _received(store, agent) < MANY and time.monotonic() < deadline:
                time.sleep(0.02)
            client.disconnect()
            client.loop_stop()

    assert _received(store, agent) == MANY


@pytest.mark.parametrize("wrong", ["another authority", "another name"])
def test_a_broker_of_another_authority_or_name_is_not_met(
    store: Engine, tmp_path: Path, wrong: str, caplog: pytest.LogCaptureFixture
) -> None:
    hosts = ("may-chu.xa.example",) if wrong == "another name" else pki.LOOPBACK
    files, others = pki.written(tmp_path / "pki", hosts=hosts), pki.written(tmp_path / "others")
    ca = others.ca if wrong == "another authority" else files.ca
    with _broker(tmp_path, files) as port:
        address = BrokerAddress("127.0.0.1", port, ca, files.client, files.client_key)
        with _intake(store, address) as turn:
            _until_told(caplog, "certificate verify failed")

            assert not turn.connected


def _received(store: Engine, agent: Known) -> int:
    rows = queries.ledger(store, agent.id)
    return rows[0].received if rows else 0
