"""The book of a boot: what the next start tells of it, and sleeps that two clocks show."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Mapping, Tuple

import pytest

from machxa_agent.identity import Boot
from machxa_agent.presence.ended import Ended
from machxa_agent.presence.presence import Clocks, Presence, sleeps

Told = List[Tuple[str, Dict[str, object], float]]  # evaluated, so in Python 3.8's words


class Computer:
    """Play a computer that starts, goes and is cut off."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = 1000.0
        self.told: Told = []

    def start(self, name: str, *, is_new: bool = True, system: Ended | None = None) -> Presence:
        presence = Presence(self.folder, Boot(name, is_new), self.tell, lambda: Clocks(self.now, self.now, self.now))
        presence.begin(lambda _booted: system)
        return presence

    def tell(self, name: str, attributes: Mapping[str, object], ago: float) -> None:
        self.told.append((name, dict(attributes), ago))


def test_the_next_boot_tells_of_a_shutdown_with_its_moment(tmp_path: Path) -> None:
    computer = Computer(tmp_path)
    presence = computer.start("a.1")
    presence.going("shutdown")
    computer.now = 2000.0

    assert presence.farewell() == "shutdown"
    computer.now = 9000.0
    computer.start("b.1")

    assert computer.told == [
        ("system.boot", {"boot": "a.1"}, 0.0),
        ("system.boot", {"boot": "b.1", "ended": "shutdown", "ended_at": 2_000_000}, 0.0),
    ]


def test_the_next_boot_tells_when_a_computer_that_was_cut_off_was_last_alive(tmp_path: Path) -> None:
    computer = Computer(tmp_path)
    presence = computer.start("a.1")
    computer.now = 1300.0
    presence.beat()
    computer.now = 9000.0
    computer.start("b.1")

    assert computer.told[1][1] == {"boot": "b.1", "ended": "unexpected", "ended_at": 1_300_000}


def test_a_start_within_a_boot_tells_nothing_and_the_system_may_know_better(tmp_path: Path) -> None:
    computer = Computer(tmp_path)
    computer.start("a.1")
    computer.start("a.2", is_new=False)
    computer.start("b.1", system=Ended("restart", 1_100_000))

    assert [attributes for _, attributes, _ in computer.told] == [
        {"boot": "a.1"},
        {"boot": "b.1", "ended": "restart", "ended_at": 1_100_000},
    ]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"reason": 1}', '{"reason": null, "at": "x"}'])
def test_a_book_that_cannot_be_read_tells_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "presence.json").write_text(content)
    computer = Computer(tmp_path)

    computer.start("b.1")

    assert computer.told == [("system.boot", {"boot": "b.1"}, 0.0)]


def test_a_sleep_is_told_with_what_two_clocks_differ_by_and_how_wrong_it_may_be() -> None:
    before, after = Clocks(1000.0, 500.0, 1_795_000_000.0), Clocks(4660.0, 560.0, 1_795_003_660.0)

    assert sleeps(before, after) == (
        ("system.sleep", {"kind": "sleep", "at": 1_795_000_030_000, "within_seconds": 30}, 3630.0),
        ("system.wake", {"kind": "sleep", "at": 1_795_003_630_000, "within_seconds": 30}, 30.0),
    )


@pytest.mark.parametrize(
    ("counting", "awake"),
    [(60.0, 60.0), (61.9, 60.0), (60.0, 60.4), (0.0, 0.0)],
    ids=["none", "jitter", "back", "same"],
)
def test_two_clocks_that_differ_by_less_than_two_seconds_tell_no_sleep(counting: float, awake: float) -> None:
    assert sleeps(Clocks(0.0, 0.0, 0.0), Clocks(counting, awake, counting)) == ()


def test_a_sleep_is_told_once(tmp_path: Path) -> None:
    moments = iter([Clocks(0, 0, 0), Clocks(60, 60, 60), Clocks(720, 120, 720), Clocks(780, 180, 780)])
    told: Told = []
    presence = Presence(
        tmp_path,
        Boot("a.1", is_new=False),
        lambda name, more, ago: told.append((name, dict(more), ago)),
        lambda: next(moments),
    )

    for _ in range(3):
        presence.look()

    assert [(name, ago) for name, _, ago in told] == [("system.sleep", 630.0), ("system.wake", 30.0)]
