"""Count what is told, for /metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class NotifyMeters:
    """Hold the counters of notices in one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.decided = Counter(
            "machxa_notify_decided",
            "Things to tell one recipient, by what became of them",
            ["way", "why"],
            registry=registry,
        )
        self.nowhere = Counter(
            "machxa_notify_nobody", "Steps of an escalation to somebody who is not there", registry=registry
        )
        self.messages = Counter("machxa_notify_messages", "Messages made", ["kind"], registry=registry)
        self.sent = Counter("machxa_notify_sent", "Messages that a channel took", ["channel"], registry=registry)
        self.failed = Counter(
            "machxa_notify_failed",
            "Tries that failed; final: the message is given up",
            ["channel", "final"],
            registry=registry,
        )
        self.waiting = Gauge(
            "machxa_notify_waiting", "Messages that wait for a channel", ["channel"], registry=registry
        )
        self.dead = Gauge(
            "machxa_notify_channel_dead", "1 while a channel does not deliver", ["channel"], registry=registry
        )
        self.defects = Counter("machxa_notify_defects", "Turns that met a defect", registry=registry)
