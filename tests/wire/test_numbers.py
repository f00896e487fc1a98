from __future__ import annotations

import pytest

from machxa_wire.refusal import Reason, Refused
from machxa_wire.text import to_body


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_a_number_beyond_every_float_is_refused_since_no_json_can_say_it_again(number: str) -> None:
    with pytest.raises(Refused) as caught:
        to_body(b'{"attributes": {"n": %s}}' % number.encode())

    assert caught.value.reason is Reason.RANGE


def test_the_largest_float_is_a_number() -> None:
    assert to_body(b'{"n": 1.7976931348623157e308}') == {"n": 1.7976931348623157e308}
