"""Whatever an enrolled agent signs and sends on its own topic: it is set aside, and the next record passes."""

from __future__ import annotations

import pytest

from machxa_wire.encode import encode_plain
from machxa_wire.records import Event, Place, Stamp
from tests.broker.ground import Ground
from tests.broker.packets import PUBACK
from tests.wire.test_refusals import BAD

pytestmark = [pytest.mark.broker, pytest.mark.faults]
_MORE = {
    "200,000 items": b'{"v":1,"a":[' + b"1," * 100_000 + b"1]}",
    "250 kB of nothing": b"{" + b" " * 250_000,
}
PAYLOADS = {**{name: payload for name, (payload, _) in BAD.items()}, **_MORE}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_a_bad_payload_under_a_good_mac_is_stored_nowhere(ground: Ground, payload: bytes) -> None:
    before = ground.stored()

    taken = ground.as_mallory().send(ground.mallory.signed(payload)).until(PUBACK)

    assert taken is not None
    assert taken.reason == 0
    ground.assert_unharmed(before)


@pytest.mark.parametrize("mac", ["", "short", "A" * 22, "ü" * 11, "A" * 60_000], ids=len)
def test_a_good_payload_under_a_bad_mac_is_stored_nowhere(ground: Ground, mac: str) -> None:
    before = ground.stored()
    payload = encode_plain(Event(Place("00000000000000aa", 1), Stamp("b.1", 0, 0), "x", {}))

    ground.as_mallory().send(ground.mallory.packet(payload, mac)).until(PUBACK)

    ground.assert_unharmed(before)
