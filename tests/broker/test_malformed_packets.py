"""Whatever a client with a good certificate sends instead of MQTT: only its own connection ends."""

from __future__ import annotations

import pytest

from tests.broker.ground import Ground
from tests.broker.malformed import AFTER_CONNECT, IN_PLACE_OF_CONNECT

pytestmark = [pytest.mark.broker, pytest.mark.faults]


@pytest.mark.parametrize("content", IN_PLACE_OF_CONNECT.values(), ids=IN_PLACE_OF_CONNECT.keys())
def test_a_bad_beginning_ends_its_own_connection_alone(ground: Ground, content: bytes) -> None:
    before = ground.stored()

    line = ground.dial(ground.mallory.context).send(content)

    assert not line.connected()
    ground.assert_unharmed(before)


@pytest.mark.parametrize("content", AFTER_CONNECT.values(), ids=AFTER_CONNECT.keys())
def test_a_bad_packet_ends_its_own_connection_alone(ground: Ground, content: bytes) -> None:
    before = ground.stored()

    line = ground.as_mallory().send(content)

    assert not line.settle()
    ground.assert_unharmed(before)
