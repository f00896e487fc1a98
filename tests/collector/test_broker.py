"""Plain MQTT goes to this computer alone, whatever a name looks like."""

from __future__ import annotations

import pytest

from machxa_collector.api.deps import BrokerAddress
from machxa_collector.broker import from_url
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
