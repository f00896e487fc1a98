"""How systems, lines, units and devices served is read from what was judged; announced times stand apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.acts import Act, ActKind
from machxa_collector.incidents.fleet import Planned
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.served import By, Outage, Served, outage_of
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.watch.availability import Share

HOUR = 3_600_000
DAY = 24 * HOUR
FRIDAY = 20_007 * DAY - 7 * HOUR  # 2024-10-11 00:00 in Viet Nam
PERIOD = (FRIDAY, FRIDAY + DAY)
SESSION = ((FRIDAY + 8 * HOUR, FRIDAY + 12 * HOUR),)
CUT = Outage(
    id="a", cause=Cause.LINE, subject="u", state="down", units=("u",), start=FRIDAY + 9 * HOUR, end=FRIDAY + 10 * HOUR
)
DOWN = replace(CUT, id="b", cause=Cause.PROVINCIAL_SYSTEM, subject="dossier")
WIDE = replace(CUT, id="w", cause=Cause.PROVIDER, subject="VNPT", units=("u", "v"), end=FRIDAY + 11 * HOUR)


def hours(by: By, *outages: Outage, subject: str = "u", planned: tuple[Planned, ...] = ()) -> tuple[float, ...]:
    """Return up, degraded, down, unknown and maintenance in hours of a unit's morning."""
    share = Served(PERIOD, outages, planned).share(by, subject, "u", SESSION, FRIDAY)
    parts = (share.up_ms, share.degraded_ms, share.down_ms, share.unknown_ms, share.maintenance_ms)
    return tuple(part / HOUR for part in parts)


@pytest.mark.parametrize(
    ("by", "subject", "outages", "spent"),
    [
        pytest.param(By.UNIT, "u", (), (4, 0, 0, 0, 0), id="nothing was wrong"),
        pytest.param(By.UNIT, "u", (CUT,), (3, 0, 1, 0, 0), id="its line was cut for an hour"),
        pytest.param(By.UNIT, "u", (replace(CUT, state="degraded"),), (3, 1, 0, 0, 0), id="its line was weak"),
        pytest.param(By.UNIT, "u", (replace(CUT, state="on_battery"),), (4, 0, 0, 0, 0), id="its UPS carried it"),
        pytest.param(By.UNIT, "u", (replace(CUT, units=("v",)),), (4, 0, 0, 0, 0), id="another unit's"),
        pytest.param(By.UNIT, "u", (DOWN,), (4, 0, 0, 0, 0), id="a system is not the unit"),
        pytest.param(By.UNIT, "u", (WIDE,), (2, 0, 2, 0, 0), id="its provider's, as long as that lasted"),
        pytest.param(
            By.UNIT, "u", (WIDE, replace(CUT, inside="w")), (3, 0, 1, 0, 0), id="its own incident knows its times"
        ),
        pytest.param(By.PROVIDER, "VNPT", (WIDE,), (2, 0, 2, 0, 0), id="the provider's lines were cut"),
        pytest.param(
            By.PROVIDER,
            "VNPT",
            (replace(CUT, cause=Cause.POWER),),
            (3, 0, 0, 1, 0),
            id="no line is judged without power",
        ),
        pytest.param(By.SYSTEM, "dossier", (DOWN,), (3, 0, 1, 0, 0), id="the system was down"),
        pytest.param(By.SYSTEM, "dossier", (replace(DOWN, state="slow"),), (3, 1, 0, 0, 0), id="the system was slow"),
        pytest.param(By.SYSTEM, "dossier", (CUT,), (3, 0, 0, 1, 0), id="no system is judged over a cut line"),
        pytest.param(By.SYSTEM, "dossier", (DOWN, CUT), (3, 0, 1, 0, 0), id="it was found down by others"),
        pytest.param(By.SYSTEM, "land", (DOWN,), (4, 0, 0, 0, 0), id="another system"),
        pytest.param(
            By.UNIT, "u", (replace(CUT, cause=Cause.CENTRE, units=()),), (3, 0, 0, 1, 0), id="the centre was blind"
        ),
        pytest.param(
            By.DEVICE,
            "pc",
            (replace(CUT, cause=Cause.DEVICE, subject="pc"),),
            (3, 0, 1, 0, 0),
            id="the device was lost",
        ),
        pytest.param(By.DEVICE, "pc", (CUT,), (4, 0, 0, 0, 0), id="a line is not the device"),
    ],
)
def test_what_an_outage_costs_whom(by: By, subject: str, outages: tuple[Outage, ...], spent: tuple[float, ...]) -> None:
    assert hours(by, *outages, subject=subject) == spent


def test_what_was_announced_stands_apart_and_comes_again_on_its_weekdays() -> None:
    once = Planned(start=FRIDAY + 9 * HOUR, end=FRIDAY + 10 * HOUR, unit="u")
    friday = replace(once, start=once.start - 7 * DAY, end=once.end - 7 * DAY, weekdays=frozenset({4}))
    saturday = replace(friday, weekdays=frozenset({5}))

    assert hours(By.UNIT, CUT, planned=(once,)) == (3, 0, 0, 0, 1)
    assert hours(By.UNIT, CUT, planned=(friday,)) == (3, 0, 0, 0, 1)
    assert hours(By.UNIT, CUT, planned=(saturday,)) == (3, 0, 1, 0, 0)
    assert hours(By.UNIT, CUT, planned=(replace(friday, until=FRIDAY),)) == (3, 0, 1, 0, 0)
    assert hours(By.SYSTEM, DOWN, subject="dossier", planned=(replace(once, unit=None, system="dossier"),)) == (
        3, 0, 0, 0, 1,
    )  # fmt: skip


def test_before_anybody_watches_nothing_is_known() -> None:
    late = Served(PERIOD, [CUT]).share(By.UNIT, "u", "u", SESSION, FRIDAY + 11 * HOUR)
    never = Served(PERIOD, [CUT]).share(By.UNIT, "u", "u", SESSION, None)

    assert (late.up_ms, late.down_ms, late.unknown_ms, late.available_ratio) == (HOUR, 0, 3 * HOUR, 1.0)
    assert (never.unknown_ms, never.available_ratio) == (4 * HOUR, None)


INCIDENT = Incident(
    id="i", cause=Cause.LINE, layer=Layer.WAN, subject="u", state="down", units=("u",), started_at=10, noticed_at=20,
    ended_at=None, severity=Severity.P3, confidence=1.0, witnesses=1, evidence=(), children=0, first_cause=None,
    reports=0, suppressed_by=None, why=(),
)  # fmt: skip


def act(at: int, kind: ActKind, **detail: str | int) -> Act:
    return Act(at=at, actor="lan", kind=kind, detail=detail)


@pytest.mark.parametrize(
    ("ended_at", "acts", "cause", "end"),
    [
        pytest.param(None, (), Cause.LINE, 100, id="open until now"),
        pytest.param(50, (), Cause.LINE, 50, id="ended"),
        pytest.param(None, (act(40, ActKind.CLOSE, reason="r"),), Cause.LINE, 40, id="closed by somebody"),
        pytest.param(30, (act(40, ActKind.CLOSE, reason="r"),), Cause.LINE, 30, id="closed after it ended"),
        pytest.param(None, (act(40, ActKind.OVERRULE, cause="power", reason="r"),), Cause.POWER, 100, id="overruled"),
    ],
)
def test_what_people_said_of_an_incident_counts(
    ended_at: int | None, acts: tuple[Act, ...], cause: Cause, end: int
) -> None:
    found = outage_of(replace(INCIDENT, ended_at=ended_at), acts, 100)

    assert found is not None
    assert (found.cause, found.end) == (cause, end)


def test_a_false_alarm_costs_nothing() -> None:
    assert outage_of(INCIDENT, (act(40, ActKind.FALSE_ALARM, reason="r"),), 100) is None


@given(
    st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24), st.sampled_from(["down", "slow", "portal"])), max_size=8)
)
def test_the_parts_always_make_up_the_service_time(told: list[tuple[int, int, str]]) -> None:
    outages = [
        replace(CUT, id=str(n), state=state, start=FRIDAY + min(a, b) * HOUR, end=FRIDAY + max(a, b) * HOUR)
        for n, (a, b, state) in enumerate(told)
    ]

    found: Share = Served(PERIOD, outages).share(By.UNIT, "u", "u", SESSION, FRIDAY)

    assert found.up_ms + found.degraded_ms + found.down_ms + found.unknown_ms + found.off_ms == found.service_ms
