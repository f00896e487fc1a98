"""Count what the judgement does, for /metrics."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge

from machxa_collector.judging.state import State


def measure(judged: Callable[[], State], registry: CollectorRegistry) -> None:
    """Show in a registry what a judgement watches and how often something of it was set aside."""
    told = {
        "machxa_judgement_defects": (
            "Rules, units, systems or severities that raised and were set aside, since the judgement began",
            lambda: judged().defect_count,
        ),
        "machxa_judgement_units": ("Units watched", lambda: judged().units),
        "machxa_judgement_assets": ("Assets watched", lambda: judged().assets),
    }
    for name, (words, read) in told.items():
        Gauge(name, words, registry=registry).set_function(read)
