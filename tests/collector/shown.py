"""Name what the collector shows in /metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, ProcessCollector
from sqlalchemy import Engine

from machxa_collector.intake.meters import Meters
from machxa_collector.notify.meters import NotifyMeters
from machxa_collector.sinks.meters import SinkMeters
from machxa_collector.units_metrics import UnitMetrics

_TAILS = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}


def shown_metrics(store: Engine) -> set[str]:
    """Return the names under which Prometheus finds them."""
    registry = CollectorRegistry()
    for meters in (Meters, NotifyMeters, SinkMeters):
        meters(registry)
    registry.register(UnitMetrics(store))
    ProcessCollector(registry=registry)
    return {family.name + tail for family in registry.collect() for tail in _TAILS.get(family.type, ("",))}
