"""Hold what the pages of communes read; times are aware, ratios 0 to 1, None is "not known"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold one commune of the list; on of agents are connected, last is when anything last came."""

    code: str
    name: str
    old_names: tuple[str, ...]
    serving: str
    ratio: float | None
    most: float | None
    agents: int
    on: int
    incidents: int
    severity: str | None
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """Name a province that somebody may look into."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Hold the communes of one province, in Vietnamese order."""

    province: str
    provinces: tuple[Province, ...]
    communes: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Hold an incident in a line; ended_at None: it is open."""

    id: str
    cause: str
    layer: str
    state: str
    subject: str
    subject_name: str | None
    severity: str
    confidence: float
    started_at: datetime
    ended_at: datetime | None
    planned: bool
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """Name what a stage lacks, and what of it is left."""

    system: str
    left: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Hold one group and channel: its share of dossiers, its weakest stage, what passes there and why."""

    group: str
    channel: str
    share: float
    stage: str
    factor: float | None
    least: float
    most: float
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Hold one layer: how it stands, why in a fixed word with its numbers, and since when."""

    layer: str
    light: str
    why: str
    since: datetime | None
    incident: Incident | None
    number: int | None
    of: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Hold a day: sessions in seconds from midnight, official and declared, and what was wrong in it."""

    day: date
    kind: str
    official: tuple[tuple[int, int], ...]
    extra: tuple[tuple[int, int], ...]
    sources: tuple[str, ...]
    incidents: tuple[Incident, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agents:
    """Count the agents of a unit by what their presence says."""

    agents: int
    on: int
    off: int
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Name a unit."""

    code: str
    name: str
    full_name: str
    type: str | None
    province: str | None
    old_names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Now(Head):
    """Hold what changes by the minute; ratio None with most None: nothing is heard that would tell."""

    serving: str
    ratio: float | None
    at_least: float | None
    most: float | None
    eased: float | None
    model: str
    streams: tuple[Stream, ...]
    in_session: bool
    agents: Agents
    last: datetime | None
    watched_since: datetime | None
    rungs: tuple[Rung, ...]
    open: tuple[Incident, ...]
    day: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Hold whom to call."""

    role: str | None
    position: str | None
    name: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold a line's contract; the price is told to who may see costs."""

    name: str | None
    kind: str | None
    provider: str | None
    contract: str | None
    down_mbps: float | None
    up_mbps: float | None
    ticket_desk: str | None
    expires_on: date | None
    price_vnd_per_month: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Hold F18 in Mbit/s with what it assumes of a dossier."""

    figure: float
    per_hour: float
    pages: float
    page_mb: float
    file_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Hold a counter with the assets it uses, by id or code."""

    code: str | None
    name: str | None
    groups: tuple[str, ...]
    assets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Hold one asset; supplies are the shares left, none where nothing measures them."""

    id: str
    code: str | None
    name: str
    kind: str
    room: str | None
    status: str
    role: str | None
    by_agent: bool
    state: str | None
    since: datetime | None
    last_seen: datetime | None
    reasons: tuple[str, ...]
    supplies: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Hold an interval; both ends None: missing says why."""

    low: float | None
    high: float | None
    missing: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Hold a class: the norm, what is there, what works, and what is lacking."""

    item: str
    expected: Figure
    lacking: Figure
    have: int
    works: int
    broken: int
    unsure: int
    missing_capability: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Hold what somebody told."""

    id: str
    category: str
    symptom: str | None
    text: str
    received_at: datetime | None
    state: str
    waiting: str | None
    incident: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Now):
    """Hold a commune's whole page."""

    contacts: tuple[Contact, ...]
    lines: tuple[Line, ...]
    line_need: Need | None
    counters: tuple[Counter, ...]
    devices: tuple[Device, ...]
    is_cut: bool
    gaps: tuple[Gap, ...]
    reports: tuple[Report, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Hold late official hours and their parts."""

    late: float
    k1_direct: float
    k1_queue: float
    k2_recorded_late: float
    k3_waiting: float
    k4_staff: float
    k5_no_evidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Month(Head):
    """Hold the split of a month's late hours; is_cut: more are late than were summed."""

    month: date
    ended: int
    late: int
    is_cut: bool
    sums: Sums
    confidence: Mapping[str, int]
    gap_median: Median


@dataclass(frozen=True, slots=True, kw_only=True)
class Median:
    """Hold F8's median in hours, None while no true finish is known."""

    figure: float | None
