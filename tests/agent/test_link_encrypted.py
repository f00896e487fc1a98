"""The agent's link over TLS: its own certificate, the centre's authority alone, and a clock that does not matter."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from machxa_agent.identity import Encryption
from machxa_agent.link import Link
from machxa_agent.outbox.shelf import Outbox
from machxa_collector.registry import certificates
from machxa_fleet import mosquitto
from machxa_wire.records import Hello, Scalar
from tests.agent.centre import ADDRESS, Centre, identity, until
from tests.agent.outboxes import Maker

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(mosquitto.find() is None, reason="mosquitto is not installed"),
]
NOW = datetime.now(timezone.utc)
MANY = 60


@dataclass
class Heard:
    """Take what the link hears."""

    states: list[str] = field(default_factory=list)

    def settings(self, payload: bytes) -> None:
        """Take none."""

    def whole_facts(self) -> None:
        """Not asked for here."""

    def policy(self, payload: bytes) -> None:
        """Take none."""

    def notice(self, payload: bytes) -> None:
        """Take none."""

    def role(self, payload: bytes) -> None:
        """Take none."""

    def event(self, name: str, attributes: Mapping[str, Scalar]) -> None:
        """Take none."""

    def link_state(self, state: str) -> None:
        """Remember what was told."""
        self.states.append(state)


class Agent:
    """Run a link over TLS in a thread."""

    def __init__(self, folder: Path, port: int, encryption: Encryption) -> None:
        folder.mkdir()
        self.heard = Heard()
        maker = Maker(folder, on_disk=True)
        self.outbox: Outbox = maker.open()
        for _ in range(MANY):
            maker.event(self.outbox)

        def hello() -> Hello:
            depth = self.outbox.depth()
            return Hello(maker.clock.stamp(), depth.stream, depth.high, depth.waiting_records, 0, "pc", {}, None)

        who = replace(identity(port), encryption=encryption)
        self.link = Link(who, self.outbox, hello, self.heard, boot="aaaaaaaa.1", random=random.Random(1).random)
        self._thread = threading.Thread(target=self.link.run, args=(lambda: None,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.link.stop()
        self._thread.join(20)
        assert not self._thread.is_alive()


class Authority:
    """Write an authority's files, and run mosquitto with them: agents over TLS, the centre beside it in clear."""

    def __init__(self, folder: Path, *, begins: datetime = NOW, hosts: tuple[str, ...] = ("127.0.0.1",)) -> None:
        self._folder = folder
        self._authority = certificates.new_authority("Mach Xa", NOW - timedelta(days=4000))
        key, certificate = certificates.issue_server(self._authority, hosts, begins, 30)
        for name, pem in (("ca", self._authority.certificate_pem), ("server", certificate), ("server-key", key)):
            (folder / f"{name}.pem").write_bytes(pem)

    def encryption(self, agent: str = ADDRESS.agent, days: float = 30) -> Encryption:
        key, certificate = certificates.new_client(self._authority, agent, NOW, days)
        own = self._folder / "agent.pem"
        own.write_bytes(key + certificate)
        return Encryption(self._authority.certificate_pem.decode(), own)

    def settings(self, port: int) -> str:
        files = (
            f"cafile {self._folder}/ca.pem\ncertfile {self._folder}/server.pem\nkeyfile {self._folder}/server-key.pem"
        )
        return (
            f"user root\nlistener {port} 127.0.0.1\n{files}\nrequire_certificate true\n"
            "use_identity_as_username true\nallow_anonymous true"
        )


def test_records_travel_over_tls_under_the_agents_certificate(tmp_path: Path) -> None:
    authority, port = Authority(tmp_path), mosquitto.free_port()
    with mosquitto.running(tmp_path, authority.settings(port)) as plain:
        centre = Centre(plain)
        agent = Agent(tmp_path / "agent", port, authority.encryption())
        until("all arrived", lambda: len(set(centre.seqs)) == MANY)
        until("all are acknowledged", lambda: agent.outbox.depth().waiting_records == 0)
        agent.stop()
        until("its good-bye is heard", lambda: len(centre.presences) > 1)
        centre.close()

    assert centre.bad_macs == 0
    assert centre.presences == ["on", "off"]


@pytest.mark.parametrize("years", [-16, 10], ids=["a clock 16 years slow", "a clock 10 years fast"])
def test_times_of_certificates_do_not_matter_to_the_agent(tmp_path: Path, years: int) -> None:
    authority, port = Authority(tmp_path, begins=NOW - timedelta(days=365 * years)), mosquitto.free_port()
    with mosquitto.running(tmp_path, authority.settings(port)) as plain:
        centre = Centre(plain)
        agent = Agent(tmp_path / "agent", port, authority.encryption())
        until("it arrived", lambda: centre.seqs)
        agent.stop()
        centre.close()


@pytest.mark.parametrize(
    ("wrong", "told"), [("another authority", "certificate verify failed"), ("another name", "IP address mismatch")]
)
def test_a_broker_of_another_authority_or_name_hears_nothing(tmp_path: Path, wrong: str, told: str) -> None:
    hosts = ("may-chu.xa.example",) if wrong == "another name" else ("127.0.0.1",)
    authority, port = Authority(tmp_path, hosts=hosts), mosquitto.free_port()
    encryption = authority.encryption()
    if wrong == "another authority":
        other = certificates.new_authority("Mach Xa", NOW)
        encryption = replace(encryption, ca=other.certificate_pem.decode())
    with mosquitto.running(tmp_path, authority.settings(port)) as plain:
        centre = Centre(plain)
        agent = Agent(tmp_path / "agent", port, encryption)
        until("it was told", lambda: any(told in state for state in agent.heard.states))
        agent.stop()
        centre.close()

    assert [*centre.records, *centre.hellos, *centre.presences] == []
    assert agent.outbox.depth().waiting_records == MANY


def test_a_certificate_that_ended_is_refused_and_the_records_wait(tmp_path: Path) -> None:
    authority, port = Authority(tmp_path), mosquitto.free_port()
    with mosquitto.running(tmp_path, authority.settings(port)) as plain:
        centre = Centre(plain)
        agent = Agent(tmp_path / "agent", port, authority.encryption(days=-0.5))
        # the broker's alert is read, or lost with the connection that it closes: a race that is TLS 1.3's
        until("it was refused", lambda: any(state.startswith("not connected: ") for state in agent.heard.states))
        refused = list(centre.records)
        authority.encryption()

        until("a renewed one is taken up", lambda: len(set(centre.seqs)) == MANY)
        agent.stop()
        centre.close()

    assert refused == []
