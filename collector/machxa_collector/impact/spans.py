"""Join, cut and subtract spans of time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from machxa_collector.impact.words import Span

Spans = tuple[Span, ...]  # in order and apart


def union(spans: Iterable[Span]) -> Spans:
    """Return the moments that lie in any span, each once."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if span.start == span.end:
            continue
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def subtract(spans: Iterable[Span], holes: Iterable[Span]) -> Spans:
    """Return the moments of spans that lie in no hole."""
    left = list(union(spans))
    for hole in union(holes):
        left = [part for span in left for part in _without(span, hole)]
    return tuple(left)


def within(spans: Iterable[Span], bounds: Span) -> Spans:
    """Return the moments of spans that lie inside bounds."""
    return union(
        Span(start=max(span.start, bounds.start), end=min(span.end, bounds.end))
        for span in spans
        if span.start < bounds.end and bounds.start < span.end
    )


def _without(span: Span, hole: Span) -> list[Span]:
    parts: list[tuple[datetime, datetime]] = [
        (span.start, min(span.end, hole.start)),
        (max(span.start, hole.end), span.end),
    ]
    return [Span(start=start, end=end) for start, end in parts if start < end]
