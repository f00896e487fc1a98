"""The ground on which hostile clients are let loose: the broker as shipped, a collector, and three enrolled agents."""

from __future__ import annotations

import random
import sqlite3
import ssl
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from machxa_fleet import secured, stage
from machxa_fleet.secured import Secured
from machxa_fleet.simulated import Credentials
from machxa_fleet.stage import Stage
from machxa_wire.downward import decode_ack
from machxa_wire.encode import encode, encode_presence
from machxa_wire.mac import sign
from machxa_wire.records import Event, Place, Presence, Stamp
from machxa_wire.topics import CENTRE_PRESENCE, Address
from tests.broker import packets
from tests.broker.line import Line

GOOD_SECONDS = 5.0  # within which a good record passes, whatever was done before
_TABLES = ("agents", "assets", "reports", "events", "facts")


@dataclass
class Enrolled:
    """Hold an agent: what enrolment gave, a context with its certificate, and how far its stream has come."""

    given: Credentials
    context: ssl.SSLContext
    stream: str = field(default_factory=lambda: f"{random.getrandbits(64):016x}")
    seq: int = 0

    @property
    def address(self) -> Address:
        return Address(self.given.agent, self.given.shard)

    def mac(self, topic: str, payload: bytes) -> str:
        return sign(self.given.key, topic, payload)

    def signed(self, payload: bytes, *, retain: bool = False) -> bytes:
        """Return a PUBLISH of ours under our MAC."""
        return packets.publish(self.address.up, payload, self.mac(self.address.up, payload), retain=retain)

    def packet(self, payload: bytes, mac: str) -> bytes:
        """Return a PUBLISH of ours under any MAC."""
        return packets.publish(self.address.up, payload, mac)

    def next_record(self) -> bytes:
        """Return the payload of the next record of the stream."""
        self.seq += 1
        now = time.time_ns() // 1_000_000
        return encode(
            Event(Place(self.stream, self.seq), Stamp("0badcafe.1", now, 1000 + self.seq), "test.event", {"n": 1})
        )

    def presence(self, state: str) -> bytes:
        """Return a retained PUBLISH of our presence."""
        payload, topic = encode_presence(Presence(state, "0badcafe.1")), self.address.presence
        return packets.publish(topic, payload, self.mac(topic, payload), retain=True)


@dataclass
class Ground:
    """Hold everything; lines that hostile clients opened stay open until they are judged."""

    secured: Secured
    stage: Stage
    honest: Enrolled
    victim: Enrolled
    mallory: Enrolled
    honest_line: Line
    victim_line: Line
    lines: list[Line] = field(default_factory=list)
    slowest_seconds: float = 0.0
    cases: int = 0

    def dial(self, context: ssl.SSLContext | None = None) -> Line:
        """Open a connection to the agents' port; without a context it is plain TCP."""
        line = Line(self.secured.mosquitto.listening.agents, context)
        self.lines.append(line)
        return line

    def dial_centre(self, context: ssl.SSLContext | None = None) -> Line:
        """Open a connection to the collector's port."""
        line = Line(self.secured.mosquitto.listening.centre, context)
        self.lines.append(line)
        return line

    def as_mallory(self, connect: bytes | None = None) -> Line:
        """Connect as the enrolled agent that turned hostile."""
        line = self.dial(self.mallory.context).send(connect or packets.connect())
        assert line.connected()
        return line

    def stored(self) -> dict[str, object]:
        """Return how many rows the collector holds of each kind, and all it holds of the victim."""
        with closing(sqlite3.connect(self.stage.data / "collector" / "machxa.db", timeout=10)) as store:
            counts: dict[str, object] = {
                table: store.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608 - names of ours
                for table in _TABLES
            }
            mine = "agent_pk = (select pk from agents where id = ?)"
            for table in ("presence", "hellos", "streams"):
                query = f"select * from {table} where {mine}"  # noqa: S608 - as above
                counts[f"victim's {table}"] = store.execute(query, (self.victim.given.agent,)).fetchall()
        return counts

    def send_good_record(self) -> None:
        """Send an honest agent's record and wait for the collector's word that it is committed."""
        honest, started = self.honest, time.monotonic()
        self.honest_line.send(honest.signed(honest.next_record()))
        upto = 0
        while upto < honest.seq:
            left = GOOD_SECONDS - (time.monotonic() - started)
            heard = self.honest_line.until_published(honest.address.ack, left)
            upto = decode_ack(heard.body[heard.body.index(b"{") :]).upto
        self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - started)

    def leaked(self, line: Line) -> list[str]:
        """Return the topics of what a line heard beyond mallory's own and the centre's presence."""
        own = self.mallory.address.base + "/down/"
        return [one.topic for one in line.published() if one.topic != CENTRE_PRESENCE and not one.topic.startswith(own)]

    def assert_unharmed(self, before: dict[str, object], *, more: int = 0) -> None:
        """Demand that a good record passes in time, nothing else is stored but more events, and nothing leaked."""
        self.send_good_record()
        standing = [line for line in self.lines if not line.closed]
        for line in standing:
            line.settle()
        assert [topic for line in self.lines for topic in self.leaked(line)] == []
        self.end_lines()
        assert isinstance(before["events"], int)
        assert self.stored() == {**before, "events": before["events"] + 1 + more}
        assert self.victim_line.settle()
        self.cases += 1

    def end_lines(self) -> None:
        """End what hostile clients opened."""
        for line in self.lines:
            line.close()
        self.lines.clear()


@contextmanager
def opened(folder: Path) -> Iterator[Ground]:
    """Lay the ground."""
    with secured.running(folder / "broker") as broker, collecting(folder, broker) as running:
        agents = [Enrolled(one, broker.context(one.agent)) for one in running.enrol(3)]
        honest, victim, mallory = agents
        ground = Ground(broker, running, honest, victim, mallory, connected(broker, honest), connected(broker, victim))
        ground.victim_line.send(victim.presence("on")).send(victim.signed(victim.next_record()))
        ground.victim_line.until_published(victim.address.ack)
        ground.send_good_record()
        yield ground
        ground.end_lines()
        print(f"\n{ground.cases} hostile cases; the slowest good record after one took {ground.slowest_seconds:.2f} s")


@contextmanager
def collecting(folder: Path, broker: Secured) -> Iterator[Stage]:
    """Run a collector beside the broker."""
    port = broker.mosquitto.listening.centre
    with stage.collecting(folder, port, "--broker-password-file", str(broker.password)) as running:
        yield running


def connected(broker: Secured, agent: Enrolled) -> Line:
    """Connect an agent and subscribe it as agents do."""
    line = Line(broker.mosquitto.listening.agents, agent.context).send(packets.connect(agent.given.agent))
    assert line.connected()
    line.send(packets.subscribe(agent.address.down, CENTRE_PRESENCE))
    assert line.settle()
    return line
