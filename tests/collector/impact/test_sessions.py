from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.impact import Channel, DayCount, Group, Measure, Stage, learn_flows
from machxa_collector.impact.explained import known
from machxa_collector.impact.sessions import Part, session_rates, stage_rates, week_hours
from tests.collector.impact.scenes import CODE, MODEL, PROVINCE, calendars

HT, DD = Group.CIVIL_STATUS, Group.LAND
M, A, N = Part.MORNING, Part.AFTERNOON, Part.OUTSIDE
TWO_AN_HOUR = known(2.0, Measure.PER_HOUR, "flow")
DAY = {M: 4.0, A: 3.5}  # 15 dossiers a day
HALF = {M: 4.0}


@pytest.mark.parametrize(
    ("hours", "received", "level", "dossiers", "per_day", "per_hour"),
    [
        pytest.param(DAY, {(HT, M): 24, (HT, A): 6}, "unit_group", 30, (12, 3, 0), (3, 6 / 7, None), id="of the group"),
        pytest.param(DAY, {(HT, M): 18, (DD, A): 12}, "unit", 30, (9, 6, 0), (9 / 4, 6 / 3.5, None), id="the unit's"),
        pytest.param(DAY, {(HT, M): 29}, "hours", 0, (8, 7, 0), (2, 2, None), id="too few: evenly over the hours"),
        pytest.param(DAY, {}, "hours", 0, (8, 7, 0), (2, 2, None), id="none: evenly"),
        pytest.param(DAY, {(HT, M): 20, (HT, N): 10}, "unit_group", 30, (10, 0, 5), (2.5, 0, None), id="at night"),
        pytest.param(HALF, {(HT, M): 30, (HT, A): 20}, "unit_group", 30, (8, 0, 0), (2, None, None), id="half a day"),
        pytest.param(HALF, {(HT, A): 40}, "hours", 0, (8, 0, 0), (2, None, None), id="never then: evenly"),
    ],
)  # fmt: skip
def test_a_weekdays_rate_is_shared_over_its_sessions_as_known_hours_tell(
    hours: dict[Part, float],
    received: dict[tuple[Group, Part], int],
    level: str,
    dossiers: int,
    per_day: tuple[float, ...],
    per_hour: tuple[float | None, ...],
) -> None:
    found = session_rates(TWO_AN_HOUR, HT, hours, received)

    assert [one.part for one in found] == [M, A, N]
    assert {(one.level.value, one.dossiers) for one in found} == {(level, dossiers)}
    assert tuple(one.per_day for one in found) == pytest.approx(per_day)
    assert tuple(one.per_hour for one in found) == pytest.approx(per_hour)


@given(st.dictionaries(st.tuples(st.sampled_from(Group), st.sampled_from(Part)), st.integers(0, 500)))
def test_the_parts_of_a_day_sum_to_the_day(received: dict[tuple[Group, Part], int]) -> None:
    assert sum(one.per_day for one in session_rates(TWO_AN_HOUR, HT, DAY, received)) == pytest.approx(15)


def test_a_closed_day_has_no_sessions() -> None:
    assert session_rates(TWO_AN_HOUR, HT, {}, {(HT, M): 90}) == ()


def test_the_hours_of_a_weekday_are_those_of_its_next_plain_day() -> None:
    found = week_hours(calendars(CODE, saturday=True), CODE, date(2026, 8, 31))  # Wednesday 2 September is off

    assert found == {**dict.fromkeys(range(5), DAY), 5: {M: 4.0}}


def test_a_stage_is_reached_by_the_channels_whose_path_it_is_on_with_the_sample_of_the_rate() -> None:
    days = [date(2026, 8, 3 + n) for n in range(5)]
    some = [DayCount(unit=CODE, group=HT, day=day, received=15, online=6) for day in days]
    profile = learn_flows(some, calendars(CODE), {CODE: PROVINCE}, MODEL, date(2026, 8, 31))[CODE]

    found = {one.stage: one for one in stage_rates(profile, HT, 0)}

    paths = [MODEL.paths[HT, channel] for channel in Channel]
    assert set(found) == {stage for path in paths for stage in path}
    assert found[Stage.RECEIVE_DIRECT].ratio == pytest.approx(0.6)
    assert found[Stage.RECEIVE_DIRECT].per_hour.figure == pytest.approx(1.2)
    assert found[Stage.RECEIVE_ONLINE].per_hour.figure == pytest.approx(0.8)
    assert found[Stage.PROCESS].per_hour.figure == pytest.approx(2)
    (usual,) = [one.value for one in found[Stage.SIGN].per_hour.inputs if one.name == "usual"]
    assert usual == profile.usual(HT, 0)
