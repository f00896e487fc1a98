"""Hold what one unit gets of a plan, and who pays each line. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.mixed import Bundle


class Unsolved(RuntimeError):
    """Say that the solver found no proven plan in its time; the greedy plan stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Hold what one unit gets; own: the ids of the lines its own money pays; further: which pay others, by line.

    The first shared source pays the rest; shared_vnd is what all shared ones pay.
    """

    unit: str
    bundle: Bundle
    own: frozenset[str]
    own_vnd: int
    shared_vnd: int
    further: Mapping[str, int] = field(default_factory=dict)

    def payer(self, line: str) -> int | None:
        """Return which shared source pays a line that is bought: 0 the first; None: own money does."""
        return None if line in self.own else self.further.get(line, -1) + 1


def chosen(unit: str, bundle: Bundle, own: frozenset[str], payers: Mapping[str, int]) -> Chosen:
    """Return what a unit gets with who pays: own money, else the further source that payers names, else the first."""
    own_vnd = sum(line.vnd or 0 for line in bundle.lines if line.id in own)
    further = {line.id: payers[line.id] for line in bundle.lines if line.id in payers and line.id not in own}
    return Chosen(unit=unit, bundle=bundle, own=own, own_vnd=own_vnd, shared_vnd=bundle.vnd - own_vnd, further=further)


def by_source(chosen_: Sequence[Chosen], ceilings: Ceilings) -> tuple[int, ...]:
    """Return what each shared source pays, the first one first."""
    paid = [0] * (len(ceilings.further) + 1)
    for one in chosen_:
        paid[0] += one.shared_vnd
        for line in one.bundle.lines if one.further else ():
            if line.id in one.further:
                paid[one.further[line.id] + 1] += line.vnd or 0
                paid[0] -= line.vnd or 0
    return tuple(paid)
