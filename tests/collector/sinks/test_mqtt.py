"""What Telegraf subscribes to: a real mosquitto with the shipped access rules, and a subscriber that reads lines."""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from machxa_collector.mosquitto import config as broker
from machxa_collector.registry.units import Units, bundled_units
from machxa_collector.sinks.config import Mqtt
from machxa_collector.sinks.copying import Copying
from machxa_collector.sinks.influx import SinkError
from machxa_collector.sinks.meters import SinkMeters
from machxa_collector.sinks.mqtt import MqttServer
from machxa_collector.sinks.starting import made
from machxa_fleet import mosquitto
from machxa_wire.records import Series
from tests.collector.builders import MIDNIGHT, UPTIME, Known, enrol, put, samples
from tests.collector.store.test_devices import PRINTER, place, told

DEPLOY = Path(__file__).parents[3] / "deploy"
UNITS = Units(bundled_units())
VINH_LONG = "29506"
PAGES = Series("machxa.printer.pages", (("device", "may-in"),))
PART = re.compile(r"((?:\\.|[^\\,= ])+)=((?:\\.|[^\\,= ])*)")
pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(mosquitto.find() is None, reason="mosquitto is not installed: apt-get install mosquitto"),
]


def parsed(line: str) -> tuple[dict[str, str], dict[str, float], int]:
    """Return tags, fields and seconds of a line, as the line protocol says how to read it."""
    found = re.fullmatch(r"machxa((?:,(?:\\.|[^\\ ])+?)*) (\S+) (\d+)", line)
    assert found is not None, line
    tags = {_plain(name): _plain(value) for name, value in PART.findall(found[1])}
    return tags, {name: float(value) for name, value in PART.findall(found[2])}, int(found[3])


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


@dataclass
class Heard:
    """Hold what a subscriber read."""

    lines: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def take(self, _client: object, _data: object, message: MQTTMessage) -> None:
        with self.changed:
            self.lines += message.payload.decode().split("\n")
            self.changed.notify_all()

    def wait(self, count: int) -> list[str]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.lines) >= count, 30.0), self.lines
            return list(self.lines)


@contextmanager
def subscriber(port: int) -> Iterator[Heard]:
    """Subscribe as Telegraf does: with its user, QoS 1, a session that stays."""
    heard, there = Heard(), threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, "telegraf-machxa", protocol=MQTTProtocolVersion.MQTTv311)
    client.username_pw_set("telegraf", "secret")
    client.on_message = heard.take
    client.on_connect = lambda *_: _subscribe(client)
    client.on_subscribe = lambda *_: there.set()
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        assert there.wait(30.0)
        yield heard
    finally:
        client.disconnect()
        client.loop_stop()


def _subscribe(client: Client) -> None:
    client.subscribe([("machxa/lines", 1), ("mx/1/#", 1)])


@pytest.fixture
def rules(tmp_path: Path) -> str:
    """Return both listeners' accounts and access rules as shipped, in one."""
    passwords = "".join(broker.password_line(user, "secret", b"salt of test") for user in ("centre", "telegraf"))
    (tmp_path / "passwd").write_text(passwords)
    (tmp_path / "passwd").chmod(0o600)
    acl = "".join((DEPLOY / "mosquitto" / f"{name}.acl").read_text(encoding="utf-8") for name in ("centre", "telegraf"))
    (tmp_path / "acl").write_text(acl)
    (tmp_path / "acl").chmod(0o600)
    return f"allow_anonymous false\npassword_file {tmp_path}/passwd\nacl_file {tmp_path}/acl\nuser root"


def sink_of(port: int, password: str = "secret") -> Mqtt:  # noqa: S107 - a test's
    return Mqtt(name="telegraf", host="127.0.0.1", port=port, user="centre", password=password)


def test_each_line_says_where_and_what_it_was_measured_on(store: Engine, tmp_path: Path, rules: str) -> None:
    agent = enrol(store, "VP 01")
    place(store, agent, VINH_LONG)
    told(store, agent, 9, PRINTER)
    put(store, agent, samples(1, MIDNIGHT, (0,), ((100,), (1234,)), (UPTIME, PAGES)))
    with mosquitto.running(tmp_path, rules) as port, subscriber(port) as heard:
        (copying,) = made(
            [sink_of(port)], store, SinkMeters(CollectorRegistry()), lambda: MIDNIGHT + 60_000, lambda: UNITS
        )
        assert copying.turn()
        lines = [parsed(line) for line in heard.wait(2)]

    where = {"agent": agent.id, "unit": VINH_LONG, "province": "86", "role": "pc"}
    where["unit_name"] = UNITS.history(VINH_LONG)[-1].full_name
    seconds = MIDNIGHT // 1000
    own = where | {"kind": "computer", "name": "VP 01"}, {"system_uptime": 100.0}, seconds
    printer = where | {"kind": "printer", "name": "may-in-1", "device": "may-in"}
    assert sorted(lines, key=lambda line: line[0]["kind"]) == [
        own,
        (printer, {"machxa_printer_pages": 1234.0}, seconds),
    ]


def test_what_nobody_subscribes_to_is_lag_and_comes_when_somebody_does(
    store: Engine, agent: Known, tmp_path: Path, rules: str
) -> None:
    registry, clock = CollectorRegistry(), {"ms": MIDNIGHT + 600_000}
    put(store, agent, samples(1, MIDNIGHT, (0,), ((1,),)))
    with mosquitto.running(tmp_path, rules) as port:
        server = MqttServer(sink_of(port))
        copying = Copying("telegraf", server, store, SinkMeters(registry), lambda: clock["ms"])
        before = copying.turn()
        lag = registry.get_sample_value("machxa_sink_lag_seconds", {"sink": "telegraf"})
        with subscriber(port) as heard:
            after = copying.turn()
            lines = heard.wait(1)
        server.close()

    assert (before, lag, after) == (False, 600.0, True)
    assert [parsed(line)[1] for line in lines] == [{"system_uptime": 1.0}]


def test_what_a_broker_lost_with_its_life_is_sent_again(
    store: Engine, agent: Known, tmp_path: Path, rules: str
) -> None:
    registry, clock = CollectorRegistry(), {"ms": MIDNIGHT + 600_000}
    with mosquitto.running(tmp_path, rules) as port:
        server = MqttServer(sink_of(port))
        copying = Copying(
            "telegraf", server, store, SinkMeters(registry), lambda: clock["ms"], lambda: clock["ms"] / 1000
        )
        with subscriber(port) as heard:
            put(store, agent, samples(1, MIDNIGHT, (0,), ((1,),)))
            assert copying.turn()
            heard.wait(1)
    put(store, agent, samples(2, MIDNIGHT + 60_000, (0,), ((2,),)))
    clock["ms"] += 10_000
    assert not copying.turn()
    process = mosquitto.start(tmp_path, port, rules)
    try:
        with subscriber(port) as heard:
            clock["ms"] += 10_000
            assert copying.turn()
            again = heard.wait(2)
    finally:
        server.close()
        process.terminate()
        process.wait(10)

    assert [parsed(line)[1]["system_uptime"] for line in again] == [1.0, 2.0]


def test_a_wrong_password_is_said_as_what_it_is(tmp_path: Path, rules: str) -> None:
    refusing = pytest.raises(SinkError, match=r"the broker refuses us|Not authorized|connection ended")
    with mosquitto.running(tmp_path, rules) as port, refusing as told_us:
        MqttServer(sink_of(port, "wrong")).write(["machxa a=1.0 1"])

    assert not told_us.value.is_refused


def test_the_example_for_telegraf_reads_what_is_published_by_default() -> None:
    text = (DEPLOY / "telegraf" / "telegraf.conf").read_text(encoding="utf-8")

    (consumer,) = tomllib.loads(text)["inputs"]["mqtt_consumer"]

    assert (consumer["topics"], consumer["data_format"], consumer["qos"]) == ([sink_of(1).topic], "influx", 1)
