"""Give documents out as HTML to print, DOCX, XLSX, CSV and JSON, keep each as given, and check their hashes later."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from starlette.responses import JSONResponse, Response

from machxa_collector.api import output_shapes as shapes
from machxa_collector.api.access import permission, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer, iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.impact import unit_of
from machxa_collector.outputs import issuing
from machxa_collector.outputs.blocks import Document, content_of, document_of, sha256_of
from machxa_collector.outputs.monthly_gathering import monthly_of
from machxa_collector.outputs.page import STYLE_SOURCE, write_html
from machxa_collector.outputs.sheets import document_csv, document_xlsx
from machxa_collector.outputs.word import DOCX_TYPE, write_docx
from machxa_collector.registry.calendar import FIRST_YEAR, LAST_YEAR, LOCAL
from machxa_collector.registry.units import Kind
from machxa_collector.sheets.write import CSV_TYPE, XLSX_TYPE
from machxa_collector.store import documents as stored
from machxa_collector.store import incidents as known_incidents
from machxa_collector.store import paper as papers
from machxa_collector.store.documents import Given

router = APIRouter(prefix="/api/v1/outputs")
_reads, _issues = Depends(permission("incidents.read")), Depends(permission("outputs.issue"))
_Pk = Annotated[int, Path(ge=1, le=2**31 - 1)]
_MOST = 100
_NEEDS = {
    "slip": ("incident", "unit"),
    "fair": ("unit", "month"),
    "recorded": ("unit", "month"),
    "monthly": ("unit", "month"),
    "ledger": ("paper",),
    "annex": ("dossier",),
    "brief": ("unit", "day"),
}
_OF_MONTH = {"fair": issuing.fair_of, "recorded": issuing.recorded_of, "monthly": monthly_of}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_TYPES = {"html": "text/html; charset=utf-8", "xlsx": XLSX_TYPE, "csv": CSV_TYPE, "docx": DOCX_TYPE}
_POLICY = f"default-src 'none'; style-src {STYLE_SOURCE}; img-src data:; frame-ancestors 'none'; base-uri 'none'"
Json = dict[str, object]


@router.get("", response_model=shapes.GivenList, dependencies=[_reads])
def outputs(
    request: Request, unit: Annotated[str, Query(max_length=10)] = "", kind: shapes.KindWord | None = None
) -> Response:
    """List the newest documents of one's territory, or of one unit."""
    deps: Deps = request.app.state.deps
    units = {unit_of(request, unit)} if unit else request_territory(request).units
    found = stored.newest(deps.store, units, kind, _MOST)
    return answer(request, {"documents": [_view(one) for one in found]})


@router.post("", response_model=shapes.GivenShape, status_code=201, dependencies=[_issues])
def issue(request: Request, asked: shapes.OutputRequest) -> Response:
    """Build a document as of now, keep it as it is given out, and say under which number and hash."""
    deps: Deps = request.app.state.deps
    given = {name for name in asked.model_fields_set - {"kind"} if getattr(asked, name) is not None}
    if given != set(_NEEDS[asked.kind]):
        raise HTTPException(422, f"{asked.kind} needs {' and '.join(_NEEDS[asked.kind])}, and nothing else")
    unit, subject, document = _built(request, deps, asked)
    content = content_of(document)
    sha256 = sha256_of(content)
    entry = act(request, "outputs.issue", f"outputs/{asked.kind}", unit=unit, about=subject, sha256=sha256)
    pk = stored.keep(deps.store, entry, asked.kind, unit, subject, sha256, content)
    found = stored.one(deps.store, pk)
    if found is None:
        raise HTTPException(404, "no such document")
    return JSONResponse(_view(found), 201, headers={"Cache-Control": "no-store"})


@router.get("/verify/{sha256}", response_model=shapes.VerifiedShape, dependencies=[_reads])
def verify(request: Request, sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]) -> Response:
    """Say whether a document with this hash was given out here, and whether what is kept still has it."""
    deps: Deps = request.app.state.deps
    found = stored.by_hash(deps.store, sha256)
    if found is not None and not _may_see(request, found):
        found = None
    told = {
        "sha256": sha256,
        "is_known": found is not None,
        "is_whole": found is not None and sha256_of(found.content) == sha256,
        "document": None if found is None else _view(found),
    }
    return answer(request, told)


@router.get(
    "/{pk}.{form}",
    response_class=Response,
    responses={200: {"content": {kind.partition(";")[0]: _BINARY for kind in (*_TYPES.values(), "application/json")}}},
    dependencies=[_reads],
)
def file(request: Request, pk: _Pk, form: shapes.FormWord) -> Response:
    """Give a document as it was given out first, in one of the forms; only the stamp of its making is in the file."""
    deps: Deps = request.app.state.deps
    found = stored.one(deps.store, pk)
    if found is None or not _may_see(request, found):
        raise HTTPException(404, "no such document")
    if form == "json":
        return Response(found.content, media_type="application/json", headers={"Cache-Control": "private, no-store"})
    document = document_of(found.content)
    at = datetime.fromtimestamp(found.made_at // 1000, UTC).astimezone(LOCAL).replace(tzinfo=None)
    if form == "html":
        content = write_html(document, found.sha256)
    elif form == "csv":
        content = document_csv(document, found.sha256)
    elif form == "xlsx":
        content = document_xlsx(document, found.sha256, found.made_by, at)
    else:
        content = write_docx(document, found.sha256, found.made_by, at)
    shown = "inline" if form == "html" else "attachment"
    headers = {
        "Content-Disposition": f'{shown}; filename="machxa-{found.kind}-{found.unit}-{pk}.{form}"',
        "Cache-Control": "private, no-store",
    }
    if form == "html":
        headers["Content-Security-Policy"] = _POLICY
    return Response(content, media_type=_TYPES[form], headers=headers)


def _built(request: Request, deps: Deps, asked: shapes.OutputRequest) -> tuple[str, str, Document]:
    """Return the unit, what a document is about, and itself; answers 404 for what one may not see."""
    units = request_territory(request).units
    if asked.kind == "annex":
        late = issuing.annex_of(deps.facts, str(asked.dossier), units)
        if late is None:
            raise HTTPException(404, "no such dossier, or it is not late")
        return late
    if asked.kind == "ledger":
        spell = papers.spell(deps.store, asked.paper or 0) if 0 < (asked.paper or 0) < 2**31 else None
        made = None if spell is None or (units is not None and spell.unit not in units) else spell
        built = None if made is None else issuing.ledger_document(deps.facts, made)
        if made is None or built is None:
            raise HTTPException(404, "no such time on paper")
        return made.unit, str(made.pk), built
    code = unit_of(request, str(asked.unit))
    if asked.kind == "slip":
        incident = known_incidents.one(deps.store, request_territory(request), str(asked.incident))
        slip = None if incident is None or code not in incident.units else issuing.slip_of(deps.facts, incident, code)
        if slip is None:
            raise HTTPException(404, "no such incident in this unit")
        return code, str(asked.incident), slip
    if asked.kind == "brief":
        return code, str(asked.day), _brief(deps, code, str(asked.day))
    first = _day(f"{asked.month}-01")
    return code, str(asked.month), _OF_MONTH[asked.kind](deps.facts, code, first)


def _brief(deps: Deps, code: str, text: str) -> Document:
    if deps.live.current().units.history(code)[0].kind is not Kind.PROVINCE:
        raise HTTPException(422, "a brief is of a province: unit is its code, such as 86")
    day = _day(text)
    return issuing.brief_of(deps.facts, code, day - timedelta(days=day.weekday()))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as exc:
        raise HTTPException(422, f"{text} is no day") from exc
    if not FIRST_YEAR < day.year < LAST_YEAR:
        raise HTTPException(422, f"calendars reach from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _may_see(request: Request, given: Given) -> bool:
    units = request_territory(request).units
    return units is None or given.unit in units


def _view(one: Given) -> Json:
    return {
        "id": one.pk,
        "kind": one.kind,
        "unit": one.unit,
        "subject": one.subject,
        "title": document_of(one.content).title,
        "made_at": iso(one.made_at),
        "made_by": one.made_by,
        "sha256": one.sha256,
    }
