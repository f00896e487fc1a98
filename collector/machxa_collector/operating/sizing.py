"""Reckon what a collector needs, from what our benches measured; each figure names its source. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MOST_UNITS, MOST_PCS = 5_000, 1_000

_STORE = "machxa bench store: 300 devices, 30 days"
_NATION = "machxa bench nation: 83,000 agents for ten minutes, 2 cores"
_BROKER = "mosquitto 2.0.11 with TLS, measured: 14.6 MB for 1,000 connections"
_BUDGET = "the agents' budgets: 0.4 MB a day for a PC, 15 MB for a gateway"

_SERIES = 45  # of an office PC
_MINUTES = 1440
_RAW_BYTES, _FIVE_BYTES, _HOUR_BYTES = 0.506, 0.434, 0.073  # a point that was measured, by level
_RAW_DAYS, _FIVE_DAYS, _HOUR_DAYS = 35, 400, 5 * 366
_WAITING_BYTES, _WAITING_DAYS = 4.8, 2  # reports before they are packed, and what is gathered of them
_CORE_PER_AGENT = 0.073 / 83_000
_BROKER_CORE_PER_AGENT = 0.011 / 83_000
_PACKING_SECONDS = 0.072  # of processor, a device and day; 0.015 of it for the open day
_BASE_MB, _AGENT_MB = 180.0, 0.0072
_TLS_MB = 0.0146
_GATEWAY_MB_A_DAY, _PC_MB_A_DAY = 15.0, 0.4
_DAY_SECONDS = 86_400
_PACKING_HOURS = 2  # in which a night's work should be done
_MEMORY_SHARE, _CORE_SHARE, _DISK_SHARE = 0.5, 0.4, 0.5  # what may be used of what is bought
_COPIES = 14  # the timer's nightly copies


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Say one figure: what of, how much, in which unit, how it was reckoned, where its measure comes from."""

    name: str
    amount: float
    unit: str
    reckoned: str
    source: str


def size(units: int, pcs: int) -> tuple[Figure, ...]:
    """Return what units with so many PCs each need; one PC of each is its gateway."""
    return tuple(_figures(units, units * pcs))


def _figures(units: int, agents: int) -> Iterator[Figure]:
    usual = agents * _CORE_PER_AGENT
    yield Figure(
        name="processor, all day",
        amount=usual * 100,
        unit="% of a core",
        reckoned=f"{agents} agents, {_CORE_PER_AGENT * 100:.6f} % each, judging and elections included",
        source=_NATION,
    )
    yield Figure(
        name="processor, the broker",
        amount=agents * _BROKER_CORE_PER_AGENT * 100,
        unit="% of a core",
        reckoned=f"{agents} agents, a record every five minutes each",
        source=_NATION,
    )
    packing = agents * _PACKING_SECONDS
    yield Figure(
        name="processor, packing at night",
        amount=packing / 60,
        unit="minutes of a core",
        reckoned=f"{agents} days of {_SERIES} series, {_PACKING_SECONDS * 1000:.0f} ms each",
        source=_STORE,
    )
    cores = max(2.0, (usual + packing / (_PACKING_HOURS * 3600)) / _CORE_SHARE)
    yield Figure(
        name="cores to buy",
        amount=float(-(-cores // 1)),
        unit="cores",
        reckoned=f"at most {_CORE_SHARE:.0%} of them busy, packing within {_PACKING_HOURS} hours; at least 2",
        source="the figures above",
    )
    collector, broker = _BASE_MB + agents * _AGENT_MB, agents * _TLS_MB
    yield Figure(
        name="memory, collector",
        amount=collector,
        unit="MB",
        reckoned=f"{_BASE_MB:.0f} MB and {_AGENT_MB * 1000:.1f} kB an agent",
        source=_NATION,
    )
    yield Figure(name="memory, broker", amount=broker, unit="MB", reckoned=f"{agents} connections", source=_BROKER)
    yield Figure(
        name="memory to buy",
        amount=max(2.0, (collector + broker) / 1000 / _MEMORY_SHARE),
        unit="GB",
        reckoned=f"at most {_MEMORY_SHARE:.0%} of it, the rest is file cache; at least 2",
        source="the figures above",
    )
    points = agents * _SERIES * _MINUTES
    history = points * (_RAW_BYTES * _RAW_DAYS + _FIVE_BYTES * _FIVE_DAYS + _HOUR_BYTES * _HOUR_DAYS) / 1e9
    waiting = points * _WAITING_BYTES * _WAITING_DAYS / 1e9
    yield Figure(
        name="disk, history when it is full",
        amount=history + waiting,
        unit="GB",
        reckoned=f"raw {_RAW_DAYS} days, 5 minutes {_FIVE_DAYS}, hours {_HOUR_DAYS}, PCs on day and night",
        source=_STORE,
    )
    yield Figure(
        name="disk to buy",
        amount=(history + waiting) / _DISK_SHARE,
        unit="GB",
        reckoned=f"at most {_DISK_SHARE:.0%} full; {_COPIES} copies on another disk take as much each",
        source="the figures above",
    )
    line = units * _GATEWAY_MB_A_DAY + (agents - units) * _PC_MB_A_DAY
    yield Figure(
        name="line, mean",
        amount=line * 8 / _DAY_SECONDS,
        unit="Mbit/s",
        reckoned=f"{line:.0f} MB a day: {units} gateways, {agents - units} PCs",
        source=_BUDGET,
    )
    yield Figure(
        name="line to buy",
        amount=max(1.0, line * 8 / _DAY_SECONDS * 10),
        unit="Mbit/s",
        reckoned="ten times the mean: a backlog drains ten times as fast as it arose; at least 1",
        source="the figure above",
    )
