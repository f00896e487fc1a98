"""Topics name the agent only, and a MAC fits one topic and one payload under one key."""

from __future__ import annotations

import pytest

from machxa_wire.mac import sign, verify
from machxa_wire.topics import Address, Upward, parse_upward

ADDRESS = Address(agent="0f8fad5b-d9cb-469f-a165-70867728950e", shard="7f")


def test_an_agents_topics_are_taken_apart_as_they_were_built() -> None:
    assert parse_upward(ADDRESS.up) == Upward(ADDRESS, "up")
    assert parse_upward(ADDRESS.presence) == Upward(ADDRESS, "presence")


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "mx/1/centre/presence",
        ADDRESS.ack,
        ADDRESS.config,
        ADDRESS.up + "/x",
        ADDRESS.up.upper(),
        ADDRESS.up + "\n",
        "mx/2/7f/0f8fad5b-d9cb-469f-a165-70867728950e/up",
        "mx/1/7F/0f8fad5b-d9cb-469f-a165-70867728950e/up",
    ],
)
def test_what_no_agent_writes_is_no_upward_topic(topic: str) -> None:
    assert parse_upward(topic) is None


def test_a_mac_is_the_published_hmac_cut_to_128_bits() -> None:
    # openssl dgst -sha256 -hmac Jefe over the same bytes
    assert sign(b"Jefe", "what do ya want", b"for nothing?") == "rfE2SO2uF1ZHRP8K7yixOA"


@pytest.mark.parametrize(
    ("key", "topic", "payload"),
    [(b"other", "t", b"{}"), (b"key", "u", b"{}"), (b"key", "t", b"{ }"), (b"key", "t\0{", b"}")],
    ids=["key", "topic", "payload", "the border between topic and payload"],
)
def test_a_mac_fits_nothing_else(key: bytes, topic: str, payload: bytes) -> None:
    claimed = sign(b"key", "t", b"{}")

    assert verify(b"key", "t", b"{}", claimed)
    assert not verify(key, topic, payload, claimed)


@pytest.mark.parametrize("claimed", ["", "x", "é" * 22, "\ud800" * 22])
def test_a_hostile_mac_is_simply_wrong(claimed: str) -> None:
    assert not verify(b"key", "t", b"{}", claimed)
