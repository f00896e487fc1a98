"""Say what answers and requests about incidents look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from machxa_collector.api.shapes import Cursor, Moment
from machxa_collector.api.system_shapes import ContextShape

CauseWord = Literal[
    "device",
    "lan",
    "line",
    "provider",
    "provider_area",
    "provincial_system",
    "national_system",
    "power",
    "power_or_line",
    "centre",
    "maintenance",
    "unknown",
]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
_Short = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
_YEAR_9999_MS = 253_402_300_799_999


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EvidenceShape(_Shape):
    """Give one witness: what kind of sign, from whom, when it was true.

    source_name names the unit, the asset, or the computer of the agent that source is the id of; null for others.
    """

    kind: str
    source: str
    source_name: str | None
    at: Moment


class WhyShape(_Shape):
    """Give one reason: a code, and the figures that it stands on."""

    code: str
    figures: dict[str, str | int | float]


class HandlingShape(_Shape):
    """Say where an incident stands with people; null: nobody has said."""

    acknowledged_at: Moment | None
    acknowledged_by: str | None
    owner: str | None
    until: Moment | None
    tickets: list[list[str]]
    overruled: CauseWord | None
    overruled_because: str | None
    merged_into: str | None
    is_closed: bool
    is_false: bool


class IncidentShape(_Shape):
    """Hold an incident as it is known now; ended_at null: it is open.

    layer is TB, LAN, WAN, TINH, TW, DIEN or TRUNG_TAM. confidence is the share of consistent votes (0 to 1), witnesses
    how many there are. first_cause: what was thought first, null unless it was revised. subject_name names the unit,
    asset or system that subject is the code or id of, null for a provider and the centre. units are those of one's
    territory, other_units how many there are besides; is_whole: one holds all of them, or a province, and may change
    the incident for all, where one's role may.
    """

    id: str
    cause: CauseWord
    layer: str
    subject: str
    subject_name: str | None
    state: str
    units: list[str]
    other_units: int
    is_whole: bool
    started_at: Moment
    noticed_at: Moment
    ended_at: Moment | None
    severity: Literal["P1", "P2", "P3", "P4"]
    confidence: float
    witnesses: int
    children: int
    first_cause: CauseWord | None
    revised: bool
    reports: int
    suppressed_by: str | None
    unstable: bool
    learning: bool
    spells: int
    handling: HandlingShape


class ActShape(_Shape):
    """Hold what somebody did about an incident; it is never changed."""

    at: Moment
    actor: str
    kind: str
    detail: dict[str, str | int]


class IncidentContext(ContextShape):
    """Hold what was told of a system that nobody can ask, and that may bear on an incident."""

    system: str


class IncidentDetail(IncidentShape):
    """Hold an incident with its evidence, reasons, acts and what it explains; unit_names by code.

    other_evidence counts witnesses outside one's territory. context: what a province told of the incident's own system,
    of posts filled at its units, and of whatever stands badly.
    """

    unit_names: dict[str, str]
    other_evidence: int
    context: list[IncidentContext]
    evidence: list[EvidenceShape]
    why: list[WhyShape]
    acts: list[ActShape]
    explains: list[IncidentShape]


class IncidentPage(_Shape):
    """Hold incidents, those noticed last first."""

    incidents: list[IncidentShape]
    next: Cursor


class ActRequest(BaseModel):
    """Say what to do; each kind needs its own fields and takes no others.

    acknowledge: none. own: owner. promise: until (ms since 1970 UTC). note: text. ticket: number, at (whose).
    hand_over: to. overrule: cause, reason. merge: into. split, close, reopen, false_alarm: reason.
    """

    model_config = ConfigDict(extra="forbid", strict=True)
    kind: Literal[
        "acknowledge",
        "own",
        "promise",
        "note",
        "ticket",
        "hand_over",
        "overrule",
        "merge",
        "split",
        "close",
        "reopen",
        "false_alarm",
    ]
    owner: _Short | None = None
    until: Annotated[int, Field(ge=0, le=_YEAR_9999_MS)] | None = None
    text: _Text | None = None
    number: _Short | None = None
    at: _Short | None = None
    to: _Short | None = None
    cause: CauseWord | None = None
    reason: _Text | None = None
    into: Annotated[str, StringConstraints(pattern="^[0-9a-f]{8,32}$")] | None = None
