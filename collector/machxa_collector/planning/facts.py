"""Hold what planning is told of assets and units; None is always "not known", never "none". Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from machxa_collector.planning.history import NO_HISTORY, History
from machxa_collector.planning.mending import Repair
from machxa_collector.planning.words import Item, Owner, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Name an operating system as the inventory does: "windows", "10", "22H2"; long_term: an LTSC or LTSB build."""

    product: str
    release: str = ""
    version: str = ""
    enterprise: bool = False
    iot: bool = False
    long_term: bool = False
    server: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """Hold one asset; a multifunction device names its other functions.

    acquired_on is the book's, firmware_on what the board tells. crashes and repairs are of the last 90 days, power cuts
    not among them. works None: nobody can tell. downtime_hours are working hours of the last 12 months.
    """

    id: str
    unit: str
    item: Item
    owner: Owner = Owner.STATE
    name: str = ""
    code: str | None = None
    serial: str | None = None
    functions: tuple[Item, ...] = ()
    works: bool | None = None
    acquired_on: date | None = None
    firmware_on: date | None = None
    cost_vnd: int | None = None
    funding: str | None = None
    system: System | None = None
    windows11: bool | None = None
    cores: int | None = None
    processor_listed: bool | None = None  # Windows 11 takes it
    memory_mb: int | None = None
    is_spinning: bool | None = None
    disk_free_ratio: float | None = None
    is_prefail: bool | None = None
    endurance_left_ratio: float | None = None
    bad_sectors: int | None = None
    crashes_least: int | None = None  # of 90 days, where only some of them were counted
    crashes_most: int | None = None
    crashes: int | None = None
    repairs: int | None = None
    failures: int | None = None  # of watched_years
    watched_years: float | None = None  # of the last 12 months; None: all of them
    repair_vnd: int | None = None  # the estimate of a repair
    is_repairable: bool | None = None
    downtime_hours: float | None = None
    mending: tuple[Repair, ...] = ()  # what people entered of its repairs, the newest last
    history: History = NO_HISTORY  # levels over days, alerts and pages
    programs: tuple[tuple[str, str], ...] = ()  # name and version, of the allow-list


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """Hold one unit: its staff by title, one-stop counters, flow and place; per_hour: dossiers in working time."""

    code: str
    name: str = ""
    province: str = ""
    staff: Mapping[Title, int] = field(default_factory=dict)  # a title that is not there is not known
    counters: int | None = None
    per_hour: float | None = None
    groups: Mapping[str, float] = field(default_factory=dict)  # share of each procedure group; empty: the model's
    latitude: float | None = None
    longitude: float | None = None
    handles_land: bool | None = None
