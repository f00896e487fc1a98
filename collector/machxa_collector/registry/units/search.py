"""Find units by what people type: without marks, words in any order, the last one unfinished, old names and codes.

A name is found if every word typed stands in it, in its type, in its unit's code or in the places the unit lies or lay
in. A type in front ("xã Hòa Minh") may be the wrong one, since people remember the name and not what became of it.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from machxa_collector.registry.units.fold import spelled, words
from machxa_collector.registry.units.labels import TYPE_WORDS, Index, Label
from machxa_collector.registry.units.values import Unit

MOST_FOUND = 100
MOST_CHARACTERS = 100  # of a query; what stands behind is not read
MOST_WORDS = 10
MOST_RANKED = 1_000  # names one query looks at closely; a query that fits more is not finished yet

_FARTHEST = 4
_TYPE_PHRASES = frozenset(phrase for phrases in TYPE_WORDS.values() for phrase in phrases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Give a unit that was asked for, its province since names repeat, and the old name that matched if one did."""

    unit: Unit
    province: Unit | None
    old_name: str | None


def search(index: Index, query: str, on: date, limit: int = 20) -> tuple[Found, ...]:
    """Return the units in force on a day that the query may mean, the likeliest first, at most limit and MOST_FOUND.

    A query without a letter or digit finds nothing. Whole names and codes come before beginnings, these before names
    with the words elsewhere, these before units found by the places around them; a wrong type in front costs one such
    step. Among equals come first the names spelled with the marks typed, today's names, provinces, the dictionary.
    """
    read = query[:MOST_CHARACTERS]
    asked = words(read)[:MOST_WORDS]
    marked = frozenset(spelled(read)[:MOST_WORDS]).difference(asked)
    if not asked:
        return ()
    untyped = _untyped(asked)
    ending = _begun(index, index.having, asked[-1])
    fitting = _having(index, ending, asked[:-1])
    wide = _having(index, ending, untyped[:-1]) if untyped else fitting
    best: dict[str, tuple[tuple[int, ...], Label, Unit]] = {}
    for number in _promising(index, asked, wide):
        label = index.labels[number]
        unit = index.units.unit(label.code, on)
        if unit is None:
            continue
        closeness = _closeness(label, asked) if number in fitting else _FARTHEST
        if untyped and closeness:
            is_other_type = not label.type_words.issuperset(asked[: -len(untyped)])
            closeness = min(closeness, _closeness(label, untyped) + is_other_type)
        misspelt = len(marked.difference(label.spelling)) if marked else 0
        rank = (closeness, number not in fitting, misspelt, unit not in label.rows, number)
        if label.code not in best or rank < best[label.code][0]:
            best[label.code] = (rank, label, unit)
    nearest = heapq.nsmallest(min(limit, MOST_FOUND), best.values(), key=lambda each: each[0])
    return tuple(
        Found(
            unit=unit,
            province=index.units.province(unit.code, on),
            old_name=None if unit in label.rows else label.text,
        )
        for _, label, unit in nearest
    )


def _untyped(asked: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words behind a type in front of them; empty if there is none or nothing behind it."""
    return next((asked[length:] for length in (2, 1) if asked[:length] in _TYPE_PHRASES), ())


def _having(index: Index, labels: frozenset[int], whole: tuple[str, ...]) -> frozenset[int]:
    """Return those labels that have every one of these words."""
    return labels.intersection(*(index.having.get(word, ()) for word in whole))


def _begun(index: Index, having: Mapping[str, array[int]], start: str) -> frozenset[int]:
    """Return the labels that have a word with this beginning."""
    return frozenset[int]().union(*(having.get(word, ()) for word in _beginning(index.alphabet, start)))


def _beginning(alphabet: tuple[str, ...], start: str) -> Iterator[str]:
    for place in range(bisect_left(alphabet, start), len(alphabet)):
        if not alphabet[place].startswith(start):
            return
        yield alphabet[place]


def _promising(index: Index, asked: tuple[str, ...], fitting: frozenset[int]) -> Collection[int]:
    """Return MOST_RANKED labels at most: whole names, then names that begin with a word asked for, then others."""
    if len(fitting) <= MOST_RANKED:
        return fitting
    whole = fitting.intersection((*index.named.get(asked, ()), *index.named.get(_untyped(asked), ())))
    leading = (index.leading.get(word, ()) for word in asked[:-1])
    first = fitting & _begun(index, index.leading, asked[-1]).union(*leading) - whole
    promising = [*whole, *sorted(first)]
    if len(promising) < MOST_RANKED:
        promising += heapq.nsmallest(MOST_RANKED - len(promising), fitting - first - whole)
    return promising[:MOST_RANKED]


def _closeness(label: Label, asked: tuple[str, ...]) -> int:
    """Return 0 for the whole name or code, 1 for its beginning, 2 for words inside it, 3 if more had to help."""
    name, (*whole, last) = label.name, asked
    if name == asked or last in label.short:
        return 0
    behind = len(whole)
    if behind < len(name) and name[behind].startswith(last) and name[:behind] == asked[:-1]:
        return 1
    is_inside = any(word.startswith(last) for word in name) and all(word in name for word in whole)
    return 2 if is_inside else 3
