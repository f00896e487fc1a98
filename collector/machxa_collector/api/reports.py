"""Take what people report, and give it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import JSONResponse, Response

from machxa_collector.api.access import permission, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.answers import MOST_PER_PAGE, answer, cursor_of, iso, key_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.problems import problem
from machxa_collector.api.shapes import Moment
from machxa_collector.registry.reports import KEY, MOST_DEVICE, MOST_TEXT, UNIT, Category, Source, Symptom, Told, clean
from machxa_collector.store import photos
from machxa_collector.store import reports as stored
from machxa_collector.store.reports import KeyTaken, Report

router = APIRouter(prefix="/api/v1")
_YEAR_9999_MS = 253_402_300_799_999

MOST_STAGES = 9
StageWord = Annotated[str, StringConstraints(pattern="^[a-z_]{1,20}$")]
Unit = Annotated[str, StringConstraints(pattern=f"^({UNIT.pattern})$")]
Key = Annotated[str, Header(alias="Idempotency-Key", pattern=f"^{KEY.pattern}$")]


class ReportRequest(BaseModel):
    """Hold what somebody tells; at is when, in ms since 1970 UTC by the sender's clock, null for now.

    system is an id of the catalogue, stages say where on a dossier's way it hinders, waiting how many people wait,
    device is an asset's id or what people call it. A photograph follows with PUT /reports/{id}/photo.
    """

    model_config = ConfigDict(extra="forbid", strict=True)
    unit: Unit
    category: Literal[
        "computer", "printer", "land_printer", "scanner", "network", "one_stop", "signature", "lookup", "other"
    ]
    symptom: Literal["unusable", "slow", "frozen", "error", "intermittent"] | None = None
    text: Annotated[str, StringConstraints(max_length=MOST_TEXT)] = ""
    at: Annotated[int, Field(ge=0, le=_YEAR_9999_MS)] | None = None
    source: Literal["direct", "relay"] = "direct"
    system: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")] | None = None
    stages: Annotated[list[StageWord], Field(max_length=MOST_STAGES)] = []
    waiting: Literal["0", "1-5", "6-20", "20+"] | None = None
    device: Annotated[str, StringConstraints(min_length=1, max_length=MOST_DEVICE)] | None = None


class ReportShape(BaseModel):
    """Hold a report; state "unverified": nothing has judged it yet; "fixed": its reporter said since that it is over.

    From a computer's report window (source "agent"), unit is the agent's, null when it stands in none; stages are
    words of a dossier's way, waiting how many people were, incident the notice that the person has, too.
    """

    model_config = ConfigDict(extra="forbid")
    id: str
    unit: str | None
    category: str
    symptom: str | None
    text: str
    at: Moment | None
    received_at: Moment | None
    source: str
    reporter: str
    state: str
    agent: str | None = None
    device: str | None = None
    system: str | None = None
    stages: list[str] = []
    waiting: str | None = None
    began_at: Moment | None = None
    incident: str | None = None
    photo: bool = False


class ReportPage(BaseModel):
    """Hold reports, newest first."""

    model_config = ConfigDict(extra="forbid")
    reports: list[ReportShape]
    next: str | None


@router.post(
    "/reports",
    status_code=201,
    response_model=ReportShape,
    responses={200: {"model": ReportShape, "description": "This key came before, with the same report"}},
    dependencies=[Depends(permission("reports.write"))],
)
def report(request: Request, asked: ReportRequest, key: Key) -> Response:
    """Keep a report once, however often its key is sent: 201 the first time, 200 after."""
    deps: Deps = request.app.state.deps
    units = request_territory(request).units
    if units is not None and asked.unit not in units:
        return problem(404, "no such unit")
    told = Told(
        key=key,
        unit=asked.unit,
        category=Category(asked.category),
        symptom=None if asked.symptom is None else Symptom(asked.symptom),
        text=clean(asked.text),
        at=asked.at,
        source=Source(asked.source),
        system=asked.system,
        stages=",".join(dict.fromkeys(asked.stages)) or None,
        waiting=asked.waiting,
        device=None if asked.device is None else clean(asked.device) or None,
    )
    try:
        kept, is_new = stored.keep(deps.store, told, act(request, "report.send", f"units/{asked.unit}"))
    except KeyTaken:
        raise HTTPException(409, "this Idempotency-Key came before with another report; make a new one") from None
    has = not is_new and kept.id in photos.having(deps.store, [kept.id])
    return JSONResponse(_body(kept, has_photo=has), 201 if is_new else 200, headers={"Cache-Control": "no-store"})


@router.get("/reports", response_model=ReportPage, dependencies=[Depends(permission("reports.read"))])
def reports(
    request: Request,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 100,
) -> Response:
    """List the reports of one's territory, newest first."""
    deps: Deps = request.app.state.deps
    after = None
    if cursor:
        at, id_ = key_of(cursor, (int, str))
        after = (int(str(at)), str(id_))
    found = stored.newest(deps.store, request_territory(request), after, limit + 1)
    page = found[:limit]
    following = cursor_of([page[-1].received_at, page[-1].id]) if len(found) > limit else None
    pictured = photos.having(deps.store, [one.id for one in page])
    views = [_body(one, has_photo=one.id in pictured) for one in page]
    return answer(request, {"reports": views, "next": following})


def _body(report: Report, *, has_photo: bool) -> dict[str, object]:
    return {
        "id": report.id,
        "unit": report.unit,
        "category": report.category,
        "symptom": report.symptom,
        "text": report.text,
        "at": iso(report.at),
        "received_at": iso(report.received_at),
        "source": report.source,
        "reporter": report.reporter,
        "state": report.state,
        "agent": report.agent,
        "device": report.device,
        "system": report.system,
        "stages": report.stages.split(",") if report.stages else [],
        "waiting": report.waiting,
        "began_at": iso(report.began_at),
        "incident": report.incident,
        "photo": has_photo,
    }
