"""Match what one commune has too many of with what another lacks, before anything is bought. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from machxa_collector.planning.facts import Commune
from machxa_collector.planning.words import Item

_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spare:
    """Hold an asset that its unit has beyond the norm, and that is good enough to give away."""

    asset: str
    unit: str
    item: Item
    points: float  # of the score: the best is matched first


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Hold one asset's way; km is None where a place is not known, saves_vnd where no price is approved."""

    asset: str
    item: Item
    giver: str
    taker: str
    km: float | None
    saves_vnd: int | None
    rule: str = "F15.transfer"


def match(
    spares: Sequence[Spare],
    lacking: Mapping[tuple[str, Item], int],
    communes: Mapping[str, Commune],
    prices: Mapping[Item, int],
    capability: frozenset[tuple[str, Item]] = frozenset(),
) -> tuple[Transfer, ...]:
    """Return transfers inside a province: who has none that works first, then who lacks most; the nearest gives.

    capability: the units that cannot do a stage at all for want of a class.
    """
    by_place: dict[tuple[str, Item], list[Spare]] = {}
    for spare in sorted(spares, key=lambda one: (one.points, one.asset)):
        by_place.setdefault((communes[spare.unit].province, spare.item), []).append(spare)
    order = sorted(lacking.items(), key=lambda one: (one[0] not in capability, -one[1], one[0][0], one[0][1].value))
    found = []
    for (unit, item), number in order:
        there = by_place.get((communes[unit].province, item), [])
        for _ in range(min(number, len(there))):
            nearest = min(there, key=lambda one: (_far(communes[one.unit], communes[unit]), one.points, one.asset))
            there.remove(nearest)
            km = distance_km(communes[nearest.unit], communes[unit])
            found.append(
                Transfer(
                    asset=nearest.asset,
                    item=item,
                    giver=nearest.unit,
                    taker=unit,
                    km=km,
                    saves_vnd=prices.get(item),
                )
            )
    return tuple(found)


def distance_km(one: Commune, other: Commune) -> float | None:
    """Return the great circle between two units' centroids."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north, south = radians(one.latitude), radians(other.latitude)
    half = sin((south - north) / 2) ** 2
    half += cos(north) * cos(south) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, half)))


def _far(one: Commune, other: Commune) -> float:
    found = distance_km(one, other)
    return float("inf") if found is None else found
