"""A bad line delays, it does not lose: cut, slow, half-open, corrupt, away for long (F19, F20, F21, F22, F28)."""

from __future__ import annotations

import time

import pytest

from tests.faults.proxy import Line
from tests.faults.rig import Rig

pytestmark = pytest.mark.faults

SHORT_CONNECTIONS = 8
CUT_SECONDS = 0.7


def test_a_line_cut_again_and_again_makes_progress(rig: Rig) -> None:
    for _ in range(SHORT_CONNECTIONS):
        rig.proxy.cut()
        time.sleep(CUT_SECONDS)  # the fault itself: how long each connection lives

    assert rig.prove().lost == ()


def test_a_line_that_resets_after_three_kilobytes_makes_progress(rig: Rig) -> None:
    rig.proxy.line = Line(limit_bytes=3000)
    rig.proxy.cut()
    rig.until_served(20)
    rig.until_arrived()
    rig.proxy.line = Line()

    assert rig.prove().lost == ()


def test_a_slow_line_with_long_delay_delivers(rig: Rig) -> None:
    rig.proxy.line = Line(delay_seconds=0.4, bytes_per_second=8000)
    rig.until_served(10)

    assert rig.prove().lost == ()


@pytest.mark.parametrize("way", ["down", "both"])
def test_a_half_open_line_is_noticed_and_nothing_is_lost(rig: Rig, way: str) -> None:
    rig.proxy.line = Line(hold=way)
    rig.until_served(6)
    rig.proxy.line = Line()
    rig.proxy.cut()

    assert rig.prove().lost == ()


def test_a_corrupting_line_is_refused_by_the_mac_and_sent_again(rig: Rig) -> None:
    rig.proxy.line = Line(corrupt=0.05)
    rig.until_served(20)
    rig.proxy.line = Line()
    rig.proxy.cut()

    found = rig.prove()

    assert found.lost == ()


def test_a_backlog_drains_in_order_while_the_newest_state_is_shown_at_once(rig: Rig) -> None:
    rig.proxy.line = Line(refuse=True)
    rig.proxy.cut()
    rig.until_served(30)
    rig.proxy.line = Line(bytes_per_second=8000)

    assert rig.prove().lost == ()
