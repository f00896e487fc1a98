"""Make what copies to each sink that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import Engine

from machxa_collector.registry.units import Units
from machxa_collector.sinks.config import Glpi, Influx, Sink
from machxa_collector.sinks.copying import Copying
from machxa_collector.sinks.enriching import named
from machxa_collector.sinks.glpi import GlpiServer
from machxa_collector.sinks.influx import InfluxServer
from machxa_collector.sinks.inventorying import Inventorying
from machxa_collector.sinks.meters import SinkMeters
from machxa_collector.sinks.mqtt import MqttServer
from machxa_collector.store import glpi_sent
from machxa_collector.store import sinks as stored


class Copies(Protocol):
    """Copy until stopped, in a thread of its own."""

    name: str

    def run(self) -> None:
        """Copy until stopped."""

    def stop(self) -> None:
        """Make ``run`` return."""

    def turn(self) -> bool:
        """Copy what there is; return whether it was taken."""


def made(
    asked: Sequence[Sink],
    store: Engine,
    meters: SinkMeters,
    now_ms: Callable[[], int],
    units: Callable[[], Units],
) -> list[Copies]:
    """Return what copies to each sink; those that are configured no more are forgotten."""
    stored.forget_others(store, [one.name for one in asked if not isinstance(one, Glpi)])
    glpi_sent.forget_others(store, [one.name for one in asked if isinstance(one, Glpi)])

    def copies(one: Sink) -> Copies:
        if isinstance(one, Glpi):
            return Inventorying(one.name, GlpiServer(one), store, meters, now_ms)
        if isinstance(one, Influx):
            return Copying(one.name, InfluxServer(one), store, meters, now_ms)
        return Copying(one.name, MqttServer(one), store, meters, now_ms, enrich=named(store, units))

    return [copies(one) for one in asked]
