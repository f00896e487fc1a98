"""Show how the judgement itself does: what was set aside and goes on without, what is slow now, what always was."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from machxa_collector.api.access import permission, request_territory
from machxa_collector.api.answers import answer, iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.shapes import Moment
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store import incidents as stored

router = APIRouter(prefix="/api/v1")
_WEEK_MS, _SPELLS = 7 * 86_400_000, 3


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DefectShape(_Shape):
    """Hold what was set aside: the rule, its subject (a unit, system or incident), the error, how often, when last."""

    rule: str
    subject: str
    error: str
    count: int
    at: Moment


class SlowShape(_Shape):
    """Say what is slow now and by how many seconds: one computer (pc), a unit's line, a system, or unclear which."""

    cause: Literal["pc", "line", "system", "unclear"]
    check: str
    excess_seconds: float
    unit: str | None
    agent: str | None


class ChronicShape(_Shape):
    """Say that a check is always slow: three quarters of a week's runs took up to so many seconds."""

    check: str
    seconds: float


class UnstableShape(_Shape):
    """Say what came and went again and again within a week: spells is how often."""

    cause: str
    subject: str
    state: str
    units: list[str]
    spells: int


class JudgementShape(_Shape):
    """Hold how the judgement does; at null: nothing was judged yet. defect_count counts since it began last."""

    at: Moment | None
    units: int
    assets: int
    unknown_agents: int
    defect_count: int
    defects: list[DefectShape]
    slow: list[SlowShape]
    chronic: list[ChronicShape]
    unstable: list[UnstableShape]


@router.get("/judgement", response_model=JudgementShape, dependencies=[Depends(permission("incidents.read"))])
def judgement(request: Request) -> Response:
    """Give how the judgement does, with what concerns one's territory."""
    deps: Deps = request.app.state.deps
    state, territory, units = deps.judged(), request_territory(request), deps.live.current().units
    body: dict[str, object] = {
        "at": iso(state.at),
        "units": state.units,
        "assets": state.assets,
        "unknown_agents": state.unknown_agents,
        "defect_count": state.defect_count,
        "defects": [
            {"rule": one.rule, "subject": one.subject, "error": one.error, "count": one.count, "at": iso(one.at)}
            for one in state.defects
            if _holds(territory, one.subject) or (territory.with_nowhere and not units.history(one.subject))
        ],
        "slow": [
            {
                "cause": one.cause.value,
                "check": one.check,
                "excess_seconds": round(one.excess_seconds, 2),
                "unit": one.unit,
                "agent": one.agent,
            }
            for one in state.slow
            if one.unit is None or _holds(territory, one.unit)
        ],
        "chronic": [{"check": one.check, "seconds": round(one.seconds, 1)} for one in state.chronic],
        "unstable": [
            {
                "cause": cause,
                "subject": subject,
                "state": word,
                "units": [unit for unit in touched if _holds(territory, unit)],
                "spells": spells,
            }
            for (cause, subject, word), (spells, touched) in stored.unstable(
                deps.store, territory, deps.now_ms() - _WEEK_MS, _SPELLS
            ).items()
        ],
    }
    return answer(request, body)


def _holds(territory: Territory, unit: str) -> bool:
    return territory.units is None or unit in territory.units
