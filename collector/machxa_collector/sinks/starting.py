"""Make what copies to each sink that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from machxa_collector.registry.units import Units
from machxa_collector.sinks.config import Influx, Sink
from machxa_collector.sinks.copying import Copying
from machxa_collector.sinks.enriching import named
from machxa_collector.sinks.influx import InfluxServer
from machxa_collector.sinks.meters import SinkMeters
from machxa_collector.sinks.mqtt import MqttServer
from machxa_collector.store import sinks as stored


def made(
    asked: Sequence[Sink],
    store: Engine,
    registry: CollectorRegistry,
    now_ms: Callable[[], int],
    units: Callable[[], Units],
) -> list[Copying]:
    """Return what copies to each sink; those that are configured no more are forgotten."""
    meters = SinkMeters(registry)
    stored.forget_others(store, [one.name for one in asked])
    return [
        Copying(one.name, InfluxServer(one), store, meters, now_ms)
        if isinstance(one, Influx)
        else Copying(one.name, MqttServer(one), store, meters, now_ms, enrich=named(store, units))
        for one in asked
    ]
