"""Say what answers about held-up, risky and late dossiers look like: every figure opens to its inputs."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from machxa_collector.api.shapes import Moment


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class InputShape(_Shape):
    """Name one thing a figure was reckoned from; value null: not known, or cut off for its depth."""

    name: str
    value: ExplainedShape | float | str | None


class ExplainedShape(_Shape):
    """Hold a figure, its formula (F1 to F8 of the impact model) and its inputs.

    figure null: not known, then missing says why, and at_least is what holds all the same. inputs null: not asked for.
    """

    figure: float | None
    measure: str
    formula: str
    missing: str | None
    at_least: float | None
    inputs: list[InputShape] | None


class SourceAgeShape(_Shape):
    """Say how old a source's dossier data is; age_hours: in official working hours, null where it has none."""

    id: str
    name: str
    as_of: Moment | None
    age_hours: float | None


class BasisShape(_Shape):
    """Say what figures rest on: the version of the assumptions, and the age of the dossier data."""

    model: str
    sources: list[SourceAgeShape]


class OutageShape(_Shape):
    """Hold an incident as it counts here, its length by the clock and on both clocks of working time."""

    incident: str
    layer: str
    started_at: Moment
    ended_at: Moment | None
    clock_hours: float
    official_hours: float
    actual_hours: float


class PaperShape(_Shape):
    """Say when work was done by hand; groups empty: all."""

    started_at: Moment
    ended_at: Moment | None
    groups: list[str]


class LeftShape(_Shape):
    """Say what is left of a system for the dossiers of a group (F1)."""

    group: str
    system: str
    left: ExplainedShape


class StageShape(_Shape):
    """Say what of a stage's capacity is left (F2), what comes an hour and what can pass."""

    group: str
    channel: str
    stage: str
    factor: ExplainedShape
    arrivals: ExplainedShape
    capacity: ExplainedShape
    throughput: ExplainedShape


class StreamShape(_Shape):
    """Hold what one group and channel loses; at_stage says where the held dossiers stood."""

    group: str
    channel: str
    held: ExplainedShape
    work: ExplainedShape
    deferred: ExplainedShape
    dossier_hours: ExplainedShape
    catch_up: ExplainedShape
    at_stage: dict[str, float]


class UnitFigures(_Shape):
    """Hold a unit's joint figures, and what each incident has of held; the shares sum to it."""

    unit: str
    at: Moment
    held: ExplainedShape
    dossier_hours: ExplainedShape
    catch_up: ExplainedShape
    blocked: ExplainedShape
    postponed: ExplainedShape
    daily_flow: ExplainedShape
    shares: dict[str, ExplainedShape]
    caught_up: Moment | None
    official_hours: float | None
    overtime: ExplainedShape


class UnitImpactShape(UnitFigures):
    """Hold all that is said of a unit; left and stages describe state_at."""

    outages: list[OutageShape]
    papers: list[PaperShape]
    state_at: Moment | None
    left: list[LeftShape]
    stages: list[StageShape]
    streams: list[StreamShape]
    basis: BasisShape


class IncidentImpactShape(_Shape):
    """Hold what an incident does in its units, the dearest first, without inputs: ask with unit= for those.

    held: jointly with all else that is wrong there, share: what of it is this incident's. left_out: units that were
    not reckoned, because they are too many or not in the registry.
    """

    incident: str
    held: ExplainedShape
    share: ExplainedShape
    dossier_hours: ExplainedShape
    units: list[UnitFigures]
    left_out: list[str]
    basis: BasisShape


class RiskShape(_Shape):
    """Hold a dossier with its slack in official hours, below 0: it will be late; null: nobody can say."""

    number: str
    due: Moment
    slack: ExplainedShape


class UnitRiskShape(_Shape):
    """Hold the dossiers at risk, least slack first; hidden says why nothing is listed."""

    unit: str
    at_risk: list[RiskShape]
    not_known: int
    hidden: str | None
    age: ExplainedShape
    repair: ExplainedShape
    queue_wait: ExplainedShape
    newly_overdue: ExplainedShape
    incidents: list[str]
    is_cut: bool
    basis: BasisShape


class SplitShape(_Shape):
    """Split the late official hours; k1_direct to k5 sum to late. late_actual: with declared sessions counted.

    by_cause splits k1_direct over the layers. A proposal for a person to sign, never written back.
    """

    late: ExplainedShape
    late_actual: ExplainedShape
    k1_direct: ExplainedShape
    k1_queue: ExplainedShape
    k2_recorded_late: ExplainedShape
    k3_waiting: ExplainedShape
    k4_staff: ExplainedShape
    k5_no_evidence: ExplainedShape
    by_cause: dict[str, float]
    confidence: str


class LateShape(_Shape):
    """Hold a late dossier with its split, and the incidents that were weighed."""

    source: str
    number: str
    unit: str
    group: str
    received: Moment
    due: Moment
    recorded: Moment | None
    done: Moment | None
    split: SplitShape
    incidents: list[str]


class LateDossiers(_Shape):
    """Hold the late dossiers of a number, of one source each; is_late false: it is known, and not late."""

    number: str
    is_late: bool
    dossiers: list[LateShape]
    basis: BasisShape


class KSums(_Shape):
    """Hold sums of late official hours."""

    late: float
    k1_direct: float
    k1_queue: float
    k2_recorded_late: float
    k3_waiting: float
    k4_staff: float
    k5_no_evidence: float


class LateLine(_Shape):
    """Hold a late dossier's split in figures; its inputs open under /dossiers/explain/{number}."""

    number: str
    group: str
    due: Moment
    recorded: Moment | None
    hours: KSums
    confidence: str


class MonthShape(_Shape):
    """Hold a unit's late dossiers of a month; is_cut: there are more than are listed and summed."""

    unit: str
    month: date
    ended: int
    late: Annotated[int, Field(ge=0)]
    is_cut: bool
    sums: KSums
    confidence: dict[str, int]
    gap_median: ExplainedShape
    late_in_extra: ExplainedShape
    lines: list[LateLine]
    basis: BasisShape
