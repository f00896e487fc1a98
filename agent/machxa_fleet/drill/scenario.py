"""Say what a drill plays: units, systems, and what happens to them. Minutes count from the scenario's start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

OFFICE = ("07:30-11:30", "13:30-17:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSpec:
    """Equip one commune. pc1 is its gateway, pc2 its standby; the first PCs, so many as counters, take dossiers.

    lan is "wired", "wifi" (then every PC but the gateway is wireless) or "mixed" (every other one). line is "fibre" or
    "4g". tslcd: it has the state's own line besides the internet. always_on: its gateway stays on at night; None lets
    chance decide.
    """

    provider: str = "VNPT"
    pcs: int = 6
    counters: int = 3
    printers: int = 2
    router: bool = True
    lan: str = "wired"
    line: str = "fibre"
    island: bool = False
    tslcd: bool = True
    dossiers_per_hour: float | None = None
    always_on: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Do one thing to the world from a minute to another; until is None while it lasts to the end of the drill.

    Only what the fault's kind takes is set. period_s is set for what flaps: half a period on, half off.
    """

    at: float
    until: float | None
    kind: str
    unit: str | None = None
    units: tuple[str, ...] | None = None
    provider: str | None = None
    path: str | None = None
    system: str | None = None
    owner: str | None = None
    asset: str | None = None
    word: str | None = None
    loss: float = 20.0
    rtt_ms: float = 400.0
    factor: float = 5.0
    error_rate: float = 0.5
    share: float = 1.0
    seconds: float = 3600.0
    period_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """Announce work on a unit, a provider's lines, or a system; kind is "maintenance" or "power_cut"."""

    at: float
    until: float
    unit: str | None = None
    provider: str | None = None
    system: str | None = None
    kind: str = "maintenance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Let a clerk report. via is "agent" (the report window of a PC), or "link" (a phone, nobody signed in)."""

    at: float
    unit: str
    symptom: str
    system: str | None = None
    waiting: str | None = None
    stage: str | None = None
    device: str | None = None
    note: str | None = None
    via: str = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """Declare one day's sessions beyond the official ones; units empty means all."""

    day: date
    hours: tuple[str, ...]
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSpec:
    """Give office hours from Monday to Friday, declared sessions and days off."""

    office: tuple[str, ...] = OFFICE
    extra: tuple[Extra, ...] = ()
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Hold a whole drill. units maps the code of each commune, in code order, to its equipment.

    owners says who runs a system ("province" or "national") where the catalogue does not or the scenario knows better.
    warm_up_minutes is how long the world is watched before the start, so that the judgement knows what is usual.
    """

    name: str
    seed: int
    start: datetime
    minutes: float
    province: str
    units: dict[str, UnitSpec]
    systems: tuple[str, ...]
    calendar: CalendarSpec
    owners: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    reports: tuple[Report, ...] = ()
    warm_up_minutes: float = 120.0
