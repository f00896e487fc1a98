"""Describe what is watched, as the registry and the catalogue know it: values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from machxa_collector.incidents.words import Owner, Role

_DAY_MS, _LOCAL_MS = 86_400_000, 7 * 3_600_000  # Viet Nam has no summer time
_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday


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

    Exactly one of unit, provider, system and asset is given. With weekdays (0: Monday) it comes again on these, at the
    same local hours, after start; until: not after that moment, None: until it is taken off the list.
    """

    start: int
    end: int
    unit: str | None = None
    provider: str | None = None
    system: str | None = None
    asset: str | None = None
    power: bool = False
    weekdays: frozenset[int] = frozenset()
    until: int | None = None

    def spells(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Return when it holds between two moments; a spell may reach beyond them."""
        if not self.weekdays:
            return ((self.start, self.end),) if self.start < end and start < self.end else ()
        length, first = self.end - self.start, (self.start + _LOCAL_MS) // _DAY_MS
        clock = self.start + _LOCAL_MS - first * _DAY_MS  # since local midnight
        begins = max(first, (start - length + _LOCAL_MS) // _DAY_MS)
        found = []
        for day in range(begins, (end + _LOCAL_MS) // _DAY_MS + 1):
            at = day * _DAY_MS - _LOCAL_MS + clock
            is_past = self.until is not None and at > self.until
            if (day + _EPOCH_WEEKDAY) % 7 in self.weekdays and not is_past and at < end and start < at + length:
                found.append((at, at + length))
        return tuple(found)

    def holds(self, at: int, slack_ms: int = 0) -> bool:
        """Tell whether it holds at a moment, give or take some milliseconds."""
        return bool(self.spells(at - slack_ms, at + slack_ms + 1))


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
