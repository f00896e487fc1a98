"""Grade a unit by its outdated computers, and by how much of its lateness comes from infrastructure. Pure.

What is not known widens a share to an interval. A grade is told where it surely holds: MIDDLE and HIGH by the lower
end, LOW by the upper; between them nothing is told.
"""

from __future__ import annotations

from collections.abc import Iterable

from machxa_collector.duty.board import Grade
from machxa_collector.impact.overdue import Explanation
from machxa_collector.planning.figure import Figure

_OLD_MIDDLE, _OLD_HIGH = 0.2, 0.5  # of the computers
_LATE_MIDDLE, _LATE_HIGH = 0.25, 0.5  # of the late hours


def old_grade(scores: Iterable[Figure], outdated_from: float) -> Grade:
    """Return the grade of the share of computers whose outdated score (F12) reaches the band of planning.

    A score whose interval lies on both sides of outdated_from may be either.
    """
    every = list(scores)
    surely = sum((one.low or 0.0) >= outdated_from for one in every)
    perhaps = sum(one.high is None or one.high >= outdated_from for one in every)
    if not every:
        return Grade.UNKNOWN
    return _grade(surely / len(every), perhaps / len(every), _OLD_MIDDLE, _OLD_HIGH)


def late_grade(late: Iterable[Explanation], ended: int, *, is_whole: bool) -> Grade:
    """Return the grade of the share of late hours that outages took or left a queue (K1 of F7).

    Hours without evidence (K5: nobody watched) may be infrastructure's too. ended: how many dossiers ended in the time;
    with none of them, and none late, nothing is known. is_whole: all late ones are among them.
    """
    every = list(late)
    if not every:
        return Grade.NONE if ended else Grade.UNKNOWN
    hours = taken = unclear = 0.0
    for one in every:
        parts = (one.late.figure, one.k1_direct.figure, one.k1_queue.figure, one.k5_no_evidence.figure)
        whole, direct, queue, unseen = parts
        if whole is None or direct is None or queue is None or unseen is None:
            return Grade.UNKNOWN
        hours, taken, unclear = hours + whole, taken + direct + queue, unclear + unseen
    if not is_whole or hours <= 0:
        return Grade.UNKNOWN
    return _grade(taken / hours, min(1.0, (taken + unclear) / hours), _LATE_MIDDLE, _LATE_HIGH)


def _grade(least: float, most: float, middle: float, high: float) -> Grade:
    if least >= middle:
        return Grade.HIGH if least >= high else Grade.MIDDLE  # of MIDDLE it may be more
    return Grade.LOW if most < middle else Grade.UNKNOWN
