"""Say which way out an agent takes, and when it changes over. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from machxa_fleet.drill.place import PATHS, Pc, Place
from machxa_fleet.drill.said import SaidEvent
from machxa_fleet.drill.spans import Spans, edges, minus

CHANGEOVER_MS = 25_000  # its connection breaks, and it tries the other way


def changeovers(place: Place) -> Spans:
    """Return when connections are broken because the way changes: internet to the state's own line, and back."""
    if len(place.paths) == 1:
        return ()
    alone = minus(place.closed[PATHS[0]], place.closed[PATHS[1]])
    return tuple((start, start + CHANGEOVER_MS) for start, _ in alone)


def path_events(pc: Pc, place: Place, begin: int) -> Iterator[SaidEvent]:
    """Yield which way each run of an agent takes, at each change."""
    if len(place.paths) == 1:
        return
    alone = minus(place.closed[PATHS[0]], place.closed[PATHS[1]])
    was: str | None = None
    for life in pc.lives:
        for moment, by_other in edges(alone, max(begin, life.start), life.end):
            word = PATHS[1] if by_other else PATHS[0]
            if word != was:
                made = moment + CHANGEOVER_MS
                if made < life.end:
                    yield SaidEvent(made, moment, life, "machxa.path", {"path": word, "was": was})
                    was = word
