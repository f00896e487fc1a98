"""Say what answers about identities look like, for the OpenAPI document; a test holds every answer to it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from machxa_collector.api.shapes import Cursor, Moment

MarkName = Literal["uuid", "board", "serial", "mac", "dongle", "disk", "memory", "machine"]
AssetId = Annotated[str, Field(max_length=36)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MarkShape(_Shape):
    """Hold a mark as it is compared. is_current: the device has it now; else it had it before."""

    kind: MarkName
    value: str
    first_at: Moment
    last_at: Moment
    is_current: bool


class RefusedMark(_Shape):
    """Hold a value of the newest inventory that identifies nothing, and why in one word."""

    kind: MarkName
    value: str
    why: Literal["placeholder", "shared", "pattern", "short", "long", "model", "virtual", "local", "form"]


class SpeakerShape(_Shape):
    """Hold an agent that speaks for the asset."""

    agent: str
    enrolled_at: Moment
    last_seen: Moment | None


class Compared(_Shape):
    """Hold how one kind of mark compares between what arrived and what was recorded."""

    kind: MarkName
    agreement: Literal["agrees", "partly", "formerly", "disagrees", "absent"]
    arrived: list[str]
    recorded: list[str]


class MergeShape(_Shape):
    """Hold a merge; undone_at null: it stands. agents moved with it; evidence is empty where a person decided."""

    pk: int
    at: Moment
    actor: str
    kept: str
    absorbed: str
    agents: list[str]
    reason: str | None
    confidence: float | None
    evidence: list[Compared]
    undone_at: Moment | None
    undone_by: str | None


class PlaceShape(_Shape):
    """Hold where the asset stood; unit null: nobody knows, ended_at null: there still."""

    unit: str | None
    began_at: Moment
    ended_at: Moment | None


class AssetName(_Shape):
    """Name an asset."""

    id: str
    name: str


class FindingShape(_Shape):
    """Hold one finding: asset is the agent's record, about the record the vote speaks of (the same: its own).

    Either is null where it lies in another territory, and what it told is left out of the evidence. decided is what a
    person said of it; evidence is empty for one found at enrolment, before any inventory.
    """

    pk: int
    at: Moment
    verdict: Literal["clone", "conflict", "same_computer", "reinstalled", "cloned"]
    reason: str | None
    confidence: float | None
    agent: str | None
    asset: AssetName | None
    about: AssetName | None
    evidence: list[Compared]
    is_open: bool
    decided: Literal["same", "apart"] | None


class IdentityShape(_Shape):
    """Hold everything that says which device an asset is; histories newest first."""

    asset: str
    marks: list[MarkShape]
    refused: list[RefusedMark]
    agents: list[SpeakerShape]
    merges: list[MergeShape]
    places: list[PlaceShape]
    findings: list[FindingShape]


class FindingPage(_Shape):
    """Hold findings in the order they were made."""

    findings: list[FindingShape]
    next: Cursor


class MergeRequest(_Shape):
    """Name the asset that is to become part of this one."""

    absorb: AssetId


class SplitRequest(_Shape):
    """Name the agent that is to have a record of its own again."""

    agent: AssetId


class MoveRequest(_Shape):
    """Say where the asset stands, from now on or since a past time."""

    unit: Annotated[str, Field(max_length=10)]
    at: datetime | None = None
    note: Annotated[str | None, Field(max_length=500)] = None


class DecideRequest(_Shape):
    """Say what is so: one device after all, two for good, or settled for now (asked again if it happens again)."""

    decision: Literal["same", "apart", "settled"]


class Merged(_Shape):
    """Hold a merge that was made or undone."""

    merge: int
    kept: str
    absorbed: str


class Split(_Shape):
    """Name the record that the agent has from now on."""

    asset: str


class Moved(_Shape):
    """Hold the act, which /batches/{id}/undo takes back."""

    batch: str


class DecidedShape(_Shape):
    """Name the finding that is closed."""

    finding: int
