"""Publish pre-encoded records of many agents through one connection, within each agent's window.

A process of its own: it reads its orders as one JSON line, prints ``ready`` when everything is
encoded, starts at the next line and ends with one JSON line of what it measured.
"""

from __future__ import annotations

import json
import random
import re
import select
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from machxa_fleet.packets import PacketWriter
from machxa_fleet.values import Readings
from machxa_wire.encode import encode
from machxa_wire.limits import WINDOW_RECORDS
from machxa_wire.mac import sign
from machxa_wire.records import Place, Samples, Stamp
from machxa_wire.topics import Address

_ACK = re.compile(rb'/([0-9a-f-]{36})/down/ack.*?"stream":"([0-9a-f]{16})","upto":(\d+)[,}]', re.DOTALL)
_LONGEST_ACK_BYTES = 512
_GIVE_UP_SECONDS = 60.0
_PIECE_BYTES = 64 * 1024


@dataclass
class Sender:
    """Hold one agent's packets and how far they were sent and acknowledged."""

    address: Address
    stream: str
    packets: list[bytes]
    sent_at: list[float] = field(default_factory=list)
    acked: int = 0

    def room(self) -> int:
        """Return how many more may be sent now."""
        return min(WINDOW_RECORDS - (len(self.sent_at) - self.acked), len(self.packets) - len(self.sent_at))


def encode_sender(order: dict[str, Any], records: int, seed: int) -> Sender:
    """Return an agent with all its packets written."""
    address = Address(order["agent"], order["shard"])
    key = bytes.fromhex(order["key"])
    writer = PacketWriter(order["agent"])
    readings = Readings(seed)
    stream = f"{random.Random(seed).getrandbits(64):016x}"
    packets = []
    start_ms = int(time.time() * 1000)
    for seq in range(1, records + 1):
        stamp = Stamp("load.1", start_ms + seq * 60_000, seq * 60_000)
        columns = tuple((value,) for value in readings.next())
        payload = encode(Samples(Place(stream, seq), stamp, (0,), readings.series, columns))
        packets.append(writer.publish_packet(address.up, payload, sign(key, address.up, payload)))
    return Sender(address, stream, packets)


def publish(host: str, port: int, senders: list[Sender], greeting: bytes) -> dict[str, object]:
    """Send everything, hear the acknowledgements, return what was measured; greeting connects and subscribes."""
    ears = Ears(senders)
    plain = socket.create_connection((host, port))
    plain.sendall(greeting)
    plain.settimeout(0)
    total = sum(len(one.packets) for one in senders)
    started = last_progress = time.monotonic()
    out = bytearray()
    while ears.acked < total and time.monotonic() - last_progress < _GIVE_UP_SECONDS:
        if len(out) < _PIECE_BYTES:
            _fill(out, senders)
        readable, writable, _ = select.select([plain], [plain] if out else [], [], 0.05)
        if readable and ears.hear(plain.recv(_PIECE_BYTES)):
            last_progress = time.monotonic()
        if writable:
            del out[: plain.send(out[:_PIECE_BYTES])]
    seconds = time.monotonic() - started
    plain.close()
    ears.latencies.sort()
    return {
        "acked": ears.acked,
        "seconds": seconds,
        "p50_ms": ears.latencies[len(ears.latencies) // 2] * 1000 if ears.latencies else None,
        "p99_ms": ears.latencies[len(ears.latencies) * 99 // 100] * 1000 if ears.latencies else None,
    }


def _fill(out: bytearray, senders: list[Sender]) -> None:
    now = time.monotonic()
    for sender in senders:
        room = sender.room()
        if room > 0:
            start = len(sender.sent_at)
            out += b"".join(sender.packets[start : start + room])
            sender.sent_at.extend([now] * room)


class Ears:
    """Find acknowledgements in what the broker sends, without taking each packet apart: the load must cost little."""

    def __init__(self, senders: list[Sender]) -> None:
        self.latencies: list[float] = []
        self.acked = 0
        self._by_agent = {sender.address.agent.encode(): sender for sender in senders}
        self._heard = b""

    def hear(self, piece: bytes) -> bool:
        """Take in bytes; return whether something was acknowledged. Raises ConnectionError at the stream's end."""
        if not piece:
            raise ConnectionError("the broker closed the publisher's connection")
        self._heard += piece
        end, before = 0, self.acked
        now = time.monotonic()
        for found in _ACK.finditer(self._heard):
            end = found.end()
            sender = self._by_agent[found[1]]
            upto = int(found[3])
            if found[2] == sender.stream.encode() and upto > sender.acked:
                self.latencies.extend(now - sent for sent in sender.sent_at[sender.acked : upto])
                self.acked += upto - sender.acked
                sender.acked = upto
        self._heard = self._heard[end:][-_LONGEST_ACK_BYTES:]
        return self.acked > before


def main() -> None:
    """Take orders on standard input."""
    order = json.loads(sys.stdin.readline())
    senders = [encode_sender(one, order["records"], order["seed"] + index) for index, one in enumerate(order["agents"])]
    writer = PacketWriter(f"load-{order['seed']}")
    greeting = writer.connect_packet + writer.subscribe_packet([one.address.ack for one in senders])
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(publish(order["host"], order["port"], senders, greeting)), flush=True)


if __name__ == "__main__":
    main()
