"""Count what the intake does, for /metrics."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

from machxa_wire.refusal import Reason


class Meters:
    """Hold the intake's counters in one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.accepted = Counter("machxa_intake_accepted", "Records committed", registry=registry)
        self.duplicates = Counter("machxa_intake_duplicates", "Records that were already there", registry=registry)
        self.refused = Counter("machxa_intake_refused", "Payloads refused, by reason", ["reason"], registry=registry)
        self.commits = Histogram(
            "machxa_intake_commit_seconds",
            "Time from a batch taken to its commit",
            buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=registry,
        )
        self.store_down = Gauge("machxa_intake_store_unavailable", "1 while the store cannot commit", registry=registry)
        self.connected = Gauge("machxa_intake_connected", "1 while the broker is connected", registry=registry)
        self.canary = Gauge(
            "machxa_intake_canary_age_seconds",
            "Seconds since a canary went end to end, -1 before the first",
            registry=registry,
        )
        self.without_room = Counter(
            "machxa_intake_retained_without_room",
            "Messages to agents that found no room in the queue; they are published again when it is empty",
            registry=registry,
        )
        for reason in Reason:
            self.refused.labels(reason.value)


def process_registry() -> CollectorRegistry:
    """Return a registry that shows this process itself."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry
