"""Be the country's agents on one connection: each record is made when it is sent, within what a broker may hold.

A process of its own: each line of standard input orders a phase as JSON, each line of standard output is what became of
it. Agents are those of ``made_up.add_devices``: the n-th has the UUID n + 1 and a key of zeros.
"""

from __future__ import annotations

import json
import re
import select
import socket
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from machxa_fleet.packets import PacketWriter
from machxa_fleet.values import Readings
from machxa_wire import text
from machxa_wire.encode import body_of
from machxa_wire.mac import sign
from machxa_wire.records import Place, Samples, Stamp
from machxa_wire.topics import Address

KEY = bytes(32)
_SHARDS = 256
_KINDS = 64  # different readings
_MOST_UNDER_WAY = 800  # mosquitto keeps a thousand for a subscriber by default
_PIECE_BYTES = 65_536
_LONGEST_ACK_BYTES = 512
_GIVE_UP_SECONDS = 60.0
_ACK = re.compile(rb'/([0-9a-f-]{36})/down/ack.*?"stream":"([0-9a-f]{16})","upto":(\d+)[,}]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Phase:
    """Order a phase: so many records, at most ``rate`` a second (0: as fast as they go), of so many samples each.

    Each agent sends one record after the other: record n is the (first + n)-th agent's, modulo all.
    """

    records: int
    rate: float
    samples: int
    first: int = 0
    ago_seconds: int = 0  # how old the newest sample is


@dataclass(slots=True)
class Done:
    """Say what became of a phase."""

    sent: int = 0
    acked: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    def told(self) -> dict[str, float]:
        """Return it as figures, times in milliseconds."""
        self.latencies.sort()
        count = len(self.latencies)
        p50, p99 = (self.latencies[count * share // 100] * 1000 if count else -1.0 for share in (50, 99))
        return {"sent": self.sent, "acked": self.acked, "seconds": self.seconds, "p50_ms": p50, "p99_ms": p99}


class Country:
    """Hold the connection and how far each agent's numbers have come."""

    def __init__(self, port: int, agents: int) -> None:
        """Connect and subscribe to all acknowledgements."""
        self._agents = agents
        self._next = [1] * agents
        self._writer = PacketWriter("nation-load")
        self._plain = socket.create_connection(("127.0.0.1", port))
        self._plain.sendall(self._writer.connect_packet + self._writer.subscribe_packet(["mx/1/+/+/down/ack"]))
        self._plain.settimeout(0)
        self._tails: dict[int, list[str]] = {}
        self._under_way: dict[tuple[bytes, int], float] = {}
        self._heard = b""

    def run(self, phase: Phase) -> Done:
        """Send a phase's records and hear their acknowledgements."""
        done, out = Done(), bytearray()
        started = progressed = time.monotonic()
        while done.acked < phase.records and time.monotonic() - progressed < _GIVE_UP_SECONDS:
            now = time.monotonic()
            due = phase.records if not phase.rate else min(phase.records, int((now - started) * phase.rate) + 1)
            while done.sent < due and len(self._under_way) < _MOST_UNDER_WAY and len(out) < _PIECE_BYTES:
                out += self._packet(phase, done.sent)
                done.sent += 1
            wait = 0.002 if done.sent < due else 0.05
            readable, writable, _ = select.select([self._plain], [self._plain] if out else [], [], wait)
            if writable:
                del out[: self._plain.send(out[:_PIECE_BYTES])]
            if readable and self._hear(self._plain.recv(_PIECE_BYTES), done):
                progressed = time.monotonic()
        done.seconds = time.monotonic() - started
        return done

    def _packet(self, phase: Phase, number: int) -> bytes:
        place = (phase.first + number) % self._agents
        agent, seq = str(UUID(int=place + 1)), self._next[place]
        self._next[place] += 1
        address = Address(agent, f"{place % _SHARDS:02x}")
        stream = f"{place + 1:016x}"
        at_ms = int((time.time() - phase.ago_seconds) * 1000) - 60_000 * phase.samples
        payload = text.deflate(self._text(phase.samples, place, (stream, seq, at_ms)).encode())
        self._under_way[(agent.encode(), seq)] = time.monotonic()
        return self._writer.publish_packet(address.up, payload, sign(KEY, address.up, payload))

    def _text(self, samples: int, place: int, of: tuple[str, int, int]) -> str:
        """Return a record as it travels; making each one's readings anew would cost more than all the rest."""
        if samples not in self._tails:
            self._tails[samples] = [_tail(samples, kind) for kind in range(_KINDS)]
        stream, seq, at_ms = of
        tail = self._tails[samples][(place + seq) % _KINDS]
        head = f'{{"v":1,"kind":"samples","stream":"{stream}","seq":{seq},"boot":"made.1","time":{at_ms},'
        return f'{head}"mono":{seq * 300_000},{tail}'

    def _hear(self, piece: bytes, done: Done) -> bool:
        if not piece:
            raise ConnectionError("the broker closed the connection")
        self._heard += piece
        end, now, before = 0, time.monotonic(), done.acked
        for found in _ACK.finditer(self._heard):
            end = found.end()
            upto = int(found[3])
            while (sent := self._under_way.pop((found[1], upto), None)) is not None:
                done.latencies.append(now - sent)
                done.acked += 1
                upto -= 1
        self._heard = self._heard[end:][-_LONGEST_ACK_BYTES:]
        return done.acked > before


def _tail(samples: int, seed: int) -> str:
    readings = Readings(seed)
    rows: deque[tuple[int, ...]] = deque(readings.next() for _ in range(samples))
    columns: Sequence[tuple[int, ...]] = tuple(zip(*rows, strict=True))
    at = tuple(60 * number for number in range(samples))
    body = body_of(Samples(Place("0" * 16, 1), Stamp("made.1", 0, 0), at, readings.series, tuple(columns)))
    whole = text.to_text(body).decode()
    return whole[whole.index('"at":') :]


def main() -> None:
    """Take orders on standard input until it ends."""
    first = json.loads(sys.stdin.readline())
    country = Country(first["port"], first["agents"])
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(country.run(Phase(**json.loads(line))).told()), flush=True)


if __name__ == "__main__":
    main()
