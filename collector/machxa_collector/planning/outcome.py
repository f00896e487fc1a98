"""Hold a plan with all that was judged for it, and settle which line is paid by whom, or why not. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from machxa_collector.planning.budget import Plan
from machxa_collector.planning.bundles import Choices, Lock
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.needs import Judged, Line, UnitNeeds
from machxa_collector.planning.overrides import Overridden
from machxa_collector.planning.procurement import Package, Split, commodity_of, splits
from machxa_collector.planning.province import More, Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Hold a plan under ceilings; stamp names the versions of all it rests on."""

    name: str
    needs: Needs
    options: tuple[Choices, ...]
    ceilings: Ceilings
    plan: Plan
    more: More
    locks: Mapping[str, Lock]
    stamp: str
    overrides: tuple[Overridden, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Hold a line with its unit and asset; source: who pays, None where nobody does, and then why it is left out."""

    line: Line
    unit: UnitNeeds
    judged: Judged | None
    source: str | None
    left_out: str | None


def settled(outcome: Outcome) -> Iterator[Settled]:
    """Yield every line: what is paid, the floor first, then what is left out with the reason."""
    chosen = {one.unit: one for one in outcome.plan.chosen}
    payers: dict[int | None, str] = {at: one.name for at, one in enumerate(outcome.ceilings.shared())}
    payers[None] = outcome.ceilings.own_source
    found = []
    for unit in outcome.needs.units:
        bought = chosen[unit.commune.code]
        ids = {line.id for line in bought.bundle.lines}
        judged = {one.asset.id: one for one in unit.judged}
        for line in unit.lines:
            source, left_out = None, None
            if line.id in ids:
                source = payers[bought.payer(line.id)]
            else:
                lock = outcome.locks.get(line.id)
                left_out = line.refused or ("locked_out" if lock is not None and lock.way == "out" else "cut")
            asset = None if line.asset is None else judged.get(line.asset)
            found.append(Settled(line=line, unit=unit, judged=asset, source=source, left_out=left_out))
    found.sort(key=_order)
    yield from found


def waiting(needs: Needs) -> int:
    """Return how many units lack what no stage can do without, and may not buy it: no norm, no price."""
    return sum(any(line.priority == 1 and line.refused for line in unit.lines) for unit in needs.units)


def packages(outcome: Outcome) -> tuple[Package, ...]:
    """Return what is bought, one package for each owner, group of like things and source.

    All shared sources are one owner's: what they buy of like things apart may be a purchase that was cut.
    """
    sums: dict[tuple[str, str, str], int] = {}
    for one in settled(outcome):
        if one.source is not None:
            owner = one.line.unit if one.source == outcome.ceilings.own_source else outcome.ceilings.shared_source
            key = (owner, commodity_of(one.line.item, outcome.needs.basis.rules), one.source)
            sums[key] = sums.get(key, 0) + (one.line.vnd or 0)
    return tuple(
        Package(owner=owner, commodity=commodity, source=source, vnd=vnd)
        for (owner, commodity, source), vnd in sorted(sums.items())
    )


def split_flags(outcome: Outcome, others: tuple[Package, ...] = ()) -> tuple[Split, ...]:
    """Return purchases that were cut, together with what the owners bought or plan besides."""
    return splits((*packages(outcome), *others), outcome.needs.basis.rules, outcome.needs.basis.today)


def _order(one: Settled) -> tuple[bool, int, float, str, str]:
    points = 0.0 if one.judged is None else -(one.judged.scored.total.low or 0.0)
    return one.source is None, one.line.priority, points, one.line.unit, one.line.id


def override_of(outcome: Outcome, line: Line) -> Overridden | None:
    """Return by which decision a line stands as it does, None where none changed it."""
    if line.overridden is None:
        return None
    return next((one for one in outcome.overrides if one.override.line == line.overridden), None)
