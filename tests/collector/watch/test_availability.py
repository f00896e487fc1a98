"""Availability is time: what was service, what was announced, what was down, and what nobody knows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.watch.availability import Change, Count, Share, counted, share, together

HOUR = 3_600_000
DAY = (0, 24 * HOUR)
SESSIONS = ((7 * HOUR, 11 * HOUR), (13 * HOUR, 17 * HOUR))


def hours(*changes: tuple[float, str]) -> list[Change]:
    return [Change(at=int(at * HOUR), state=state) for at, state in changes]


def test_only_service_hours_count_and_what_was_announced_stands_apart() -> None:
    changes = hours((-5, "ok"), (10, "down"), (14, "ok"), (16, "slow"))

    found = share(changes, DAY, SESSIONS, [(13 * HOUR, 13 * HOUR + HOUR // 2)])

    assert found == Share(
        service_ms=int(7.5 * HOUR), maintenance_ms=HOUR // 2, up_ms=5 * HOUR, degraded_ms=HOUR,
        down_ms=int(1.5 * HOUR), outages=1, longest_ms=int(1.5 * HOUR),
    )  # fmt: skip
    assert found.available_ratio == 0.8
    assert found.known_ratio == 1.0


def test_a_night_without_power_costs_nothing() -> None:
    found = share(hours((0, "ok"), (18, "dark"), (23, "ok")), DAY, SESSIONS)

    assert (found.down_ms, found.outages, found.available_ratio) == (0, 0, 1.0)


def test_what_nobody_knows_is_neither_for_nor_against() -> None:
    found = share(hours((9, "ok"), (10, "portal"), (14, "down"), (15, "ok")), DAY, SESSIONS)

    assert (found.unknown_ms, found.down_ms, found.up_ms) == (4 * HOUR, HOUR, 3 * HOUR)
    assert found.available_ratio == 0.75
    assert found.known_ratio == 0.5
    assert share([], DAY, SESSIONS).available_ratio is None
    assert share([], DAY, []).known_ratio is None


def test_one_that_is_off_on_purpose_was_asked_for_nothing() -> None:
    found = share(hours((0, "ok"), (9, "off"), (13, "asleep"), (15, "ok")), DAY, SESSIONS)

    assert (found.off_ms, found.available_ratio) == (4 * HOUR, 1.0)


def test_failing_in_one_way_after_another_is_one_outage() -> None:
    found = share(hours((0, "ok"), (8, "down"), (8.5, "hang"), (9, "ok"), (14, "error"), (14.25, "ok")), DAY, SESSIONS)

    assert (found.outages, found.longest_ms, found.down_ms) == (2, HOUR, int(1.25 * HOUR))


def test_sites_are_added_up() -> None:
    well, ill = share(hours((0, "ok")), DAY, SESSIONS), share(hours((0, "ok"), (9, "down")), DAY, SESSIONS)

    found = together([well, ill])

    assert (found.service_ms, found.down_ms, found.outages, found.longest_ms) == (16 * HOUR, 6 * HOUR, 1, 6 * HOUR)
    assert found.available_ratio == 10 / 16
    assert together([]) == Share()


def test_a_word_of_nobodys_is_unknown() -> None:
    assert [counted(one) for one in ("ok", "no such word", "unknown")] == [Count.UP, Count.UNKNOWN, Count.UNKNOWN]


SPELLS = st.lists(
    st.tuples(st.integers(-50, 150), st.integers(1, 40)).map(lambda one: (one[0], one[0] + one[1])), max_size=6
)
STATES = st.sampled_from(["ok", "slow", "down", "hang", "unknown", "off"])
CHANGES = st.lists(st.builds(lambda at, state: Change(at=at, state=state), st.integers(-50, 150), STATES), max_size=10)


@given(CHANGES, SPELLS, SPELLS)
def test_every_moment_of_service_is_counted_once(
    changes: list[Change], service: list[tuple[int, int]], maintenance: list[tuple[int, int]]
) -> None:
    found = share(changes, (0, 100), service, maintenance)

    moments = [at for at in range(100) if any(start <= at < end for start, end in service)]
    wanted = [at for at in moments if not any(start <= at < end for start, end in maintenance)]
    assert (found.service_ms, found.maintenance_ms) == (len(wanted), len(moments) - len(wanted))
    assert found.up_ms + found.degraded_ms + found.down_ms + found.unknown_ms + found.off_ms == found.service_ms
    assert found.longest_ms <= found.down_ms
    assert (found.outages == 0) == (found.down_ms == 0)
