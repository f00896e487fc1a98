"""Hold the facts' round: sent at once, again only when they change or a day has passed."""

from __future__ import annotations

import threading

import pytest

from machxa_agent import facts_round
from machxa_agent.facts_round import FactsRound
from machxa_wire.difference import digest_of
from machxa_wire.records import Facts
from tests.agent.centre import until
from tests.agent.outboxes import Maker, records

DAY_SECONDS = 24 * 3600.0


def test_facts_go_at_once_then_when_a_day_has_passed_and_not_twice_for_the_same(disk: Maker) -> None:
    outbox = disk.open()
    kept = threading.Semaphore(0)
    now = [0.0]
    path = disk.folder / "facts.json"
    facts = FactsRound(path, outbox, disk.clock.stamp, kept.release, lambda: now[0])

    facts.look(urgent=True)
    assert kept.acquire(timeout=20)
    until("the digest is kept", path.exists)
    facts.look(urgent=False)
    until("the round is over", facts._idle.is_set)
    now[0] = DAY_SECONDS
    facts.look(urgent=False)
    assert kept.acquire(timeout=20)
    until("the round is over", facts._idle.is_set)
    again = FactsRound(path, outbox, disk.clock.stamp, kept.release, lambda: now[0])
    again.look(urgent=False)
    until("the round is over", again._idle.is_set)

    assert [type(one) for one in records(outbox)] == [Facts, Facts]


class Days:
    """Let days pass for a round that finds what it is told."""

    def __init__(self, disk: Maker) -> None:
        self.disk = disk
        self.outbox = disk.open()
        self.now = 0.0
        self.found: dict[str, object] = {}
        self.round = self.restarted()

    def restarted(self) -> FactsRound:
        path, clock = self.disk.folder / "facts.json", self.disk.clock
        self.round = FactsRound(
            path, self.outbox, clock.stamp, lambda: None, lambda: self.now, None, lambda _software: self.found
        )
        return self.round

    def find(self, **found: object) -> None:
        self.found = found
        self.round.look(urgent=False)
        self.over()
        self.now += DAY_SECONDS

    def over(self) -> None:
        until("the round is over", self.round._idle.is_set)

    def sent(self) -> list[Facts]:
        return [one for one in records(self.outbox) if isinstance(one, Facts)]


def test_a_change_is_sent_as_a_difference_to_what_was_sent_last_also_after_a_restart(disk: Maker) -> None:
    days = Days(disk)
    first = {"bios": {"ssn": "7XK"}, "cpus": [{"core": 2}]}
    second = {"bios": {"ssn": "7XK"}, "cpus": [{"core": 4}]}

    days.find(**first)
    days.find(**second)
    days.restarted()
    days.find(**second)  # a first look, and nothing new: not sent
    days.find(**second)

    told = [(one.facts, one.base, one.digest) for one in days.sent()]
    assert told == [
        (first, None, None),
        ({"cpus": [{"core": 4}]}, digest_of(first), digest_of(second)),
        ({}, digest_of(second), digest_of(second)),
    ]


def test_facts_go_in_whole_when_asked_for_but_once_an_hour_and_in_a_new_stream(disk: Maker) -> None:
    days = Days(disk)
    days.find(a=1)

    for seconds in (0, 1, 3600):
        days.now += seconds
        days.round.send_whole()
        days.over()
    kept = days.disk.folder / "facts.json"
    kept.write_text(kept.read_text().replace(days.sent()[0].place.stream, "f" * 16))
    days.find(a=2)

    assert [(one.facts, one.base) for one in days.sent()] == [({"a": 1}, None)] * 3 + [({"a": 2}, None)]


def test_a_month_of_differences_is_followed_by_a_whole(disk: Maker) -> None:
    days = Days(disk)

    for _ in range(31):
        days.find(a=1)

    assert [one.base is None for one in days.sent()] == [True] + [False] * 29 + [True]


def test_what_cannot_be_read_of_the_last_facts_is_sent_in_whole(disk: Maker) -> None:
    days = Days(disk)
    (days.disk.folder / "facts.json").write_text("0123456789abcdef")  # as versions before wrote it

    days.find(a=1)

    assert [one.base for one in days.sent()] == [None]


def test_facts_that_were_sent_and_not_kept_leave_no_older_ones_to_be_sent_for_them(
    disk: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(disk)
    days.find(a=1)

    def full(_path: object, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(facts_round, "write_durably", full)
        days.find(a=2)
    days.round.send_whole()
    days.over()
    days.find(a=3)

    assert [(one.facts, one.base is None) for one in days.sent()] == [
        ({"a": 1}, True),
        ({"a": 2}, False),
        ({"a": 3}, True),
    ]
