"""Sums of ports go through wraps and restarts and count each byte once."""

from __future__ import annotations

import pytest

from machxa_agent.devices.counted import Counted
from machxa_agent.snmp.interfaces import Interface


def port(index: int, octets: int | None, *, bits: int = 64, is_ethernet: bool | None = True) -> Interface:
    """Return a port that has received so much and sent nothing."""
    return Interface(index, "", "up", None, None, None, octets, 0, bits, None, None, is_ethernet)


@pytest.mark.parametrize(
    ("readings", "received"),
    [
        pytest.param([(10, 100)], None, id="one reading says nothing"),
        pytest.param([(10, 100), (20, 150), (30, 150)], 50, id="what came between"),
        pytest.param([(20, 900), (5, 40), (15, 100)], 60, id="a restart is no traffic"),
        pytest.param([(10, None), (20, 7), (30, 9)], 2, id="what was not told"),
        pytest.param([(None, 5), (None, 9)], 4, id="no uptime"),
    ],
)
def test_octets_are_added_up(readings: list[tuple[int | None, int | None]], received: int | None) -> None:
    counted = Counted()

    for uptime, octets in readings:
        counted.take((port(1, octets),), uptime)

    assert counted.received == received


def test_a_32_bit_counter_goes_round() -> None:
    counted = Counted()

    for octets in (2**32 - 10, 30):
        counted.take((port(1, octets, bits=32),), 100)

    assert counted.received == 40


def test_only_physical_ports_count() -> None:
    counted = Counted()

    for octets in (0, 10):
        counted.take((port(1, octets), port(2, octets, is_ethernet=False), port(3, octets, is_ethernet=None)), 100)

    assert counted.received == 10
