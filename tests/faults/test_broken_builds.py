"""The proof can fail: each deliberately broken build is caught, and says what it lost or doubled.

Two nets lie under a lost acknowledgement: the agent keeps what was acknowledged for a day, and the collector asks
again for what it does not have. So two of these builds have the second net taken away; with it, they lose nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from machxa_fleet import mosquitto
from tests.faults import broken
from tests.faults.broken import Mistake
from tests.faults.rig import Rig
from tests.faults.test_disks import LoopDisk, needs, power_cut

pytestmark = pytest.mark.faults
LONG = 3

Start = Callable[..., Rig]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return what starts a rig from a broken build."""
    if mosquitto.find() is None:
        pytest.skip("mosquitto is not installed: the fault tests run through a real broker")
    rigs: list[Rig] = []

    def started(*mistakes: Mistake, agent_data: Path | None = None) -> Rig:
        rig = Rig(tmp_path, source=broken.build(tmp_path / "build", *mistakes), agent_data=agent_data)
        rigs.append(rig)
        rig.start()
        rig.until_arrived()
        return rig

    yield started
    for rig in rigs:
        rig.stop()


def collector_dies_before_commit(rig: Rig) -> None:
    """Let the collector die with a batch in hand."""
    rig.kill("collector")
    rig.until_served(3)
    rig.start_collector(MACHXA_CRASH="before_commit")
    rig.wait_dead("collector")
    rig.start_collector()


def queue_is_lost(rig: Rig) -> None:
    """Let a collector that hangs and a broker with its queue die together."""
    rig.pause("collector")
    rig.until_served(5)
    rig.kill("broker")
    rig.kill("collector")
    rig.start_broker()
    rig.start_collector()


def test_acknowledging_before_the_commit_loses_what_was_in_hand(start: Start) -> None:
    rig = start(*broken.ACKNOWLEDGE_BEFORE_COMMIT, *broken.NO_SECOND_NET)

    collector_dies_before_commit(rig)
    rig.finish()

    assert rig.verdict().lost != ()


def test_asking_again_heals_even_an_acknowledgement_before_the_commit(start: Start, rounds: int) -> None:
    if rounds < LONG:
        pytest.skip("takes half a minute more: --faults 3")
    rig = start(*broken.ACKNOWLEDGE_BEFORE_COMMIT)

    collector_dies_before_commit(rig)

    assert rig.prove().lost == ()


def test_deleting_on_puback_loses_the_brokers_queue(start: Start) -> None:
    rig = start(*broken.DELETE_ON_PUBACK, *broken.NO_SECOND_NET)

    queue_is_lost(rig)
    rig.finish()

    assert rig.verdict().lost != ()


def test_the_right_build_survives_the_same_loss_of_the_queue(start: Start, rounds: int) -> None:
    if rounds < LONG:
        pytest.skip("takes half a minute more: --faults 3")
    rig = start()

    queue_is_lost(rig)

    assert rig.prove().lost == ()


def test_without_dedupe_what_is_sent_again_counts_twice(start: Start) -> None:
    rig = start(*broken.NO_DEDUPE)

    rig.kill("collector")
    rig.until_served(3)
    rig.start_collector(MACHXA_CRASH="after_commit_before_ack")
    rig.wait_dead("collector")
    rig.start_collector()
    rig.finish()

    assert rig.verdict().doubled != ()


def test_an_outbox_without_sync_loses_what_a_power_cut_finds_unwritten(start: Start, tmp_path: Path) -> None:
    needs("mkfs.ext4", "mount")
    disk = LoopDisk(tmp_path)
    try:
        rig = start(*broken.OUTBOX_WITHOUT_SYNC, agent_data=disk.mounted / "agent")
        rig.kill("collector")
        rig.until_served(6)
        power_cut(rig, disk, "agent")
        rig.start_agent()
        rig.start_collector()
        rig.finish()

        assert len(rig.verdict().lost) > rig.agent_kills
    finally:
        with suppress(OSError):
            rig.stop()
        disk.unmount()
