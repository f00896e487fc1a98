"""Hold the window to go-back-N: nothing skipped, nothing taken for acknowledged, never more under way than allowed."""

from __future__ import annotations

from machxa_agent.window import RESEND_MOST_SECONDS, Room, Window
from machxa_wire.limits import WINDOW_BYTES, WINDOW_RECORDS


def make(acknowledged: int = 0, random: float = 0.5) -> Window:
    window = Window(lambda: random, acknowledged)
    window.connected(0.0)
    return window


def send(window: Window, *seqs: int, now: float = 0.0, size: int = 100) -> None:
    for seq in seqs:
        window.sent(seq, size, now)


def test_nothing_goes_before_a_connection() -> None:
    assert Window(lambda: 0.5).room(1, 0.0) is None


def test_a_new_window_is_empty() -> None:
    assert make(7).room(1, 0.0) == Room(7, WINDOW_RECORDS, WINDOW_BYTES)


def test_an_event_goes_at_once_beside_a_batch_under_way() -> None:
    window = make()
    send(window, 1)

    assert window.room(2, 1.0) == Room(1, WINDOW_RECORDS - 1, WINDOW_BYTES - 100)


def test_a_full_window_waits() -> None:
    window = make()
    send(window, *range(1, WINDOW_RECORDS + 1))

    assert window.room(WINDOW_RECORDS, 1.0) is None


def test_a_window_full_of_bytes_waits() -> None:
    window = make()
    send(window, 1, size=WINDOW_BYTES)

    assert window.room(2, 1.0) is None


def test_an_acknowledgement_makes_room() -> None:
    window = make()
    send(window, 1, 2)

    window.acknowledged(1, 1.0)

    assert window.in_flight == 1
    assert window.room(1, 1.0) == Room(2, WINDOW_RECORDS - 1, WINDOW_BYTES - 100)


def test_without_progress_everything_goes_again_after_thirty_seconds() -> None:
    window = make()
    send(window, 1, 2)

    assert window.due(0.0) == 30.0
    assert window.room(2, 29.9) == Room(2, WINDOW_RECORDS - 2, WINDOW_BYTES - 200)
    assert window.room(2, 30.0) == Room(0, WINDOW_RECORDS, WINDOW_BYTES)
    assert window.timeouts == 1


def test_the_wait_doubles_to_ten_minutes_and_is_short_again_after_progress() -> None:
    window = make()
    now, waits = 0.0, []
    for _ in range(7):
        send(window, 1, 2, now=now)
        due = window.due(now)
        assert due is not None
        waits.append(due - now)
        now = due
        window.expire(now)
    send(window, 1, 2, now=now)
    window.acknowledged(1, now)

    assert waits == [30.0, 60.0, 120.0, 240.0, 480.0, 600.0, 600.0]
    assert window.due(now) == now + 30.0
    assert window.timeouts == 0


def test_progress_puts_the_time_out_off() -> None:
    window = make()
    send(window, 1, 2)

    window.acknowledged(1, 20.0)

    assert window.due(20.0) == 50.0


def test_a_draining_backlog_uses_half_the_line() -> None:
    window = make()
    assert window.room(100, 0.0) is not None
    send(window, *range(1, 21))

    window.acknowledged(10, 2.0)
    assert window.room(90, 2.0) is None
    window.acknowledged(20, 4.0)

    assert window.room(80, 4.0) is None
    assert window.due(4.0) == 8.0
    assert window.room(80, 8.0) == Room(20, WINDOW_RECORDS, WINDOW_BYTES)


def test_a_reconnect_sends_everything_unacknowledged_again() -> None:
    window = make()
    send(window, 1, 2, 3)
    window.acknowledged(1, 1.0)

    window.disconnected()
    window.connected(2.0)

    assert window.room(2, 2.0) == Room(1, WINDOW_RECORDS, WINDOW_BYTES)


def test_another_instance_of_the_centre_is_told_everything_after_a_random_spread() -> None:
    window = make()
    window.centre_is_up("one", 0, 0.0)
    send(window, 1)

    assert window.centre_is_up("two", 60, 1.0)

    assert window.room(1, 30.9) is None
    assert window.due(1.0) == 31.0
    assert window.room(1, 31.0) == Room(0, WINDOW_RECORDS, WINDOW_BYTES)


def test_the_same_instance_changes_nothing() -> None:
    window = make()
    window.centre_is_up("one", 60, 0.0)
    send(window, 1)

    assert not window.centre_is_up("one", 60, 1.0)
    assert window.in_flight == 1


def test_the_same_instance_again_has_what_is_long_unanswered_sent_again_but_never_later_than_the_timer() -> None:
    soon, late = make(), make()
    for window, spread in ((soon, 10), (late, 600)):
        window.centre_is_up("one", spread, 0.0)
        send(window, 1)
        assert not window.centre_is_up("one", spread, 6.0)

    assert soon.room(1, 10.9) is None
    assert soon.room(1, 11.0) == Room(0, WINDOW_RECORDS, WINDOW_BYTES)
    assert late.room(1, 29.9) is None
    assert late.room(1, 30.0) == Room(0, WINDOW_RECORDS, WINDOW_BYTES)


def test_the_spread_is_kept_for_the_next_connection() -> None:
    window = make()
    window.centre_is_up("one", 60, 0.0)

    window.connected(100.0)

    assert window.room(1, 129.0) is None
    assert window.room(1, 130.0) is not None


def test_a_broker_that_left_everybody_is_come_back_to_within_the_spread_and_records_go_at_once() -> None:
    window = Window(lambda: 0.5)
    window.connected(0.0)
    assert window.spread() == 0.0

    window.centre_is_up("one", 60.0, 0.0)
    waited = window.spread()
    window.disconnected()
    window.connected(waited)

    assert waited == 30.0
    assert window.room(1, waited) == Room(0, WINDOW_RECORDS, WINDOW_BYTES)
    window.connected(100.0)
    assert window.room(1, 100.0) is None


def test_nobody_listening_waits_for_the_centre_or_the_timer() -> None:
    window = make()
    window.centre_is_up("one", 0, 0.0)
    send(window, 1)

    window.nobody_listens(1.0)

    assert window.room(1, 30.0) is None
    window.centre_is_up("one", 0, 30.0)
    assert window.room(1, 30.0) == Room(0, WINDOW_RECORDS, WINDOW_BYTES)


def test_a_centre_that_says_good_bye_is_waited_for_a_bounded_time() -> None:
    window = make()

    for now in range(0, 600, 10):
        window.centre_is_down(float(now))

    assert window.room(1, RESEND_MOST_SECONDS - 1) is None
    assert window.room(1, RESEND_MOST_SECONDS) is not None


def test_presences_without_end_cannot_hold_records_back_for_ever() -> None:
    window = make(random=1.0)

    for now in range(600):
        window.centre_is_up(f"forged-{now}", 3600, float(now))

    assert window.room(1, 601.0) is not None


def test_an_acknowledgement_beyond_what_was_sent_moves_on() -> None:
    window = make()

    window.acknowledged(9, 0.0)

    assert window.room(1, 0.0) == Room(9, WINDOW_RECORDS, WINDOW_BYTES)


def test_what_the_collector_lost_goes_again() -> None:
    window = make(50)

    window.restart(20)

    assert window.room(30, 0.0) == Room(20, WINDOW_RECORDS, WINDOW_BYTES)
