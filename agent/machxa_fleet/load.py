"""Publish pre-encoded records of many agents through one connection, within each agent's window.

A process of its own: it reads its orders as one JSON line, prints ``ready`` when everything is
encoded, starts at the next line and ends with one JSON line of what it measured.
"""

from __future__ import annotations

import json
import random
import select
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from machxa_fleet.packets import PacketWriter
from machxa_fleet.values import Readings
from machxa_wire.downward import decode_ack
from machxa_wire.encode import encode
from machxa_wire.limits import WINDOW_RECORDS
from machxa_wire.mac import sign
from machxa_wire.records import Place, Samples, Stamp
from machxa_wire.refusal import Refused
from machxa_wire.topics import Address

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


def publish(host: str, port: int, senders: list[Sender], connect: bytes) -> dict[str, object]:
    """Send everything, hear the acknowledgements, return what was measured."""
    latencies: list[float] = []
    ears = _listen(host, port, senders, latencies)
    plain = socket.create_connection((host, port))
    plain.sendall(connect)
    plain.settimeout(0)
    started = last_progress = time.monotonic()
    out = bytearray()
    done = 0
    while done < sum(len(one.packets) for one in senders):
        if time.monotonic() - last_progress > _GIVE_UP_SECONDS:
            break
        for sender in senders:
            for _ in range(sender.room()):
                out += sender.packets[len(sender.sent_at)]
                sender.sent_at.append(time.monotonic())
        readable, writable, _ = select.select([plain], [plain] if out else [], [], 0.005)
        if readable and not plain.recv(_PIECE_BYTES):
            raise ConnectionError("the broker closed the publisher's connection")
        if writable:
            del out[: plain.send(out[:_PIECE_BYTES])]
        acked = sum(one.acked for one in senders)
        if acked > done:
            done, last_progress = acked, time.monotonic()
    seconds = time.monotonic() - started
    ears.loop_stop()
    plain.close()
    latencies.sort()
    return {
        "acked": done,
        "seconds": seconds,
        "p50_ms": latencies[len(latencies) // 2] * 1000 if latencies else None,
        "p99_ms": latencies[len(latencies) * 99 // 100] * 1000 if latencies else None,
    }


def _listen(host: str, port: int, senders: list[Sender], latencies: list[float]) -> Client:
    by_topic = {sender.address.ack: sender for sender in senders}

    def heard(_client: object, _userdata: object, message: MQTTMessage) -> None:
        sender = by_topic[message.topic]
        try:
            ack = decode_ack(bytes(message.payload))
        except Refused:
            return
        now = time.monotonic()
        if ack.stream == sender.stream:
            latencies.extend(now - sent for sent in sender.sent_at[sender.acked : ack.upto])
            sender.acked = max(sender.acked, ack.upto)

    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.on_message = heard
    client.connect(host, port, keepalive=3600)
    client.subscribe([(topic, 0) for topic in by_topic])
    client.loop_start()
    return client


def main() -> None:
    """Take orders on standard input."""
    order = json.loads(sys.stdin.readline())
    senders = [encode_sender(one, order["records"], order["seed"] + index) for index, one in enumerate(order["agents"])]
    connect = PacketWriter(f"load-{order['seed']}").connect_packet
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(publish(order["host"], order["port"], senders, connect)), flush=True)


if __name__ == "__main__":
    main()
