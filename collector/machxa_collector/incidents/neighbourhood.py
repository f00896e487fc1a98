"""Tell which sites are neighbours, by their middles. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, hypot, inf, radians

from machxa_collector.incidents.fleet import Site

_NEAR_KM, _NEAREST = 15.0, 4
_KM_PER_DEGREE = 111.2


class Neighbourhood:
    """Know where sites lie; one without a place is nobody's neighbour."""

    def __init__(self, sites: tuple[Site, ...]) -> None:
        """Take the sites."""
        self._sites = {site.code: site for site in sites}

    def learn(self, sites: tuple[Site, ...]) -> None:
        """Take sites that are new or lie elsewhere."""
        self._sites |= {site.code: site for site in sites}

    def are_near(self, one: str, other: str, among: Sequence[str]) -> bool:
        """Tell whether two sites are neighbours: near, or among each other's nearest of some."""
        apart = self._km(one, other)
        if apart <= _NEAR_KM:
            return True
        return apart < inf and any(
            sum(self._km(middle, unit) < apart for unit in among if unit != middle) < _NEAREST
            for middle in (one, other)
        )

    def is_around(self, unit: str, cluster: Iterable[str]) -> bool:
        """Tell whether a site lies near one of a cluster."""
        return any(self._km(unit, one) <= _NEAR_KM for one in cluster)

    def clusters(self, units: set[str], among: Sequence[str]) -> list[set[str]]:
        """Return the units in groups whose members are neighbours, directly or through others."""
        left, found = set(units), []
        while left:
            cluster: set[str] = set()
            edge = {min(left)}
            left -= edge
            while edge:
                unit = edge.pop()
                cluster.add(unit)
                near = {other for other in left if self.are_near(unit, other, among)}
                left -= near
                edge |= near
            found.append(cluster)
        return found

    def _nearer(self, middle: str, apart: float, among: Sequence[str]) -> int:
        return sum(self._km(middle, unit) < apart for unit in among if unit != middle)

    def _km(self, one: str, other: str) -> float:
        a, b = self._sites[one], self._sites[other]
        if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
            return inf
        east = (a.longitude - b.longitude) * cos(radians((a.latitude + b.latitude) / 2))
        return hypot(a.latitude - b.latitude, east) * _KM_PER_DEGREE
