"""Describe what is watched, as the registry and the catalogue know it: values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from machxa_collector.incidents.words import Owner, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Describe a unit: providers maps a line's name ("internet", "tslcd") to who carries it.

    Latitude and longitude are degrees, None when unknown. remote: on 4G or an island, where the hold-down is longer.
    counters: desks that take dossiers, None when nobody entered it.
    """

    code: str
    name: str
    province: str
    providers: Mapping[str, str] = field(default_factory=dict)
    latitude: float | None = None
    longitude: float | None = None
    remote: bool = False
    counters: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """Describe an asset; agent is the id of the agent on it, None for what a gateway watches.

    keys are further names under which records speak of it: a device key, an address. counter: dossiers are taken at it.
    """

    id: str
    unit: str
    role: Role
    agent: str | None = None
    keys: tuple[str, ...] = ()
    counter: bool = False
    wifi: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Describe a system of the catalogue; province None: all units use the same one.

    checks are the catalogue ids of its checks, interval_s the longest time between two of them at one site.
    """

    id: str
    owner: Owner
    checks: tuple[str, ...]
    province: str | None = None
    interval_s: int = 300
    takes_dossiers: bool = False  # receiving or issuing stops without it


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Say what was announced for a time, milliseconds since 1970 UTC: maintenance, or with power, a power cut.

    Exactly one of unit, provider, system and asset is given.
    """

    start: int
    end: int
    unit: str | None = None
    provider: str | None = None
    system: str | None = None
    asset: str | None = None
    power: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Hold all that is watched; order does not matter."""

    sites: tuple[Site, ...]
    assets: tuple[Asset, ...]
    systems: tuple[System, ...] = ()
    planned: tuple[Planned, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Hold one report of a person; at is when it was made, milliseconds since 1970 UTC.

    waiting is the band of people waiting ("0", "1-5", "6-20", ...), None when not said. confirmed: it came over a
    signed link, or a signed-in colleague stands by it; another is "chưa xác minh". device is an asset's id or key.
    """

    id: str
    unit: str
    at: int
    device: str | None = None
    system: str | None = None
    symptom: str | None = None
    stage: str | None = None
    waiting: str | None = None
    confirmed: bool = False
