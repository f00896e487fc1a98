"""Hold what the duty desk reads. Times are aware, None is not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """Hold one number of the strip; now None: not known, then least is what it is at least.

    before is the same a week ago at this hour, None where nobody looked then. why: a word for why it is not known.
    """

    now: float | None
    before: float | None = None
    least: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Hold the five numbers, and how many communes there are, are heard, and are outside their hours."""

    normal: Number
    grave: Number
    held: Number
    at_risk: Number
    no_data: Number
    total: int
    with_data: int
    off: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """Hold a unit on the map and in its list; ready None: nobody knows; held None: nothing is open there."""

    code: str
    name: str
    province: str
    latitude: float | None
    longitude: float | None
    is_zone: bool
    state: str
    line: str
    old: str
    late: str
    ready: int | None
    held: float | None
    incidents: int
    worst: int | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold an open incident: unit is its only or first unit, units how many there are with those elsewhere.

    stages are those that stop (True) or slow down. held None: not known, held_least at least. found: by "machine",
    "people" or "both".
    """

    id: str
    severity: str
    cause: str
    layer: str
    subject: str
    subject_name: str | None
    state: str
    units: int
    unit: str | None
    unit_name: str | None
    confidence: float
    witnesses: int
    started_at: datetime
    worked_hours: float | None
    stages: tuple[tuple[str, bool], ...]
    held: float | None
    held_least: float
    dossier_hours: float
    providers: int
    found: str
    owner: str | None
    taken_by: str | None
    until: datetime | None
    standing: str
    is_whole: bool
    learning: bool
    unstable: bool
    is_told: bool = False
    call: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """Hold a line of a short list: what it is, where, since when; said is a word of ours, text somebody's own."""

    href: str
    title: str
    where: str | None
    said: str
    at: datetime
    text: str = ""
    waiting: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """Name a province that may be looked at, with how many of its communes are in trouble and its dot."""

    code: str
    name: str
    total: int
    normal: int
    stopped: int
    with_data: int
    held: float
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Hold what the filters offer: systems and providers by id and name."""

    systems: tuple[tuple[str, str], ...]
    providers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Hold the desk as one territory sees it; place "" is the nation. banner: the cause that many units share.

    graded_at: as of when the map's layers of months were reckoned, None before; is_late_graded: lateness is among them.
    """

    at: datetime
    version: str
    place: str
    place_name: str | None
    provinces: tuple[Province, ...]
    strip: Strip
    dots: tuple[Dot, ...]
    rows: tuple[Row, ...]
    left_out: int
    unfiltered: int
    banner: Row | None
    failing: tuple[Short, ...]
    silent: tuple[Short, ...]
    reports: tuple[Short, ...]
    choices: Choices
    may_handle: bool
    is_reckoned: bool
    graded_at: datetime | None = None
    is_late_graded: bool = False
    has_devices: bool
