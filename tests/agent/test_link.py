"""Hold the link to its promises over a real broker."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from machxa_agent import connection
from machxa_agent.link import Link
from machxa_fleet import mosquitto
from machxa_wire.encode import encode_ack, encode_settings
from machxa_wire.notices import Notice, Notices, encode_notices
from machxa_wire.records import Ack, Hello, Scalar, Settings
from machxa_wire.roles import RoleOrder, encode_role
from tests.agent.centre import ADDRESS, Centre, identity, until
from tests.agent.outboxes import Maker

pytestmark = pytest.mark.broker
STREAM = "0000000000000001"


class Agent:
    """Hold an outbox and its link, running in a thread."""

    def __init__(self, folder: Path, port: int, role: str = "pc") -> None:
        self.maker = Maker(folder, on_disk=True)
        self.outbox = self.maker.open()
        self.offered: list[bytes] = []
        self.events: list[str] = []
        self.notices: list[bytes] = []
        self.states: list[str] = []
        self.farewells = 0
        self.link = Link(
            identity(port, role), self.outbox, self._hello, self, boot="aaaaaaaa.1", random=random.Random(1).random
        )
        self._thread = threading.Thread(target=self.link.run, args=(self._farewell,))

    def start(self) -> None:
        self._thread.start()
        until("the agent is connected", lambda: self.link.state.startswith("connected"))

    def stop(self) -> None:
        self.link.stop()
        self._thread.join(20)
        assert not self._thread.is_alive()

    def keep(self, count: int = 1) -> None:
        for _ in range(count):
            self.maker.event(self.outbox)
        self.link.wake()

    def settings(self, payload: bytes) -> None:
        self.offered.append(payload)

    def whole_facts(self) -> None:
        """Not asked for here."""

    def policy(self, payload: bytes) -> None:
        self.offered.append(payload)

    def notice(self, payload: bytes) -> None:
        self.notices.append(payload)

    def role(self, payload: bytes) -> None:
        self.offered.append(payload)

    def event(self, name: str, attributes: Mapping[str, Scalar]) -> None:
        self.events.append(f"{name} {attributes['boot']}")

    def link_state(self, state: str) -> None:
        self.states.append(state)

    def _farewell(self) -> None:
        self.farewells += 1
        self.maker.event(self.outbox, "machxa.farewell")

    def _hello(self) -> Hello:
        depth = self.outbox.depth()
        return Hello(self.maker.clock.stamp(), depth.stream, depth.high, depth.waiting_records, 0, "pc", {}, None)


@pytest.fixture
def agent(port: int, tmp_path: Path) -> Iterator[Agent]:
    (tmp_path / "agent").mkdir()
    agent = Agent(tmp_path / "agent", port)
    yield agent
    agent.stop()
    agent.outbox.close()


def test_it_introduces_itself_and_delivers_in_order_what_is_then_acknowledged(agent: Agent, centre: Centre) -> None:
    agent.keep(50)
    agent.start()

    until("all is acknowledged", lambda: agent.outbox.depth().acknowledged == 50)

    assert [hello.waiting_records for hello in centre.hellos] == [50]
    assert centre.seqs == list(range(1, 51))
    assert centre.presences == ["on"]
    assert centre.bad_macs == 0


def test_an_event_goes_at_once(agent: Agent, centre: Centre) -> None:
    agent.start()

    agent.keep()

    until("it arrived", lambda: centre.seqs == [1])


def test_the_brokers_word_deletes_nothing(agent: Agent, centre: Centre) -> None:
    centre.acknowledging = False
    agent.start()
    agent.keep()
    until("it arrived", lambda: centre.seqs == [1])

    assert agent.outbox.depth().waiting_records == 1

    centre.acknowledge(STREAM, 1)
    until("it is acknowledged", lambda: agent.outbox.depth().waiting_records == 0)


def test_an_acknowledgement_with_another_key_or_for_another_stream_is_refused(agent: Agent, centre: Centre) -> None:
    centre.acknowledging = False
    agent.start()
    agent.keep()
    until("it arrived", lambda: centre.seqs == [1])

    centre.say(ADDRESS.ack, encode_ack(Ack(STREAM, 1)), key=bytes(32))
    centre.acknowledge("00000000000000ff", 1)
    centre.say(ADDRESS.base + "/down/other", b"{}")

    refused = agent.link.downlink.refused
    until("three are refused", lambda: sum(refused.values()) == 3)
    assert refused == {"mac": 1, "stream": 1, "topic": 1}
    assert agent.outbox.depth().waiting_records == 1


def test_what_the_collector_lost_is_sent_again(agent: Agent, centre: Centre) -> None:
    agent.start()
    agent.keep(3)
    until("all is acknowledged", lambda: agent.outbox.depth().acknowledged == 3)

    centre.acknowledge(STREAM, 1, need=2)

    until("it came again", lambda: centre.seqs == [1, 2, 3, 2, 3])


def test_settings_are_passed_on(agent: Agent, centre: Centre) -> None:
    payload = encode_settings(Settings(2, 10, 30))
    centre.say(ADDRESS.config, payload, retain=True)

    agent.start()

    until("they arrived", lambda: agent.offered == [payload])


def test_what_the_centre_knows_arrives_for_people_and_only_from_the_centre(agent: Agent, centre: Centre) -> None:
    payload = encode_notices(Notices(1, (Notice("a", "Mất điện", "Power cut", 1),)))
    agent.start()
    centre.say(ADDRESS.notice, encode_notices(Notices(2)), key=bytes(32))
    centre.say(ADDRESS.notice, payload, retain=True)

    until("it arrives", lambda: agent.notices == [payload])

    assert agent.link.downlink.refused == {"mac": 1}


def test_a_centre_that_comes_later_gets_what_nobody_heard(agent: Agent, port: int) -> None:
    agent.keep(3)
    agent.start()
    until("the broker said that nobody listens", lambda: agent.link._window.hold_until > 0)

    centre = Centre(port)
    centre.announce("one")

    until("all is acknowledged", lambda: agent.outbox.depth().acknowledged == 3)
    centre.close()


def test_another_instance_of_the_centre_is_told_everything_again(agent: Agent, centre: Centre) -> None:
    centre.announce("one")
    centre.acknowledging = False
    agent.start()
    agent.keep(2)
    until("it arrived", lambda: centre.seqs == [1, 2])

    centre.announce("two")

    until("it came again", lambda: centre.seqs == [1, 2, 1, 2])
    until("it introduced itself again", lambda: len(centre.hellos) == 2)


def test_a_centre_that_lacks_the_hello_of_this_boot_is_told_it_again_and_of_another_one_nothing(
    agent: Agent, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ASKED_SECONDS", 0.0)
    agent.start()
    until("it introduced itself", lambda: len(centre.hellos) == 1)

    centre.say(ADDRESS.ack, encode_ack(Ack(STREAM, 0, hello="aaaaaaaa.0")))
    agent.keep()
    until("all is acknowledged", lambda: agent.outbox.depth().acknowledged == 1)
    before = len(centre.hellos)
    centre.say(ADDRESS.ack, encode_ack(Ack(STREAM, 1, hello="aaaaaaaa.1")))

    until("it introduced itself again", lambda: len(centre.hellos) == 2)
    assert before == 1


def test_a_clean_stop_says_off_after_the_last_records(agent: Agent, centre: Centre) -> None:
    agent.start()

    agent.stop()

    until("it is off", lambda: centre.presences == ["on", "off"])
    assert agent.farewells == 1
    assert centre.seqs == [1]
    assert agent.outbox.depth().waiting_records == 0


def test_another_client_with_its_id_is_told_without_a_connect_war_or_a_false_loss(
    agent: Agent, centre: Centre, port: int
) -> None:
    agent.link._random = lambda: 0.0
    intruder = Client(CallbackAPIVersion.VERSION2, client_id=ADDRESS.agent, protocol=MQTTProtocolVersion.MQTTv5)
    intruder.reconnect_delay_set(1, 1)
    agent.start()

    intruder.connect("127.0.0.1", port)
    intruder.loop_start()
    until("the agent noticed", lambda: agent.events)
    intruder.disconnect()
    intruder.loop_stop()

    assert agent.events[0].split()[0] in ("machxa.link.unstable", "machxa.link.taken_over")
    assert len(centre.hellos) <= 5
    assert "lost" not in centre.presences


def test_another_role_connects_anew_at_once_without_a_loss_and_with_its_keepalive(agent: Agent, centre: Centre) -> None:
    agent.start()
    agent.keep(3)
    until("all is acknowledged", lambda: agent.outbox.depth().acknowledged == 3)

    agent.link.ways.role = "gateway"
    agent.link.wake()

    until("it introduced itself again", lambda: len(centre.hellos) == 2)
    agent.keep(1)
    until("the rest is acknowledged", lambda: agent.outbox.depth().acknowledged == 4)
    assert centre.presences == ["on", "on"]
    assert centre.seqs == [1, 2, 3, 4]
    assert [state.split()[0] for state in agent.states] == ["connected", "moving:", "connected"]


def test_an_order_of_a_role_is_passed_on(agent: Agent, centre: Centre) -> None:
    payload = encode_role(RoleOrder(1, "gateway", on_duty=True))
    centre.say(ADDRESS.role, payload, retain=True)

    agent.start()

    until("it arrived", lambda: agent.offered == [payload])


def test_a_broker_that_comes_back_gets_everything_unacknowledged(tmp_path: Path) -> None:
    port = mosquitto.free_port()
    broker = mosquitto.start(tmp_path, port)
    folder = tmp_path / "agent"
    folder.mkdir()
    agent = Agent(folder, port)
    agent.start()
    broker.kill()
    broker.wait(10)
    agent.keep(30)

    broker = mosquitto.start(tmp_path, port)
    centre = Centre(port)
    centre.announce("one")
    until("all is acknowledged", lambda: agent.outbox.depth().acknowledged == 30)

    assert sorted(set(centre.seqs)) == list(range(1, 31))
    agent.stop()
    centre.close()
    broker.terminate()
    broker.wait(10)
