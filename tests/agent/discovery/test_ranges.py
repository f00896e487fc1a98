"""Which addresses may be asked: private ones that the configuration names, a small network at a time."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.discovery.ranges import MOST_ADDRESSES, NotAllowed, addresses, network

EVERYTHING = (network("0.0.0.0/0"), network("::/0"))


def test_the_hosts_of_a_range_are_asked_without_its_own_address_and_broadcast() -> None:
    assert addresses(network("192.168.1.0/30"), (network("192.168.0.0/16"),)) == ("192.168.1.1", "192.168.1.2")


def test_one_address_is_a_range_of_one() -> None:
    assert addresses(network("10.1.2.3"), EVERYTHING) == ("10.1.2.3",)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        pytest.param("8.8.8.0/24", "private", id="public"),
        pytest.param("113.160.0.1", "private", id="a carrier's"),
        pytest.param("0.0.0.0/0", "private", id="everything"),
        pytest.param("172.32.0.0/24", "private", id="beside RFC 1918"),
        pytest.param("192.0.0.0/8", "private", id="wider than RFC 1918"),
        pytest.param("100.64.0.0/24", "private", id="a carrier's NAT"),
        pytest.param("127.0.0.1", "private", id="this computer"),
        pytest.param("224.0.0.0/24", "private", id="multicast"),
        pytest.param("2001:db8::/120", "private", id="IPv6 of the Internet"),
        pytest.param("::ffff:8.8.8.8", "private", id="IPv4 in IPv6"),
        pytest.param("10.0.0.0/21", "at most", id="more than a /22"),
        pytest.param("fd00::/64", "at most", id="a whole IPv6 network"),
    ],
)
def test_nothing_else_is_asked_whatever_the_configuration_names(asked: str, reason: str) -> None:
    with pytest.raises(NotAllowed, match=reason):
        addresses(network(asked), EVERYTHING)


@pytest.mark.parametrize("asked", ["192.168.2.0/24", "192.168.0.0/23", "fd00::1"])
def test_a_range_that_the_configuration_does_not_name_is_refused(asked: str) -> None:
    with pytest.raises(NotAllowed, match="names other ranges"):
        addresses(network(asked), (network("192.168.1.0/24"),))


def test_a_range_that_is_none_is_refused() -> None:
    for written in ("192.168.1.5/24", "may-in", "http://192.168.1.1", ""):
        with pytest.raises(NotAllowed, match="is no range"):
            network(written)


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_no_address_outside_the_private_networks_is_ever_asked(number: int, length: int) -> None:
    asked = ipaddress.ip_network((number, length), strict=False)
    try:
        hosts = addresses(asked, EVERYTHING)
    except NotAllowed:
        return

    assert 0 < len(hosts) <= MOST_ADDRESSES
    assert all(ipaddress.ip_address(host).is_private and not ipaddress.ip_address(host).is_loopback for host in hosts)
