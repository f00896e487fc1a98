"""What people type leads to no computer inside our networks unless the operator allowed it, whatever a name says."""

from __future__ import annotations

import argparse
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from machxa_collector.outward import NOTHING, Allowed, read_inner
from machxa_collector.outward_http import InnerAddressError, http, reached


def allowed(*inner: str) -> Allowed:
    return Allowed(tuple(map(read_inner, inner)))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - judged, not listened on
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "::ffff:10.1.2.3",
        "64:ff9b::a01:203",
        "2002:a01:203::1",
        "ff02::1",
    ],
)
def test_an_inner_address_is_reached_only_when_it_is_allowed(address: str) -> None:
    network = f"[{address}]:443" if ":" in address else f"{address}:443"
    assert not NOTHING.reaches("chat.example", address, 443)
    assert NOTHING.refuses(address, 443)
    if not address.startswith("::ffff"):
        assert allowed(network).reaches("chat.example", address, 443)
        assert not allowed(network).reaches("chat.example", address, 8443)


@pytest.mark.parametrize("address", ["1.1.1.1", "203.162.4.191", "2606:4700::1111"])
def test_an_outer_address_needs_no_leave(address: str) -> None:
    assert NOTHING.reaches("chat.example", address, 443)
    assert not NOTHING.refuses(address, 443)


def test_leave_is_given_to_networks_names_and_ports() -> None:
    some = allowed("10.1.0.0/16", "alertmanager.noi.bo:9093", "[fd00::5]:80")

    assert some.reaches("any", "10.1.255.1", 1)
    assert some.reaches("any", "::ffff:10.1.2.3", 1)
    assert not some.reaches("any", "10.2.0.1", 1)
    assert some.reaches("Alertmanager.noi.bo", "192.168.3.4", 9093)
    assert not some.reaches("alertmanager.noi.bo", "192.168.3.4", 22)
    assert some.reaches("x", "fd00::5", 80)
    assert (NOTHING.refuses("localhost", 80), allowed("localhost").refuses("LOCALHOST", 80)) == (True, False)


@pytest.mark.parametrize("text", ["10.1.2.3/33", "10.1.2.3:0", "10.1.2.3:70000", "a b", "", "-x", "10.0.0.1/8"])
def test_what_names_no_place_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        read_inner(text)


def test_a_name_is_judged_by_where_it_leads_now(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as inside:
        port = inside.getsockname()[1]
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_told, **_more: found)

        with pytest.raises(InnerAddressError, match="--allow-inner"):
            reached("rebound.example", port, 5.0, NOTHING)
        reached("rebound.example", port, 5.0, allowed(f"rebound.example:{port}")).close()


def test_a_redirect_to_the_inside_is_answered_and_not_followed() -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/meta-data")
            self.end_headers()

        def log_message(self, *_told: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    connection = http("127.0.0.1", server.server_address[1], 10.0, allowed("127.0.0.1"))
    connection.request("GET", "/")
    status = connection.getresponse().status
    connection.close()
    thread.join()
    server.server_close()

    assert status == 302
