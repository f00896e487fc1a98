"""A server that speaks something else than HTTP is asked again, and nothing raises but what says so."""

from __future__ import annotations

import socket
import threading

import pytest

from machxa_collector.sinks.config import Influx
from machxa_collector.sinks.influx import InfluxServer

pytest.importorskip("influxdb_client", reason="pip install 'machxa[influx]'")


def test_when_a_server_began_is_not_known_where_it_speaks_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            link, _ = server.accept()
            with link:
                link.sendall(b"220 mail.example.vn ESMTP\r\n")
                link.recv(4096)

        speaking = threading.Thread(target=greet)
        speaking.start()
        sink = InfluxServer(Influx(name="vm", url=f"http://127.0.0.1:{server.getsockname()[1]}"))
        started = sink.started_at()
        speaking.join()

    assert started is None
