"""Plain MQTT goes to this computer alone, whatever a name looks like."""

from __future__ import annotations

from pathlib import Path

import pytest

from machxa_collector.api.deps import BrokerAddress
from machxa_collector.broker import Proof, from_url, told
from machxa_collector.failure import CannotRunError


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://127.0.0.1:1884", BrokerAddress("127.0.0.1", 1884)),
        ("mqtt://127.9.9.9", BrokerAddress("127.9.9.9", 1883)),
        ("mqtt://localhost", BrokerAddress("localhost", 1883)),
        ("mqtt://[::1]:1884", BrokerAddress("::1", 1884)),
    ],
)
def test_a_broker_on_this_computer_is_taken(url: str, address: BrokerAddress) -> None:
    assert from_url(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "mqtt://10.0.0.1",
        "mqtt://127.example.org",
        "mqtt://127.0.0.1.example.org",
        "mqtt://localhost.example.org",
        "mqtts://127.0.0.1",
        "mqtt://127.0.0.1:99999",
        "127.0.0.1:1883",
        "",
    ],
)
def test_any_other_broker_is_refused_in_both_languages(url: str) -> None:
    with pytest.raises(CannotRunError, match=r"broker .+ \(broker .+\)"):
        from_url(url)


def test_a_broker_elsewhere_is_reached_over_tls_with_an_authority_to_trust() -> None:
    ca, certificate, key = (Path(name) for name in ("ca.pem", "crt.pem", "key.pem"))

    address = from_url("mqtts://mx.example", Proof(ca=ca, certificate=certificate, key=key))

    assert address == BrokerAddress("mx.example", 8883, tls=True, ca=ca, certificate=certificate, key=key)


def test_agents_are_told_another_address_than_the_collectors_own() -> None:
    own = from_url("mqtt://127.0.0.1:1883")

    assert told(own, None) == own
    assert told(own, "mqtts://mx.example") == BrokerAddress(
        "127.0.0.1", 1883, tls=True, told_host="mx.example", told_port=8883
    )


def test_agents_are_told_ways_to_the_broker_the_preferred_one_first() -> None:
    own = from_url("mqtt://127.0.0.1:1883")

    paths = told(own, "mqtts://mx.example", ["tslcd=10.1.0.1", "internet=mx.example:443"]).told_paths

    assert paths == (("tslcd", "10.1.0.1", 8883), ("internet", "mx.example", 443))


@pytest.mark.parametrize("paths", [["10.1.0.1"], ["Tslcd=10.1.0.1"], ["tslcd="], ["a=h:99999"], ["a=h"] * 7])
def test_what_is_no_way_is_refused(paths: list[str]) -> None:
    with pytest.raises(CannotRunError):
        told(from_url("mqtt://127.0.0.1:1883"), None, paths)
