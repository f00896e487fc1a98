"""A channel to people that does not deliver is one incident, ended when it delivers."""

from __future__ import annotations

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.fleet import Fleet
from machxa_collector.incidents.judge import Judge
from machxa_collector.incidents.rules import Rules
from machxa_collector.incidents.words import Told
from machxa_collector.registry.calendar import Calendars, vietnam

NOW = 1_773_108_000_000
MINUTE = 60_000


def judge() -> Judge:
    return Judge(Fleet(sites=(), assets=(), systems=()), Rules(), Calendars(vietnam(), {}, {}))


def test_a_dead_channel_is_one_incident_told_once_and_ended_with_it() -> None:
    judged = judge()
    for minute in range(12):
        judged.undelivered({"sms": NOW - 10 * MINUTE})
        judged.tick(NOW + minute * MINUTE)
    judged.undelivered({})
    judged.tick(NOW + 30 * MINUTE)

    [one] = judged.incidents()
    assert (one.subject, one.state, one.units, one.severity) == ("channel/sms", "undelivered", ("?",), Severity.P3)
    assert (one.started_at, one.ended_at) == (NOW - 10 * MINUTE, NOW + 30 * MINUTE)
    assert [notice.told for notice in judged.take_notifications()] == [Told.OPENED, Told.ENDED]


def test_it_is_the_same_incident_whoever_judges() -> None:
    first, second = judge(), judge()
    for one, now in ((first, NOW), (second, NOW + 3 * MINUTE)):
        one.undelivered({"sms": NOW - 10 * MINUTE})
        one.tick(now)

    assert [one.id for one in first.incidents()] == [one.id for one in second.incidents()]
