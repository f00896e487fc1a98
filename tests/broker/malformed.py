"""MQTT packets no client should send, as the bytes that follow a good CONNECT, or stand in its place."""

from __future__ import annotations

from tests.broker.packets import connect, packet, publish, subscribe, text, varint

_LEVEL = text("MQTT") + b"\x05"
_MOST_BYTES = 262_144

IN_PLACE_OF_CONNECT = {
    "random bytes": bytes(range(256)),
    "an HTTP request": b"GET / HTTP/1.1\r\nHost: centre\r\n\r\n",
    "a PUBLISH first": publish("mx/1/00/x/up", b"{}"),
    "a reserved packet type": packet(0x00, b""),
    "a CONNECT with flags": packet(0x1F, _LEVEL + b"\x02\0\x3c\0" + text("")),
    "a CONNECT of nothing": packet(0x10, b""),
    "another protocol": packet(0x10, text("HTTP") + b"\x05\x02\0\x3c\0" + text("")),
    "version 99": packet(0x10, text("MQTT") + b"\x63\x02\0\x3c\0" + text("")),
    "a reserved connect flag": packet(0x10, _LEVEL + b"\x03\0\x3c\0" + text("")),
    "a will of QoS 3": packet(0x10, _LEVEL + b"\x1e\0\x3c\0" + text("") + b"\0" + text("a") + text("b")),
    "a will retained that is none": packet(0x10, _LEVEL + b"\x22\0\x3c\0" + text("")),
    "a will cut off": packet(0x10, _LEVEL + b"\x06\0\x3c\0" + text("") + b"\0" + text("a")),
    "a client id longer than the packet": packet(0x10, _LEVEL + b"\x02\0\x3c\0" + b"\xff\xffab"),
    "a client id with a NUL": connect("a\0b"),
    "a client id of broken UTF-8": packet(0x10, _LEVEL + b"\x02\0\x3c\0" + text(b"\xc3\x28")),
    "a property twice": packet(0x10, _LEVEL + b"\x02\0\x3c" + varint(10) + b"\x11\0\0\0\x01" * 2 + text("")),
    "a property that no CONNECT has": packet(0x10, _LEVEL + b"\x02\0\x3c" + varint(3) + b"\x23\0\x01" + text("")),
    "a receive maximum of 0": packet(0x10, _LEVEL + b"\x02\0\x3c" + varint(3) + b"\x21\0\0" + text("")),
    "properties longer than the packet": packet(0x10, _LEVEL + b"\x02\0\x3c" + b"\xff\xff\x7f" + text("")),
    "a length that never ends": b"\x10\xff\xff\xff\xff\xff",
    "a CONNECT of 1 MB": packet(0x10, b"\0" * 1_000_000),
}
AFTER_CONNECT = {
    "a second CONNECT": connect(),
    "a length that never ends": b"\x30\xff\xff\xff\xff\x7f",
    "a length of 256 MB": b"\x32\xff\xff\xff\x7f" + b"x" * 1000,
    "a PUBLISH of 300 kB": publish("mx/1/00/x/up", b"x" * 300_000),
    "a PUBLISH of 1 MB": publish("mx/1/00/x/up", b"x" * 1_000_000),
    "a PUBLISH one byte too large": publish("t", b"x" * (_MOST_BYTES - 5)),
    "QoS 3": packet(0x36, text("mx/1/00/x/up") + b"\0\x01\0x"),
    "QoS 2": packet(0x34, text("mx/1/00/x/up") + b"\0\x01\0x"),
    "message id 0": publish("mx/1/00/x/up", b"x", mid=0),
    "no topic and no alias": publish("", b"x"),
    "a topic alias beyond the most": packet(0x32, text("t") + b"\0\x01" + varint(3) + b"\x23\x03\xe7" + b"x"),
    "topic alias 0": packet(0x32, text("t") + b"\0\x01" + varint(3) + b"\x23\0\0" + b"x"),
    "a wildcard in a topic": publish("mx/1/+/x/up", b"x"),
    "a topic of broken UTF-8": publish(b"mx/\xc3\x28", b"x"),
    "a topic with a NUL": publish("mx/\0", b"x"),
    "a topic longer than the packet": packet(0x32, b"\xff\xffmx"),
    "a PUBLISH of nothing": packet(0x32, b""),
    "an unknown property": packet(0x32, text("t") + b"\0\x01" + varint(2) + b"\x7f\0" + b"x"),
    "a user property cut off": packet(0x32, text("t") + b"\0\x01" + varint(3) + b"\x26\0\xff" + b"x"),
    "a SUBSCRIBE to nothing": packet(0x82, b"\0\x01\0"),
    "a SUBSCRIBE with other flags": packet(0x80, b"\0\x01\0" + text("#") + b"\x01"),
    "a SUBSCRIBE of QoS 3": packet(0x82, b"\0\x01\0" + text("#") + b"\x03"),
    "a SUBSCRIBE with a wildcard amid": subscribe("mx/#/up"),
    "an UNSUBSCRIBE of nothing": packet(0xA2, b"\0\x01\0"),
    "a PUBREL with other flags": packet(0x60, b"\0\x01"),
    "a CONNACK from a client": packet(0x20, b"\0\0\0"),
    "an AUTH nobody asked for": packet(0xF0, b"\x18\0"),
}
