"""Show communes in `/metrics`: agents, open incidents and who carries their lines, as the store knows at a scrape."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.store.gauges import Gauges, gauges

logger = logging.getLogger(__name__)

_FRESH_SECONDS = 15.0  # between two questions, however many scrape


class UnitMetrics(Collector):
    """Give gauges by unit; while the store cannot be asked there are none, never old ones."""

    def __init__(self, store: Engine, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Prepare; nothing is asked yet."""
        self._store, self._monotonic = store, monotonic
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._found: Gauges | None = None

    def describe(self) -> Iterable[Metric]:
        """Return the metrics without values, so that registering asks the store nothing."""
        return self._families()

    def collect(self) -> Iterable[Metric]:
        """Return the metrics as they are now."""
        there, open_, carried = self._families()
        found = self._asked()
        if found is not None:
            for (unit, state), count in found.agents.items():
                there.add_metric([unit, state], count)
            for (unit, cause, severity), count in found.incidents.items():
                open_.add_metric([unit, cause, f"P{severity}"], count)
            for (unit, kind), provider in found.providers.items():
                carried.add_metric([unit, kind, provider], 1)
        return there, open_, carried

    def _asked(self) -> Gauges | None:
        with self._lock:
            now = self._monotonic()
            if now - self._asked_at >= _FRESH_SECONDS:
                self._asked_at, self._found = now, None
                try:
                    self._found = gauges(self._store)
                except SQLAlchemyError as exc:
                    logger.warning("the gauges of units wait for the store: %s", str(exc)[:200])
            return self._found

    @staticmethod
    def _families() -> tuple[GaugeMetricFamily, GaugeMetricFamily, GaugeMetricFamily]:
        return (
            GaugeMetricFamily("machxa_unit_agents", "Agents of a unit by presence.", labels=["unit", "state"]),
            GaugeMetricFamily(
                "machxa_unit_incidents", "Open incidents that touch a unit.", labels=["unit", "cause", "severity"]
            ),
            GaugeMetricFamily(
                "machxa_unit_lines", "1: who carries a unit's line.", labels=["unit", "machxa_line", "provider"]
            ),
        )
