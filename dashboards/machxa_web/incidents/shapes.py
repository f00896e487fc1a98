"""Hold what the pages of incidents read, in the shapes of /api/v1/incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Say where an incident stands with people; None: nobody has said."""

    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    owner: str | None = None
    until: datetime | None = None
    tickets: tuple[tuple[str, str], ...] = ()
    overruled: str | None = None
    overruled_because: str | None = None
    merged_into: str | None = None
    is_closed: bool = False
    is_false: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Hold one incident; confidence is 0 to 1, ended_at None: it is open."""

    id: str
    cause: str
    layer: str
    subject: str
    subject_name: str | None
    state: str
    units: tuple[str, ...]
    started_at: datetime
    noticed_at: datetime
    ended_at: datetime | None
    severity: str
    confidence: float
    witnesses: int
    children: int
    first_cause: str | None
    reports: int
    suppressed_by: str | None
    unstable: bool
    learning: bool
    spells: int
    handling: Handling
    other_units: int = 0
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Give one witness."""

    kind: str
    source: str
    at: datetime
    source_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Give one reason and its figures."""

    code: str
    figures: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Hold what somebody did."""

    at: datetime
    actor: str
    kind: str
    detail: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Hold what was told of a system that nobody can ask."""

    name: str
    unit: str | None
    part: str | None
    number: float | None
    word: str | None
    at: datetime
    state: str
    told_by: str
    system: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Hold one system of the catalogue."""

    id: str
    vi: str
    en: str
    owner: str
    source: str
    enabled: bool
    checks: tuple[str, ...]
    context: tuple[Context, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    """Hold the catalogue in use, and what of it is set aside."""

    version: int
    troubles: tuple[str, ...]
    systems: tuple[System, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail(Incident):
    """Hold an incident whole."""

    unit_names: Mapping[str, str]
    evidence: tuple[Evidence, ...]
    why: tuple[Why, ...]
    acts: tuple[Act, ...]
    explains: tuple[Incident, ...]
    other_evidence: int = 0
    context: tuple[Context, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Name the incident that explains another."""

    id: str
    cause: str
    state: str
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Say that people were told: opened, revised or ended."""

    told: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Hold what lies beside an incident; parent None: nothing explains it, or what does is not theirs to see."""

    parent: Parent | None
    told: tuple[Telling, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Hold a figure; None: not known, missing says why, at_least what holds all the same."""

    figure: float | None
    missing: str | None = None
    at_least: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageHeld:
    """Hold a stage that is held back: what it lets pass where it is worst, and in how many units."""

    stage: str
    left: float | None
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitHeld:
    """Hold one unit: held jointly with all that is wrong there, share what of it is this incident's."""

    unit: str
    name: str
    held: Figure
    share: Figure | None
    dossier_hours: Figure
    working_hours: float | None
    caught_up: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Hold what an incident does to dossiers; more units than are listed are counted."""

    held: Figure
    share: Figure
    dossier_hours: Figure
    stages: tuple[StageHeld, ...]
    units: tuple[UnitHeld, ...]
    more: int
    model: str
    on_paper: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hold one page of incidents."""

    incidents: tuple[Incident, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """Hold what was set aside of the judgement."""

    rule: str
    subject: str
    error: str
    count: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """Say what is slow now."""

    cause: str
    check: str
    excess_seconds: float
    unit: str | None
    agent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronic:
    """Say what is always slow."""

    check: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unstable:
    """Say what comes and goes."""

    cause: str
    subject: str
    state: str
    units: tuple[str, ...]
    spells: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Hold how the judgement does; at None: nothing was judged yet."""

    at: datetime | None
    units: int
    assets: int
    unknown_agents: int
    defect_count: int
    defects: tuple[Defect, ...]
    slow: tuple[Slow, ...]
    chronic: tuple[Chronic, ...]
    unstable: tuple[Unstable, ...]
