"""Leave out of meters what is told of units that whoever asks may not see."""

from __future__ import annotations

import copy
from collections.abc import Iterable

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

_UNIT = "unit"


class Within(Collector):
    """Give a registry's meters without the samples of units beyond some; what names no unit stays whole."""

    def __init__(self, whole: Collector, units: frozenset[str]) -> None:
        """Take the registry and the codes of the units that stay."""
        self._whole, self._told = whole, units | {""}

    def collect(self) -> Iterable[Metric]:
        """Yield each meter with the samples that stay."""
        for one in self._whole.collect():
            kept = copy.copy(one)
            kept.samples = [each for each in one.samples if each.labels.get(_UNIT, "") in self._told]
            yield kept
