"""What a newer centre tells besides is passed over by an agent: the rest is heard as before."""

from __future__ import annotations

from typing import Callable, Dict, Tuple

import pytest

from machxa_wire import downward
from machxa_wire.encode import encode_ack, encode_centre, encode_presence, encode_settings
from machxa_wire.records import Ack, CentrePresence, Presence, Settings
from machxa_wire.text import inflate, to_body, to_text

TOLD: Dict[str, Tuple[bytes, Callable[[bytes], object]]] = {
    "ack": (
        encode_ack(Ack("00112233445566ff", 7, need=3, time=1_764_000_000_000, whole=True, hello="0badcafe.1")),
        downward.decode_ack,
    ),
    "settings": (encode_settings(Settings(4, 30, 600)), downward.decode_settings),
    "centre": (encode_centre(CentrePresence(up=True, instance="a1", spread_seconds=9)), downward.decode_centre),
    "presence": (encode_presence(Presence("on", "0badcafe.1", "gateway")), downward.decode_presence),
}


@pytest.mark.parametrize("name", sorted(TOLD))
def test_an_unknown_field_from_the_centre_is_passed_over(name: str) -> None:
    payload, read = TOLD[name]
    later = to_text({**to_body(inflate(payload)), "later_field": {"deep": [1, None]}})

    assert read(later) == read(payload)


def test_fields_that_an_older_centre_does_not_know_have_a_default() -> None:
    ack = downward.decode_ack(b'{"stream":"00112233445566ff","upto":7}')

    assert ack == Ack("00112233445566ff", 7)
    assert downward.decode_presence(b'{"v":1,"state":"on","boot":"0badcafe.1"}').role is None
