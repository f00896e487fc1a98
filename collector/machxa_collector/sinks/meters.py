"""Count what sinks take."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class SinkMeters:
    """Hold the meters; every one is labelled by the sink's name."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register them."""
        name = ["sink"]
        self.lines = Counter("machxa_sink_lines", "Lines that a sink's server answered for.", name, registry=registry)
        self.failures = Counter("machxa_sink_failures", "Attempts a sink did not take.", name, registry=registry)
        self.refused = Counter(
            "machxa_sink_refused_reports", "Reports or inventories that a sink refused for good.", name,
            registry=registry,
        )  # fmt: skip
        self.inventories = Counter(
            "machxa_sink_inventories", "Inventories of devices that a GLPI server took.", name, registry=registry
        )
        self.again = Counter(
            "machxa_sink_rewinds", "Times a sink was sent again what may have been lost.", name, registry=registry
        )
        self.lag = Gauge(
            "machxa_sink_lag_seconds",
            "How old the oldest report or change is that a sink lacks, 0: none.",
            name,
            registry=registry,
        )
