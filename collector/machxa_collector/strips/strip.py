"""Say in one word how a site saw a system in an hour, and count the sites by it. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from machxa_collector.incidents.hours import HOUR_MS

WELL, SLOW, BAD = range(3)  # the words, each one byte
_PART = 4  # a quarter of an hour's results is an hour's word: one failed try in twelve is none


class Cell(NamedTuple):
    """Hold how many sites were watched in an hour, and how many of them saw a system well, slow, or hung or failing.

    The others could not tell: nobody was on, or the site's own line was cut.
    """

    watched: int
    well: int
    slow: int
    bad: int


class Known(NamedTuple):
    """Hold one hour of one system: its units in their order, and a word for each."""

    version: int
    units: tuple[str, ...]
    words: bytes


def words_of(well: Sequence[int], slow: Sequence[int], bad: Sequence[int]) -> bytes:
    """Return each site's word from its counts of results: the gravest that a quarter of them says."""
    return bytes(_word(*counts) for counts in zip(well, slow, bad, strict=True))


def _word(well: int, slow: int, bad: int) -> int:
    least = (well + slow + bad) / _PART
    if bad and bad >= least:
        return BAD
    return SLOW if slow + bad >= least and slow + bad else WELL


def counted(known: Known, places: Iterable[int] | None, watched: int) -> Cell:
    """Return a cell of the sites at some places of the units, None: of all; watched is at least those that told."""
    words = known.words if places is None else bytes(known.words[place] for place in places)
    well, slow, bad = (words.count(word) for word in (WELL, SLOW, BAD))
    return Cell(max(watched, len(words)), well, slow, bad)


def watched_by(since: Collection[int], hours: range) -> list[int]:
    """Return at how many sites somebody watched in each hour; since holds when each began (ms since 1970 UTC)."""
    moments = sorted(since)
    return [bisect_right(moments, (hour + 1) * HOUR_MS - 1) for hour in hours]
