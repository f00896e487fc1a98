"""Write MQTT 5 packets byte by byte, good and bad ones, and read what comes back (OASIS MQTT 5.0, chapters 2 and 3)."""

from __future__ import annotations

from dataclasses import dataclass

CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP, DISCONNECT = 2, 3, 4, 9, 13, 14
PING = bytes((0xC0, 0))
_WILL, _WILL_QOS_1, _WILL_RETAIN, _PASSWORD, _USER, _CLEAN = 0x04, 0x08, 0x20, 0x40, 0x80, 0x02


@dataclass(frozen=True, slots=True)
class Will:
    topic: str
    payload: bytes
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """Hold a packet that came: its type (first nibble), flags and body."""

    kind: int
    flags: int
    body: bytes

    @property
    def reason(self) -> int:
        """Return the reason code of a CONNACK, PUBACK, SUBACK or DISCONNECT."""
        if self.kind == CONNACK:
            return self.body[1]
        if self.kind == SUBACK:
            return self.body[-1]
        if self.kind == DISCONNECT:
            return self.body[0] if self.body else 0
        return self.body[2] if len(self.body) > 2 else 0

    @property
    def topic(self) -> str:
        """Return a PUBLISH's topic."""
        return self.body[2 : 2 + int.from_bytes(self.body[:2], "big")].decode()

    def holds(self, payload: bytes) -> bool:
        return payload in self.body


def varint(number: int) -> bytes:
    out = bytearray()
    while True:
        number, low = divmod(number, 128)
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def text(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return len(raw).to_bytes(2, "big") + raw


def packet(first: int, body: bytes) -> bytes:
    return bytes((first,)) + varint(len(body)) + body


def signed(mac: str) -> bytes:
    """Return a property block with a MAC, or an empty one."""
    pair = bytes((0x26,)) + text("mac") + text(mac) if mac else b""
    return varint(len(pair)) + pair


def connect(
    client_id: str = "",
    *,
    user: str | None = None,
    password: str | None = None,
    will: Will | None = None,
    keepalive: int = 60,
) -> bytes:
    flags, tail = _CLEAN, text(client_id)
    if will is not None:
        flags |= _WILL | _WILL_QOS_1 | _WILL_RETAIN
        tail += signed(will.mac) + text(will.topic) + text(will.payload)
    if user is not None:
        flags |= _USER
        tail += text(user)
    if password is not None:
        flags |= _PASSWORD
        tail += text(password)
    return packet(0x10, text("MQTT") + bytes((5, flags)) + keepalive.to_bytes(2, "big") + b"\0" + tail)


def publish(topic: str | bytes, payload: bytes, mac: str = "", *, retain: bool = False, mid: int = 7) -> bytes:
    """Return a QoS 1 PUBLISH."""
    return packet(0x32 | retain, text(topic) + mid.to_bytes(2, "big") + signed(mac) + payload)


def subscribe(*filters: str) -> bytes:
    return packet(0x82, b"\0\x01\0" + b"".join(text(one) + b"\x01" for one in filters))


def taken_apart(heard: bytearray) -> list[Packet]:
    """Return the whole packets at the beginning of what was heard, which loses them."""
    found = []
    while len(heard) > 1:
        length, place, shift = 0, 1, 0
        while place < len(heard) and heard[place] & 0x80:
            length |= (heard[place] & 0x7F) << shift
            place, shift = place + 1, shift + 7
        if place >= len(heard):
            break
        length |= heard[place] << shift
        end = place + 1 + length
        if len(heard) < end:
            break
        found.append(Packet(heard[0] >> 4, heard[0] & 0x0F, bytes(heard[place + 1 : end])))
        del heard[:end]
    return found
