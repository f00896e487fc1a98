"""Say what answers about the register look like: drafts and handovers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from machxa_collector.api.registry_shapes import BatchShape, UnitName
from machxa_collector.api.shapes import Cursor, Moment

MOST_DECISIONS = 200
AssetId = Annotated[str, Field(max_length=36)]
UnitCode = Annotated[str, Field(min_length=1, max_length=10)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CandidateShape(_Shape):
    """Hold an entry of the books that a draft may be, and what speaks for it."""

    id: str
    title: str
    code: str | None
    serial: str | None
    reasons: list[Literal["serial", "code", "model", "vendor", "kind"]]


class DraftShape(_Shape):
    """Hold a device that an agent or a gateway found and nobody confirmed."""

    id: str
    title: str
    kind: str
    vendor: str | None
    model: str | None
    serial: str | None
    unit: UnitName | None
    found_by: Literal["agent", "gateway"]
    first_at: Moment
    candidates: list[CandidateShape]


class DraftPage(_Shape):
    """Hold drafts in the order of their units; total: how many wait in one's territory."""

    drafts: list[DraftShape]
    total: int
    next: Cursor


class DecisionShape(_Shape):
    """Say what becomes of a draft; entry: of which entry of the books it is the device (for join)."""

    draft: AssetId
    decision: Literal["confirm", "reject", "join"]
    entry: AssetId | None = None


class DecideDrafts(_Shape):
    """Settle drafts, all or none."""

    decisions: Annotated[list[DecisionShape], Field(min_length=1, max_length=MOST_DECISIONS)]


class Settled(_Shape):
    """Hold the act on those confirmed and rejected, null without any, and the merge of each joined one."""

    batch: BatchShape | None
    merges: dict[str, int]


class HandoverRequest(_Shape):
    """Say which unit's assets go to which unit; assets: only these, null for all that are not disposed of."""

    of: UnitCode
    to: UnitCode
    assets: Annotated[list[AssetId] | None, Field(max_length=5_000)] = None


class HandoverAct(HandoverRequest):
    """Hand over what the preview of this version showed; reference is the decision's number and day."""

    version: Annotated[str, Field(min_length=16, max_length=16)]
    reference: Annotated[str, Field(max_length=300)] = ""


class HandedShape(_Shape):
    """Hold one asset in a preview."""

    id: str
    title: str
    kind: str
    code: str | None
    serial: str | None
    status: str


class KindCount(_Shape):
    """Count the assets of one kind."""

    kind: str
    count: int


class HandoverPreview(_Shape):
    """Hold what would be handed over; assets are the first 200. cost_vnd sums the known costs, null if not to be seen.

    without_code and without_cost count what a record of handing over should not leave open.
    """

    of: UnitName
    to: UnitName
    count: int
    kinds: list[KindCount]
    assets: list[HandedShape]
    cost_vnd: int | None
    without_code: int
    without_cost: int
    version: str


class Handed(_Shape):
    """Hold the act, which can be taken back, and how many assets it moved."""

    batch: BatchShape
    moved: int
