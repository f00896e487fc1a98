"""Reckon with stretches of time: tuples of (start, end) in milliseconds, in order and apart. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

Span = tuple[int, int]
Spans = tuple[Span, ...]


def union(*parts: Iterable[Span]) -> Spans:
    """Return when any of them holds."""
    joined: list[Span] = []
    for start, end in sorted(span for part in parts for span in part if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def minus(spans: Spans, holes: Spans) -> Spans:
    """Return when the first holds and the second does not."""
    left: list[Span] = []
    for start, end in spans:
        at = start
        for first, last in holes[max(0, bisect_right(holes, (at, 0)) - 1) :]:
            if first >= end:
                break
            if last <= at:
                continue
            if first > at:
                left.append((at, first))
            at = last
        if at < end:
            left.append((at, end))
    return tuple(left)


def both(one: Spans, other: Spans) -> Spans:
    """Return when both hold."""
    if not one or not other:
        return ()
    return minus(one, minus(((min(one[0][0], other[0][0]), max(one[-1][1], other[-1][1])),), other))


def covers(spans: Spans, moment: int) -> bool:
    """Tell whether a moment lies in one of them; an end is not part."""
    at = bisect_right(spans, (moment, 2**62)) - 1
    return at >= 0 and moment < spans[at][1]


def edges(spans: Spans, start: int, end: int) -> tuple[tuple[int, bool], ...]:
    """Return each change within start to end, the state at the start first."""
    found = [(start, covers(spans, start))]
    for first, last in spans:
        if start < first < end:
            found.append((first, True))
        if start < last < end:
            found.append((last, False))
    return tuple(found)
