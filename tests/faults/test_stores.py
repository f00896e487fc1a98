"""Stores that lock, go back in time or fail under the hand: nothing is lost (F01, F06, F09, F17, F18)."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import psutil
import pytest

from tests.faults.rig import Rig

pytestmark = pytest.mark.faults


def store(rig: Rig) -> Path:
    """Return the collector's database."""
    assert rig.collector_data is not None
    return rig.collector_data / "collector" / "machxa.db"


def test_a_locked_store_delays_and_loses_nothing(rig: Rig, rounds: int) -> None:
    """Lock for 20 s, longer than SQLite waits; with --faults 3 for two minutes in which memory may grow by 20 MB."""
    collector = psutil.Process(rig.processes["collector"].pid)
    lock = sqlite3.connect(store(rig), isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    before = collector.memory_info().rss
    for _ in range(1 if rounds < 3 else 6):
        rig.until_served(20)
    grown = (collector.memory_info().rss - before) / 1e6
    lock.execute("ROLLBACK")
    lock.close()

    assert rig.prove().lost == ()
    print(f"\nwhile the store was locked the collector grew by {grown:.1f} MB")
    assert rounds < 3 or grown < 20


def test_a_store_restored_from_a_backup_gets_everything_again(rig: Rig, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    with sqlite3.connect(store(rig)) as live, sqlite3.connect(backup) as copy:
        live.backup(copy)
    rig.until_served(6)
    rig.until_arrived()
    rig.kill("collector")
    for path in store(rig).parent.glob("machxa.db*"):
        path.unlink()
    shutil.copy(backup, store(rig))
    rig.start_collector()

    assert rig.prove().lost == ()


def test_a_drained_outbox_that_is_restarted_sends_its_one_reading_once(rig: Rig) -> None:
    rig.processes["agent"].terminate()
    rig.processes["agent"].wait(30)
    rig.start_agent()
    rig.until_served(1)

    assert rig.prove().lost == ()


def test_failing_flushes_set_the_outbox_aside_and_say_so(rig: Rig) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: it makes the flushes fail")
    assert rig.agent_data is not None
    rig.kill("agent")
    rig.start_agent(
        under=(
            "strace",
            "-D",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-P",
            str(rig.agent_data / "outbox.db-wal"),
            "-e",
            "inject=fdatasync:error=EIO:when=6..9",
        )
    )
    rig.until_served(8)
    rig.until_arrived()

    found = rig.verdict()
    told = {event["name"] for event in rig.get("/api/v1/events")["events"]}

    assert "machxa.outbox.damaged" in told
    assert found.doubled == ()
    assert found.invented == ()
    assert rig.processes["agent"].poll() is None


def test_an_agent_killed_in_the_middle_of_a_write_loses_at_most_the_reading_in_doubt(rig: Rig, rounds: int) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: it kills at the n-th write")
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(rounds):
        rig.kill("agent")
        when = chance.randrange(1, 50)
        rig.start_agent(
            under=("strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", f"inject=pwrite64:signal=KILL:when={when}")
        )
        rig.wait_dead("agent")
        rig.start_agent()
        rig.until_arrived()

    rig.prove()
