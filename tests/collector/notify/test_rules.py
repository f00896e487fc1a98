"""What is told at once, what waits, what is left out; the budget of a day is never exceeded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.acts import Handling
from machxa_collector.notify.deciding import Day, Known, Parcel, decide, digests
from machxa_collector.notify.happening import Happening, Kind
from machxa_collector.notify.rules import (
    Before,
    Verdict,
    Way,
    day_of,
    digest_due,
    fits,
    is_quiet,
    last_slot,
    next_slot,
    slots,
    verdict,
)
from machxa_collector.notify.wishes import BadWishes, Wishes, said_of, wishes_of
from machxa_collector.registry.people.territory import Territory
from tests.collector.notify.incidents import at, incident, opened, person

P1, P2, P3, P4 = Severity
USUAL = Wishes()


@pytest.mark.parametrize(
    ("severity", "kind", "before", "clock", "wishes", "expected"),
    [
        pytest.param(P2, Kind.OPENED, Before.NEVER, "09:00", USUAL, ("now", ""), id="in the day"),
        pytest.param(P4, Kind.OPENED, Before.NEVER, "09:00", USUAL, ("later", "small"), id="P4 is for the digest"),
        pytest.param(P2, Kind.OPENED, Before.NEVER, "20:59", USUAL, ("now", ""), id="a minute before quiet hours"),
        pytest.param(P2, Kind.OPENED, Before.NEVER, "21:00", USUAL, ("later", "quiet"), id="quiet hours begin"),
        pytest.param(P2, Kind.OPENED, Before.NEVER, "05:59", USUAL, ("later", "quiet"), id="over midnight"),
        pytest.param(P2, Kind.OPENED, Before.NEVER, "06:00", USUAL, ("now", ""), id="quiet hours end"),
        pytest.param(P1, Kind.OPENED, Before.NEVER, "02:00", USUAL, ("now", ""), id="P1 wakes who says so"),
        pytest.param(
            P1, Kind.OPENED, Before.NEVER, "02:00", replace(USUAL, urgent_passes=False), ("later", "quiet"), id="or not"
        ),
        pytest.param(
            P3,
            Kind.OPENED,
            Before.NEVER,
            "09:00",
            Wishes(least=P2, least_digest=P2),
            ("dropped", "below_least"),
            id="not wished at all",
        ),
        pytest.param(P2, Kind.ENDED, Before.AT_ONCE, "09:00", USUAL, ("now", ""), id="its end"),
        pytest.param(P2, Kind.ENDED, Before.WAITS, "09:00", USUAL, ("later", "ended"), id="the end of what waits"),
        pytest.param(P2, Kind.ENDED, Before.NEVER, "09:00", USUAL, ("dropped", "never_told"), id="end of nothing"),
        pytest.param(P1, Kind.ENDED, Before.AT_ONCE, "02:00", USUAL, ("later", "quiet"), id="no end wakes"),
        pytest.param(P2, Kind.WORSE, Before.AT_ONCE, "09:00", USUAL, ("dropped", "told"), id="told already"),
        pytest.param(P1, Kind.WORSE, Before.AT_ONCE, "09:00", USUAL, ("now", ""), id="grown to P1"),
        pytest.param(P2, Kind.WORSE, Before.DIGEST, "09:00", USUAL, ("now", ""), id="grown from the digest"),
        pytest.param(P4, Kind.ESCALATED, Before.NEVER, "09:00", USUAL, ("now", ""), id="an escalation is for them"),
    ],
)
def test_what_becomes_of_it(
    severity: Severity, kind: Kind, before: Before, clock: str, wishes: Wishes, expected: tuple[str, str]
) -> None:
    now = at(clock)

    judged = verdict(opened(incident(severity=severity), now, kind), wishes, before, now)

    assert (judged.way.value, judged.why) == expected


@pytest.mark.parametrize(
    ("handling", "why"),
    [(Handling(merged_into="bb" * 8), "merged"), (Handling(is_closed=True), "closed")],
)
def test_what_people_closed_or_merged_is_told_to_nobody(handling: Handling, why: str) -> None:
    happening = replace(opened(incident(), at("09:00")), handling=handling)

    assert verdict(happening, USUAL, Before.NEVER, at("09:00")) == Verdict(way=Way.DROPPED, why=why)


def test_digest_times_in_quiet_hours_wait_for_their_end() -> None:
    wishes = Wishes(quiet=(20 * 60, 8 * 60), digest=(7 * 60, 16 * 60))

    assert slots(wishes) == (8 * 60, 16 * 60)
    assert (last_slot(wishes, at("08:00")), next_slot(wishes, at("08:00"))) == (at("08:00"), at("16:00"))
    assert (last_slot(wishes, at("07:59")), next_slot(wishes, at("16:00"))) == (at("16:00", 9), at("08:00", 11))


@pytest.mark.parametrize(
    ("sent", "oldest", "clock", "expected"),
    [
        (0, at("16:29"), "16:30", True),
        (0, at("16:30"), "16:30", False),
        (0, at("16:29"), "16:29", False),
        (0, at("10:00"), "20:00", True),
        (0, at("10:00"), "22:00", False),
        (12, at("10:00"), "16:30", False),
        (0, None, "16:30", False),
    ],
)
def test_a_digest_goes_out_once_its_time_has_come(sent: int, oldest: int | None, clock: str, *, expected: bool) -> None:
    assert digest_due(USUAL, sent, oldest, at(clock)) is expected


def test_a_quarter_of_the_budget_is_kept_for_p1_and_one_message_for_each_digest_to_come() -> None:
    noon = at("12:00")  # one digest to come, at 16:30

    assert [fits(USUAL, sent, P2, noon) for sent in (6, 7, 8)] == [True, True, False]
    assert [fits(USUAL, sent, P1, noon) for sent in (9, 10, 11)] == [True, True, False]


def test_over_the_budget_p1_alone_is_told_at_once_and_the_rest_waits() -> None:
    noon = at("12:00")
    told = [opened(incident(1, P2), noon), opened(incident(2, P1), noon)]

    plan = decide(told, [person()], {"person/p": Day(sent=8)}, noon)

    assert [(one.happening.incident.id[-1], one.verdict.way.value, one.verdict.why) for one in plan.decided] == [
        ("1", "later", "budget"),
        ("2", "now", ""),
    ]
    [parcel] = plan.parcels
    assert [one.incident.id[-1] for one in parcel.happenings] == ["2"]


def test_nobody_is_told_of_what_lies_outside_their_territory() -> None:
    near = person("near", territory=Territory(units=frozenset({"29374"}), with_nowhere=False))
    far = person("far", territory=Territory(units=frozenset({"29398"}), with_nowhere=True))

    plan = decide([opened(incident(), at("09:05"))], [near, far], {}, at("09:05"))

    assert [one.recipient for one in plan.decided] == ["person/near"]


def test_an_escalation_to_who_may_not_see_it_is_dropped_and_counted() -> None:
    far = person("far", territory=Territory(units=frozenset({"29398"}), with_nowhere=True))
    rung = Happening(kind=Kind.ESCALATED, incident=incident(), at=at("09:05"), step=1, to=("person/far", "person/gone"))

    plan = decide([rung], [far, person("other")], {}, at("09:05"))

    assert [(one.recipient, one.verdict.why) for one in plan.decided] == [("person/far", "not_allowed")]
    assert plan.nowhere == 1


def test_the_same_is_told_once_and_what_opened_and_ended_meanwhile_in_one_line() -> None:
    now = at("09:30")
    over = incident(ended_at=at("09:20"))
    day = Day(known={incident(2).id: (Known(told="opened", way=Way.NOW, sent=True),)})

    plan = decide(
        [opened(incident(2), now), opened(over, now), opened(over, now, Kind.ENDED)], [person()], {"person/p": day}, now
    )

    [parcel] = plan.parcels
    assert [(one.incident.id, one.kind) for one in parcel.happenings] == [(over.id, Kind.ENDED)]


def test_what_grows_twice_is_told_at_its_gravest() -> None:
    now, day = at("09:30"), Day()

    for severity in (P4, P3, P1):
        kind = Kind.OPENED if severity is P4 else Kind.WORSE
        plan = decide(
            [opened(incident(severity=severity), now, kind)], [person(wishes=Wishes(least=P2))], {"person/p": day}, now
        )
        for one in plan.decided:
            told = Known(told=one.happening.key, way=one.verdict.way, sent=False)
            day.known[incident().id] = (*day.known.get(incident().id, ()), told)

    [parcel] = plan.parcels
    assert [(one.kind, one.incident.severity) for one in parcel.happenings] == [(Kind.WORSE, P1)]


def test_yesterday_s_backlog_wakes_nobody() -> None:
    plan = decide([opened(incident(), at("09:00"))], [person()], {}, at("09:01", 11))

    assert [(one.verdict.way, one.verdict.why) for one in plan.decided] == [(Way.DROPPED, "too_old")]


@pytest.mark.parametrize(
    "said",
    [
        {"least": "P9"},
        {"budget": 4},
        {"budget": True},
        {"digest": []},
        {"digest": ["07:30", "07:30"]},
        {"digest": "07:30"},
        {"quiet": ["21:00"]},
        {"quiet": ["21:00", "21:00"]},
        {"quiet": ["21:00", "17:01"]},
        {"quiet": ["24:00", "06:00"]},
        {"least": "P4", "least_digest": "P3"},
        {"language": "fr"},
        {"colour": 1},
        {"tell_ended": 1},
    ],
)
def test_wishes_that_contradict_themselves_are_refused(said: dict[str, object]) -> None:
    with pytest.raises(BadWishes):
        wishes_of(said)


minutes = st.integers(0, 1439)
wishes_given = st.builds(
    Wishes,
    least=st.sampled_from([P1, P2, P3]),
    quiet=st.none() | st.tuples(minutes, minutes).filter(lambda pair: (pair[0] - pair[1]) % 1440 >= 240),
    urgent_passes=st.booleans(),
    digest=st.sets(minutes, min_size=1, max_size=3).map(lambda found: tuple(sorted(found))),
    budget=st.integers(6, 20),
    tell_ended=st.booleans(),
)


@given(wishes_given)
def test_wishes_are_read_as_they_were_written(wishes: Wishes) -> None:
    assert wishes_of(said_of(wishes)) == wishes


things = st.lists(
    st.tuples(
        st.integers(1, 240),  # minutes until it happens
        st.sampled_from(list(Severity)),
        st.sampled_from([Kind.OPENED, Kind.OPENED, Kind.REVISED, Kind.ENDED, Kind.WORSE]),
        st.integers(1, 30),  # the incident
    ),
    max_size=60,
)


@given(wishes=wishes_given, happened=things)
def test_no_day_s_budget_is_exceeded_and_everything_is_told_or_dropped_with_a_reason(
    wishes: Wishes, happened: list[tuple[int, Severity, Kind, int]]
) -> None:
    one, day = person(wishes=wishes), Day()
    made: list[tuple[int, Parcel]] = []
    waiting: list[Happening] = []
    fates: dict[tuple[str, str], str] = {}
    since = now = at("00:00")
    steps = [*happened, *[(60, None, None, 0)] * 49]  # and two quiet days, so that every digest goes out
    for pause, severity, kind, number in steps:
        until = now + pause * 60_000
        while now < until:  # the collector looks much more often than each quarter of an hour
            now = min(now + 900_000, until)
            sent = sum(day_of(when) == day_of(now) for when, _ in made)
            held = {one.id: (since, tuple(waiting))} if waiting else {}
            for parcel in digests([one], held, {one.id: sent}, now):
                made.append((now, parcel))
                fates |= {(h.incident.id, h.key): "digest" for h in waiting}
                waiting = []
        if severity is None or kind is None:
            continue
        sent = sum(day_of(when) == day_of(now) for when, _ in made)
        plan = decide([opened(incident(number, severity), now, kind)], [one], {one.id: replace(day, sent=sent)}, now)
        for decided in plan.decided:
            key = (decided.happening.incident.id, decided.happening.key)
            assert key not in fates
            fates[key] = decided.verdict.way.value
            assert decided.verdict.why or decided.verdict.way is Way.NOW
            known = day.known.get(key[0], ())
            day.known[key[0]] = (*known, Known(told=key[1], way=decided.verdict.way, sent=True))
            if decided.verdict.way is Way.LATER:
                since = now if not waiting else since
                waiting.append(decided.happening)
        made += [(now, parcel) for parcel in plan.parcels]
        assert len(plan.parcels) == sum(d.verdict.way is Way.NOW for d in plan.decided)

    per_day = [day_of(when) for when, _ in made]
    assert max((per_day.count(found) for found in per_day), default=0) <= wishes.budget
    assert not any(is_quiet(wishes, when) and parcel.is_digest for when, parcel in made)
    happenings = [opened(incident(number, severity), 0, kind) for _, severity, kind, number in happened]
    assert {(one.incident.id, one.key) for one in happenings} == set(fates)
    assert set(fates.values()) <= {"now", "digest", "dropped"}
