"""The books of a stream: nothing counted twice, nothing forgotten, holes known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.intake.ledger import MAX_LOST, MAX_SPANS, StreamLedger, Verdict


def test_numbers_in_order_only_move_the_mark() -> None:
    ledger = StreamLedger()

    verdicts = [ledger.offer(seq) for seq in (1, 2, 3)]

    assert verdicts == [Verdict.NEW] * 3
    assert ledger == StreamLedger(contiguous=3, highest=3, received=3)


def test_a_number_offered_again_is_a_duplicate_below_and_beyond_the_mark() -> None:
    ledger = StreamLedger()
    for seq in (1, 4):
        ledger.offer(seq)

    assert [ledger.offer(seq) for seq in (1, 4)] == [Verdict.DUPLICATE] * 2
    assert ledger.duplicates == 2
    assert ledger.missing(1, 5) == [(2, 3), (5, 5)]


def test_a_filled_hole_moves_the_mark_over_what_came_ahead() -> None:
    ledger = StreamLedger()
    for seq in (2, 3, 1):
        ledger.offer(seq)

    assert (ledger.contiguous, ledger.ahead) == (3, [])


def test_declared_numbers_are_passed_and_told_apart_from_received_ones() -> None:
    ledger = StreamLedger()
    for seq in (1, 3, 6):
        ledger.offer(seq)

    assert ledger.declare(2, 5) == 3
    assert (ledger.contiguous, ledger.received, ledger.declared) == (6, 3, 3)
    assert ledger.lost == [(2, 2), (4, 5)]


def test_a_gap_declared_twice_counts_once() -> None:
    ledger = StreamLedger()
    ledger.declare(1, 3)

    assert ledger.declare(1, 3) == 0
    assert ledger.declared == 3


def test_a_number_that_would_make_too_many_holes_waits_for_the_resend() -> None:
    ledger = StreamLedger()
    for span in range(MAX_SPANS):
        ledger.offer(3 + 2 * span)

    assert ledger.offer(10_000) is Verdict.TOO_FAR
    assert ledger.offer(4) is Verdict.NEW
    assert ledger.received == MAX_SPANS + 1


def test_a_loss_that_would_make_too_many_holes_has_no_room_unless_it_closes_some() -> None:
    ledger = StreamLedger()
    for span in range(MAX_SPANS):
        ledger.offer(3 + 2 * span)

    assert not ledger.has_room(10_000, 10_001)
    assert ledger.has_room(4, 4)
    assert ledger.has_room(1, 10_001)


def test_neighbouring_losses_are_one_and_of_very_many_the_newest_are_named() -> None:
    ledger = StreamLedger()
    for first in (1, 3):
        ledger.declare(first, first + 1)
    assert ledger.lost == [(1, 4)]

    for seq in range(MAX_LOST + 10):
        ledger.offer(5 + 2 * seq)
        ledger.declare(6 + 2 * seq, 6 + 2 * seq)

    assert len(ledger.lost) == MAX_LOST
    assert ledger.declared == MAX_LOST + 14


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 30), st.integers(0, 5)), max_size=60))
def test_the_books_agree_with_plain_sets(steps: list[tuple[bool, int, int]]) -> None:
    ledger, received, lost = StreamLedger(), set[int](), set[int]()
    for is_gap, first, more in steps:
        if is_gap:
            missing = set(range(first, first + more + 1)) - received - lost
            assert ledger.declare(first, first + more) == len(missing)
            lost |= missing
        else:
            verdict = ledger.offer(first)
            assert (verdict is Verdict.DUPLICATE) == (first in received | lost)
            received |= {first} - lost

    covered = received | lost
    assert [seq for seq in range(1, 40) if ledger.covers(seq)] == sorted(covered)
    assert ledger.contiguous == next(seq for seq in range(100) if seq + 1 not in covered)
    assert (ledger.received, ledger.declared) == (len(received), len(lost))
    assert {seq for first, last in ledger.lost for seq in range(first, last + 1)} == lost
