"""Cut for each further source the chain of steps where its money ends: what it pays up to there. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations

from machxa_collector.planning.bundles import Choices
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.hull import Step
from machxa_collector.planning.needs import Line

Masks = Sequence[Sequence[int]]  # of each unit's lines, in the chain's order, which further sources may pay it


@dataclass(slots=True)
class Cover:
    """Hold of a unit: each further source's cut, and which of them pays which line, by the line's id."""

    cuts: list[int]
    payers: dict[str, int] = field(default_factory=dict)


def masks_of(units: Sequence[Choices], ceilings: Ceilings) -> Masks:
    """Return which further sources may pay each unit's lines."""
    return [[ceilings.mask(line) for line in unit.bundles[-1].lines] for unit in units]


def orders(masks: Masks, sources: int) -> Iterator[tuple[int, ...]]:
    """Yield in which orders sources are asked: the narrower first; every order where two overlap in part."""
    known = [bits for each in masks for bits in each]
    kinds = set(known)
    counts = [sum(bits >> at & 1 for bits in known) for at in range(sources)]
    sets = [{bits for bits in kinds if bits >> at & 1} for at in range(sources)]
    if all(not one & other or one <= other or other <= one for one in sets for other in sets):
        yield tuple(sorted(range(sources), key=lambda at: (counts[at], at)))
    else:
        yield from permutations(range(sources))


def cover(
    units: Sequence[Choices], steps: Sequence[Step], masks: Masks, ceilings: Ceilings, order: Sequence[int]
) -> list[Cover]:
    """Return what each further source pays: step by step all it may, as far as its ceiling goes.

    Of the first step that does not fit it pays the lines that do, which matters where somebody pays the others. What
    one source pays depends on those asked before alone, so that more money in any only widens what is paid.
    """
    found = [Cover([0] * len(ceilings.further)) for _ in units]
    for source in order:
        left = ceilings.further[source].vnd
        for at, before, after in steps:
            mine = _mine(units[at], masks[at], found[at], source, before, after)
            asked = sum(line.vnd or 0 for line in mine)
            if asked > left:
                for line in mine:
                    if (line.vnd or 0) > left:
                        break
                    left -= line.vnd or 0
                    found[at].payers[line.id] = source
                break
            left -= asked
            found[at].cuts[source] = after
            found[at].payers |= {line.id: source for line in mine}
    return found


def _mine(unit: Choices, masks: Sequence[int], covered: Cover, source: int, before: int, after: int) -> list[Line]:
    first, lines = len(unit.bundles[before].lines), unit.bundles[after].lines
    return [
        line
        for line, bits in zip(lines[first:], masks[first:], strict=False)
        if bits >> source & 1 and line.id not in covered.payers
    ]
