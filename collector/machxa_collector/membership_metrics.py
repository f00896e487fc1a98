"""Show in a registry which member of several a collector is, and what is its part."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge

from machxa_collector.membership import Membership


def measure(membership: Membership, registry: CollectorRegistry) -> None:
    """Count what a member does, under its name."""
    name = membership.name
    gauges = {
        "machxa_member_shards": ("Shards of the fleet, of 256, that this collector takes", _shards(membership)),
        "machxa_member_leads": ("1 where this collector does what one alone may do", membership.is_leader),
        "machxa_member_lives": ("Collectors that live on this store", lambda: len(membership.live())),
        "machxa_member_epoch": ("How often the shards were divided anew", lambda: membership.holding().epoch),
    }
    for gauge, (words, read) in gauges.items():
        Gauge(gauge, words, ["member"], registry=registry).labels(name).set_function(read)
    counter = Counter("machxa_member_takeovers", "Shards taken over from silent members", ["member"], registry=registry)
    membership.on_gained = counter.labels(name).inc


def _shards(membership: Membership) -> Callable[[], float]:
    return lambda: float(len(membership.holding().shards))
