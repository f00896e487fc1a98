"""An order of a role comes back as it was sent; what no centre of ours says is refused."""

from __future__ import annotations

import json

import pytest

from machxa_wire.refusal import Reason, Refused
from machxa_wire.roles import Neighbour, RoleOrder, decode_role, encode_role, is_private

ORDER = RoleOrder(
    7,
    "standby",
    on_duty=True,
    peer="192.168.1.20",
    neighbours=(Neighbour("0b9c3c4e-5b1f-4b57-9d0e-0f6f3f5f7a11", "pc", "192.168.1.21"),),
)


@pytest.mark.parametrize("order", [ORDER, RoleOrder(1), RoleOrder(2, "gateway", on_duty=True)])
def test_an_order_comes_back_as_it_was_sent(order: RoleOrder) -> None:
    assert decode_role(encode_role(order)) == order


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"role": "king"}, Reason.FIELD, id="no role"),
        pytest.param({"role": "pc"}, Reason.FIELD, id="a PC on duty"),
        pytest.param({"on_duty": 1}, Reason.FIELD, id="no truth"),
        pytest.param({"version": 0}, Reason.RANGE, id="no version"),
        pytest.param({"peer": "8.8.8.8"}, Reason.FIELD, id="a peer beyond the LAN"),
        pytest.param({"neighbours": [["a", "pc", "127.0.0.1"]]}, Reason.FIELD, id="this computer"),
        pytest.param({"neighbours": [["a", "pc"]]}, Reason.COUNT, id="half a neighbour"),
        pytest.param({"neighbours": [["a", "pc", "10.0.0.1"]] * 65}, Reason.COUNT, id="too many"),
    ],
)
def test_what_no_centre_of_ours_says_is_refused(change: dict[str, object], reason: Reason) -> None:
    body = {"v": 1, "version": 1, "role": "gateway", "on_duty": True, **change}

    with pytest.raises(Refused) as refused:
        decode_role(json.dumps(body).encode())

    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.0.0.1", True),
        ("172.16.0.1", True),
        ("172.32.0.1", False),
        ("192.168.255.254", True),
        ("100.64.0.1", True),
        ("100.128.0.1", False),
        ("169.254.1.1", True),
        ("127.0.0.1", False),
        ("10.0.0.256", False),
        ("10.0.0", False),
        ("fe80::1", False),
    ],
)
def test_only_addresses_of_local_networks_are_private(address: str, *, expected: bool) -> None:
    assert is_private(address) is expected
