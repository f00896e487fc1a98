"""Only a certificate of our authority lets an agent in, and only the password lets the collector in."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from machxa_collector.registry import certificates
from machxa_fleet.secured import other_authority
from tests.broker.ground import Ground
from tests.broker.line import Line
from tests.broker.packets import CONNACK, connect

pytestmark = pytest.mark.broker
NOT_AUTHORIZED = 135


def nothing(ground: Ground) -> ssl.SSLContext:
    return ground.secured.anonymous()


def anothers(ground: Ground) -> ssl.SSLContext:
    return ground.secured.context(ground.victim.given.agent, other_authority())


def expired(ground: Ground) -> ssl.SSLContext:
    then = datetime.now(UTC) - timedelta(days=100)
    pair = certificates.new_client(ground.secured.authority, ground.victim.given.agent, then, 90)
    return shown(ground, *pair)


def not_yet(ground: Ground) -> ssl.SSLContext:
    then = datetime.now(UTC) + timedelta(days=3)
    pair = certificates.new_client(ground.secured.authority, ground.victim.given.agent, then, 90)
    return shown(ground, *pair)


def a_servers(ground: Ground) -> ssl.SSLContext:
    pair = certificates.issue_server(ground.secured.authority, [ground.victim.given.agent], datetime.now(UTC), 1)
    return shown(ground, *pair)


def old_tls(ground: Ground) -> ssl.SSLContext:
    context = ground.secured.context(ground.victim.given.agent)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def shown(ground: Ground, key: bytes, pem: bytes) -> ssl.SSLContext:
    path: Path = ground.secured.folder / "shown.pem"
    path.write_bytes(key + pem)
    context = ground.secured.anonymous()
    context.load_cert_chain(path)
    return context


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
@pytest.mark.parametrize("context_of", [nothing, anothers, expired, not_yet, a_servers, old_tls])
def test_without_a_certificate_of_ours_nobody_comes_in(
    ground: Ground, context_of: Callable[[Ground], ssl.SSLContext]
) -> None:
    before = ground.stored()

    assert not comes_in(ground, context_of(ground))
    ground.assert_unharmed(before)


def comes_in(ground: Ground, context: ssl.SSLContext) -> bool:
    """Return whether a CONNECT is answered; with TLS 1.3 a refusal comes after the handshake, as its first answer."""
    try:
        line = ground.dial(context)
    except OSError:
        return False
    return line.send(connect(ground.victim.given.agent)).connected()


def test_plain_mqtt_is_not_spoken_where_agents_connect(ground: Ground) -> None:
    before = ground.stored()

    line = ground.dial().send(connect(ground.victim.given.agent, user=ground.victim.given.agent))

    assert not line.connected()
    ground.assert_unharmed(before)


@pytest.mark.parametrize(
    ("user", "password"),
    [(None, None), ("centre", None), ("centre", ""), ("centre", "centre"), ("root", "secret"), ("", "")],
)
def test_the_collectors_door_opens_to_its_password_alone(
    ground: Ground, user: str | None, password: str | None
) -> None:
    before = ground.stored()

    answer = ground.dial_centre().send(connect("centre", user=user, password=password)).until(CONNACK)

    assert answer is not None
    assert answer.reason == NOT_AUTHORIZED
    ground.assert_unharmed(before)


def test_two_hundred_handshakes_begun_and_left_hold_nobody_up(ground: Ground) -> None:
    before = ground.stored()
    begun = [Line(ground.secured.mosquitto.listening.agents) for _ in range(200)]
    for line in begun[:100]:
        line.send(b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03")  # the first bytes of a ClientHello

    ground.assert_unharmed(before)
    for line in begun:
        line.close()


def test_the_broker_speaks_tls_1_2_where_that_is_the_newest(ground: Ground) -> None:
    context = ground.secured.context(ground.mallory.given.agent)
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    with Line(ground.secured.mosquitto.listening.agents, context) as line:
        assert line.send(connect()).connected()
