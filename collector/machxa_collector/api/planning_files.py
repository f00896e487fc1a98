"""Give plans, what stands behind one of their lines, and providers' lines as files that finance signs and audits."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response

from machxa_collector.api.access import permission, principal_of, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.deps import Deps
from machxa_collector.api.planning import Ceiling, Name, outcome_of
from machxa_collector.api.planning_attached import file_view
from machxa_collector.api.planning_views import plan_view
from machxa_collector.api.tongue import AskedLanguage
from machxa_collector.api.units import today
from machxa_collector.availability import TooWide
from machxa_collector.outputs.blocks import content_of, sha256_of
from machxa_collector.outputs.heads import office_of
from machxa_collector.outputs.word import DOCX_TYPE, write_docx
from machxa_collector.planning.outcome import Outcome, Settled, settled
from machxa_collector.planning.seal import sha256_of as plan_sha256_of
from machxa_collector.purchasing.evidence import Attached, archive, line_of, subjects_of
from machxa_collector.purchasing.planned import book_of, csv_of, workbook
from machxa_collector.purchasing.providers import provider_tables
from machxa_collector.purchasing.submission import submission
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.sheets.write import CSV_TYPE, XLSX_TYPE
from machxa_collector.store import audit, planning_attached

router = APIRouter(prefix="/api/v1")
_costs = Depends(permission("costs.read"))
_ZIP_TYPE = "application/zip"
_MOST_ATTACHED_BYTES = 40 * 1024 * 1024
_JSON_TYPE = "application/json"
_TYPES = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE, "docx": DOCX_TYPE, "json": _JSON_TYPE}


def _files(*types: str) -> dict[int | str, dict[str, Any]]:
    binary = {"type": "string", "format": "binary"}
    return {200: {"content": {one: {"schema": {"type": "object"} if one == _JSON_TYPE else binary} for one in types}}}


@router.get(
    "/planning/plan.{form}",
    response_class=Response,
    responses=_files("text/csv", XLSX_TYPE, DOCX_TYPE, _JSON_TYPE),
    dependencies=[_costs],
)
def plan_file(
    request: Request,
    form: Literal["csv", "xlsx", "docx", "json"],
    language: AskedLanguage,
    name: Name = "",
    ceiling: Ceiling = None,
) -> Response:
    """Give a plan as a file: XLSX with a sheet for each source, lines as CSV or JSON, or the submission as DOCX.

    Each bears the scenario's name and the hash of the plan, which the audit trail keeps, too. The submission, and the
    workbook's sheets whose form a decree fixes, are Vietnamese whoever asks.
    """
    deps: Deps = request.app.state.deps
    found = outcome_of(request, name, ceiling)
    lines = tuple(settled(found))
    sha256 = plan_sha256_of(found, lines)
    told = act(request, "planning.export", f"plan.{form}", scenario=name, stamp=found.stamp, sha256=sha256)
    audit.record_alone(deps.store, told)
    person = principal_of(request).name
    if form == "csv":
        content = b"".join(csv_of(found, language))
    elif form == "xlsx":
        content = workbook(found, person, deps.now_ms(), language).read()
    elif form == "json":
        content = json.dumps({**plan_view(found, lines, None), "sha256": sha256}, ensure_ascii=False).encode()
    else:
        content = _word(deps, found, person)
    return _file(content, _TYPES[form], f"machxa-ke-hoach-{sha256[:8]}.{form}")


@router.get("/planning/evidence.zip", response_class=Response, responses=_files(_ZIP_TYPE), dependencies=[_costs])
def evidence(
    request: Request,
    line: Annotated[str, Query(min_length=1, max_length=200)],
    name: Name = "",
    ceiling: Ceiling = None,
) -> Response:
    """Give what stands behind one line of a plan: its figures down to their inputs, need, price, lock, and hashes."""
    deps: Deps = request.app.state.deps
    found = outcome_of(request, name, ceiling)
    one = line_of(found, line)
    if one is None:
        raise HTTPException(404, "the plan has no such line")
    audit.record_alone(deps.store, act(request, "planning.export", f"evidence/{line}", stamp=found.stamp))
    return _file(archive(found, one, _attached(request, deps, one)), _ZIP_TYPE, "machxa-can-cu.zip")


@router.get("/planning/providers.xlsx", response_class=Response, responses=_files(XLSX_TYPE), dependencies=[_costs])
def providers(
    request: Request,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
    language: AskedLanguage,
) -> Response:
    """Give a sheet for each line provider: what was contracted, each outage with its minutes and witnesses."""
    deps: Deps = request.app.state.deps
    if first > last:
        raise HTTPException(400, "from is later than to")
    try:
        tables = provider_tables(deps.live, request_territory(request), first, last, deps.now_ms(), language)
    except TooWide as refused:
        raise HTTPException(422, str(refused)) from refused
    audit.record_alone(deps.store, act(request, "planning.export", "providers.xlsx", first=str(first), last=str(last)))
    days = {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
    title = language.say("Mạch Xã: đường truyền theo nhà mạng, {first} đến {last}").format(**days)
    content = book_of(tables, title, principal_of(request).name, deps.now_ms(), language).read()
    return _file(content, XLSX_TYPE, "machxa-nha-mang.xlsx")


def _attached(request: Request, deps: Deps, one: Settled) -> list[Attached]:
    """Return the files behind a line, as many as an archive may hold."""
    territory, found, room = request_territory(request), [], _MOST_ATTACHED_BYTES
    for about in planning_attached.of(deps.store, territory, subjects_of(one)):
        kept = planning_attached.content(deps.store, territory, about.pk) if about.size <= room else None
        room -= 0 if kept is None else about.size
        view = {**file_view(about), "content": None if kept is None else f"files/{about.pk}-{about.name}"}
        content = None if kept is None else kept[1]
        found.append(Attached(number=about.pk, name=about.name, content=content, about=view))
    return found


def _word(deps: Deps, found: Outcome, person: str) -> bytes:
    registry = deps.live.current()
    province = None if registry.home is None else registry.units.unit(registry.home, today(deps))
    document = submission(office_of(province, province), found)
    at = datetime.fromtimestamp(deps.now_ms() // 1000, LOCAL).replace(tzinfo=None)
    return write_docx(document, sha256_of(content_of(document)), person, at)


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=media_type, headers=headers)
