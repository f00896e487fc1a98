"""A way to the centre that dies is left for another: nothing lost, nothing doubled, one connection at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from machxa_agent import status
from machxa_fleet import mosquitto
from tests.faults.proxy import Line, Proxy
from tests.faults.rig import Rig

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(mosquitto.find() is None, reason="mosquitto is not installed"),
]
SECONDS = 150.0
SETTINGS = """[[path]]
name = "tslcd"
host = "127.0.0.1"
port = {tslcd}
[[path]]
name = "internet"
host = "127.0.0.1"
port = {internet}
"""


@pytest.fixture
def other() -> Iterator[Proxy]:
    """Return a second way, whose target a rig sets."""
    line = Proxy(0)
    yield line
    line.stop()


@pytest.fixture
def two_ways(tmp_path: Path, other: Proxy) -> Iterator[Rig]:
    """Return a rig whose agent knows two ways to one broker."""
    rig = Rig(tmp_path)
    other._target = rig.broker
    rig.agent_settings = SETTINGS.format(tslcd=rig.proxy.port, internet=other.port)
    try:
        rig.start()
        rig.until_arrived()
        yield rig
    finally:
        rig.stop()


@pytest.mark.parametrize("how", [Line(refuse=True), Line(hold="both")], ids=["refused", "swallowed"])
def test_the_agent_moves_to_the_other_way_with_nothing_lost_and_nothing_doubled(
    two_ways: Rig, other: Proxy, how: Line, rounds: int
) -> None:
    if how.hold and rounds <= 2:
        pytest.skip("takes a minute and a half more: --faults 3")
    assert two_ways.agent_data is not None
    assert status.read(two_ways.agent_data)["path"] == "tslcd"
    began = time.monotonic()

    two_ways.proxy.line = how
    if how.refuse:
        two_ways.proxy.cut()
    while status.read(two_ways.agent_data).get("path") != "internet" or not other.connections:
        assert time.monotonic() - began < SECONDS
        time.sleep(0.1)
    print(f"on the other way after {time.monotonic() - began:.1f} s")
    two_ways.until_arrived()
    found = two_ways.prove()

    assert (found.lost, found.doubled) == ((), ())
    agent = json.loads((two_ways.agent_data / "agent.json").read_text())["agent"]
    told = two_ways.get(f"/api/v1/events?agent={agent}&limit=100")["events"]
    paths = [one["attributes"] for one in reversed(told) if one["name"] == "machxa.path"]
    assert [(one["was"], one["path"]) for one in paths][:2] == [(None, "tslcd"), ("tslcd", "internet")]
