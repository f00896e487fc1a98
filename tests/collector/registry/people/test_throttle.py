from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.registry.people.throttle import MOST_KEYS, Buckets, Throttle

MINUTE = 60_000


def guess(throttle: Throttle, key: str, now_ms: int, *, wrong: bool = True) -> int:
    """Try once and return how long the key has to wait instead, 0 when it need not."""
    wait = throttle.enter(key, now_ms)
    if not wait:
        throttle.leave(key, now_ms, wrong=wrong)
    return wait


def test_four_wrong_tries_a_minute_cost_nothing() -> None:
    throttle = Throttle(5)

    assert [guess(throttle, "lan", minute * MINUTE + turn) for minute in range(9) for turn in range(4)] == [0] * 36


def test_the_fifth_wrong_try_makes_a_wait_that_doubles() -> None:
    throttle = Throttle(5)
    now, waits = 0, []

    for _ in range(6):
        for _ in range(5):
            guess(throttle, "lan", now)
        waits.append(guess(throttle, "lan", now) // MINUTE)
        now += waits[-1] * MINUTE

    assert waits == [1, 2, 4, 8, 15, 15]


def test_an_hour_of_peace_forgives() -> None:
    throttle = Throttle(5)
    for _ in range(5):
        guess(throttle, "lan", 0)
    for _ in range(5):
        guess(throttle, "lan", 2 * 60 * MINUTE)

    assert guess(throttle, "lan", 2 * 60 * MINUTE) == MINUTE


def test_a_wait_does_not_grow_while_it_lasts() -> None:
    throttle = Throttle(5)
    for _ in range(500):
        guess(throttle, "lan", 0)

    assert guess(throttle, "lan", MINUTE) == 0


def test_tries_under_way_count_too() -> None:
    throttle = Throttle(5)

    assert [throttle.enter("lan", 0) > 0 for _ in range(6)] == [False] * 5 + [True]


def test_a_clock_put_back_locks_nobody_out() -> None:
    throttle = Throttle(5)
    for _ in range(5):
        guess(throttle, "lan", 3 * 365 * 86_400_000)

    assert guess(throttle, "lan", 0) == 0


def test_one_key_s_guesses_are_not_another_s() -> None:
    throttle = Throttle(5)
    for _ in range(5):
        guess(throttle, "lan", 0)

    assert guess(throttle, "minh", 0) == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-MINUTE, 40 * MINUTE), st.booleans()), max_size=80))
def test_nobody_ever_waits_longer_than_a_quarter_of_an_hour(tries: list[tuple[int, int, bool]]) -> None:
    throttle, now = Throttle(5), 0

    for key, passed, wrong in tries:
        now += passed
        assert 0 <= guess(throttle, str(key), now, wrong=wrong) <= 15 * MINUTE

    assert all(guess(throttle, str(key), now + 15 * MINUTE) == 0 for key in range(4))


def test_memory_is_bounded() -> None:
    throttle, buckets = Throttle(5), Buckets(1, 1)

    for number in range(MOST_KEYS + 10):
        guess(throttle, str(number), 0)
        buckets.wait_ms(str(number), 0)

    assert (len(throttle._tries), len(buckets._kept)) == (MOST_KEYS, MOST_KEYS)


@given(st.lists(st.integers(0, 500), max_size=200))
def test_a_bucket_lets_through_what_it_says_and_no_more(gaps: list[int]) -> None:
    buckets, now, through = Buckets(10, 20), 0, 0

    for gap in gaps:
        now += gap
        through += buckets.wait_ms("lan", now) == 0

    assert through <= 20 + now * 10 / 1000


def test_who_waits_as_told_is_heard() -> None:
    buckets = Buckets(10, 1)
    buckets.wait_ms("lan", 0)

    wait = buckets.wait_ms("lan", 0)

    assert (wait, buckets.wait_ms("lan", wait)) == (100, 0)
