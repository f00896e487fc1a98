"""Hold the facts' round: sent at once, again only when they change or a day has passed."""

from __future__ import annotations

import threading

from machxa_agent.facts_round import FactsRound
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
