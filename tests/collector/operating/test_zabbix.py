from __future__ import annotations

import json
import socket
import struct
import threading

import pytest

from machxa_collector.failure import CannotRunError
from machxa_collector.operating.zabbix import Taken, Value, packet, request, send, taken, values_of
from machxa_collector.store.gauges import Gauges


def test_units_are_told_with_their_worst_severity_and_with_none() -> None:
    found = Gauges(
        agents={("29410", "on"): 20, ("29410", "lost"): 4, ("29411", "on"): 2, ("", "on"): 1},
        incidents={("29410", "power", 2): 1, ("29410", "device", 3): 2},
        providers={},
    )

    assert [(one.key, one.value) for one in values_of(found)] == [
        ("machxa.agents[lost]", 4),
        ("machxa.agents[on]", 23),
        ("machxa.unit.incidents[29410]", 3),
        ("machxa.unit.severity[29410]", 2),
        ("machxa.unit.incidents[29411]", 0),
        ("machxa.unit.severity[29411]", 0),
    ]


def test_a_packet_is_thirteen_bytes_of_header_and_json() -> None:
    made = request("machxa", [Value("machxa.agents[on]", 5)], 1_795_566_600)

    body = made[13:]
    assert made[:13] == b"ZBXD\x01" + struct.pack("<II", len(body), 0)
    assert json.loads(body) == {
        "request": "sender data",
        "data": [{"host": "machxa", "key": "machxa.agents[on]", "value": "5", "clock": 1_795_566_600}],
        "clock": 1_795_566_600,
    }


def test_values_go_some_at_once_and_what_the_server_does_not_have_is_counted() -> None:
    asked: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        trapper = threading.Thread(target=_serve, args=(listening, asked, 2))
        trapper.start()
        found = send(listening.getsockname()[:2], "machxa", [Value(f"k[{n}]", n) for n in range(300)], 1)
        trapper.join()

    assert asked == [250, 50]
    assert found == Taken(298, 2)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        packet({"response": "failed", "info": ""}),
        packet({"response": "success"})[:-3],
        b"ZBXD\x01" + struct.pack("<II", 2**31, 0),
    ],
    ids=["hangs up", "http", "failed", "cut off", "too long"],
)
def test_what_is_no_trappers_answer_is_refused(answer: bytes) -> None:
    def speak(listening: socket.socket) -> None:
        with listening.accept()[0] as connection:
            connection.recv(65_536)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        other = threading.Thread(target=speak, args=(listening,))
        other.start()
        with pytest.raises(CannotRunError):
            send(listening.getsockname()[:2], "machxa", [Value("k", 1)], 1)
        other.join()


def test_an_answer_of_the_documentation_is_understood() -> None:
    told = b'{"response":"success","info":"processed: 1; failed: 0; total: 1; seconds spent: 0.060753"}'

    assert taken(told) == Taken(1, 0)


def _serve(listening: socket.socket, asked: list[int], times: int) -> None:
    for _ in range(times):
        with listening.accept()[0] as connection, connection.makefile("rb") as heard:
            length = struct.unpack("<II", heard.read(13)[5:])[0]
            count = len(json.loads(heard.read(length))["data"])
            asked.append(count)
            info = f"processed: {count - 1}; failed: 1; total: {count}; seconds spent: 0.0001"
            connection.sendall(packet({"response": "success", "info": info}))
