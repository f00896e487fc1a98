"""Show what is assumed of dossiers, and let a province change it row by row, with a reason and all versions kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from starlette.responses import JSONResponse, Response

from machxa_collector.api import model_shapes as shapes
from machxa_collector.api.access import permission, principal_of, refuse_for_some
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.imports import file_of
from machxa_collector.api.model_files import read_entries, write_entries
from machxa_collector.api.model_views import made, model_view, preview_view, version_view
from machxa_collector.api.problems import problem
from machxa_collector.api.tongue import AskedLanguage
from machxa_collector.impact.matrix import BadEntries, Entry, entries_of
from machxa_collector.impact.model import Body
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.sheets import BadFile
from machxa_collector.sheets.forms import FileForm
from machxa_collector.sheets.write import CSV_TYPE, XLSX_TYPE
from machxa_collector.store import models as stored
from machxa_collector.store.models import Kept

router = APIRouter(prefix="/api/v1/dossiers")
_reads, _writes = Depends(permission("incidents.read")), Depends(permission("model.write"))
_Version = Annotated[int, Path(ge=0, le=2**31 - 1)]
_BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.get("/model", response_model=shapes.ModelShape, dependencies=[_reads])
def model(request: Request) -> Response:
    """Give the assumptions that hold now: needs of stages, paper shares, paces, thresholds, figures."""
    deps: Deps = request.app.state.deps
    return answer(request, model_view(stored.newest(deps.store)))


@router.get("/model/versions", response_model=shapes.VersionList, dependencies=[_reads])
def versions(request: Request) -> Response:
    """List the versions, newest first; 0 is what the product ships with."""
    deps: Deps = request.app.state.deps
    return answer(request, {"versions": [version_view(one) for one in stored.history(deps.store)]})


@router.get("/model/versions/{version}", response_model=shapes.ModelShape, dependencies=[_reads])
def version(request: Request, version: _Version) -> Response:
    """Give one version whole."""
    return answer(request, model_view(_of(request, version)))


@router.post("/model/preview", response_model=shapes.ModelPreview, dependencies=[_writes])
def preview(request: Request, asked: shapes.PreviewRequest) -> Response:
    """Say what saving rows would change, and what that does to stages; with faults nothing can be saved."""
    deps: Deps = request.app.state.deps
    return answer(request, preview_view(stored.newest(deps.store), _entries(asked.entries)))


@router.post(
    "/model/file",
    response_model=shapes.ModelPreview,
    dependencies=[_writes],
    openapi_extra={
        "requestBody": {"required": True, "content": {"text/csv": _BINARY, XLSX_TYPE: _BINARY}},
    },
)
def file_preview(request: Request, content: Annotated[bytes, Depends(file_of)]) -> Response:
    """Read a CSV or XLSX file and say what saving its rows would change; nothing is kept."""
    deps: Deps = request.app.state.deps
    try:
        entries = read_entries(content)
    except BadFile as exc:
        return problem(422, exc.told.en)
    return answer(request, preview_view(stored.newest(deps.store), entries))


@router.put("/model", response_model=shapes.ModelShape, status_code=201, dependencies=[_writes])
def save(request: Request, asked: shapes.ModelRequest) -> Response:
    """Keep rows as the next version; 409 when another was saved since base, 422 with the first faults of the rows."""
    refuse_for_some(request)
    deps: Deps = request.app.state.deps
    kept = _of(request, asked.base)
    try:
        body = made(kept, _entries(asked.entries), str(asked.base + 1), asked.reason)
    except BadEntries as refused:
        return problem(422, str(refused))
    return _keep(request, deps, asked.base, body, asked.reason)


@router.post(
    "/model/versions/{version}/restore", response_model=shapes.ModelShape, status_code=201, dependencies=[_writes]
)
def restore(request: Request, version: _Version, asked: shapes.RestoreRequest) -> Response:
    """Let an older version hold again, as a new one; 409 when another was saved since base."""
    refuse_for_some(request)
    deps: Deps = request.app.state.deps
    old = _of(request, version)
    body = {**old.body, "version": str(asked.base + 1), "source": asked.reason}
    return _keep(request, deps, asked.base, body, asked.reason, restored=version)


@router.get(
    "/model.{form}",
    response_class=Response,
    responses={200: {"content": {"text/csv": _BINARY, XLSX_TYPE: _BINARY}}},
    dependencies=[_reads],
)
def file(request: Request, form: Literal["csv", "xlsx"], language: AskedLanguage) -> Response:
    """Give the assumptions that hold now as a file that can be taken in again."""
    deps: Deps = request.app.state.deps
    kept = stored.newest(deps.store)
    at = datetime.fromtimestamp(deps.now_ms() // 1000, UTC).astimezone(LOCAL).replace(tzinfo=None)
    who = principal_of(request).name
    content = write_entries(entries_of(kept.body), FileForm(form), who, at, language)
    headers = {
        "Content-Disposition": f'attachment; filename="machxa-gia-dinh-{kept.about.version}.{form}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=CSV_TYPE if form == "csv" else XLSX_TYPE, headers=headers)


def _keep(request: Request, deps: Deps, base: int, body: Body, reason: str, *, restored: int | None = None) -> Response:
    entry = act(request, "model.save", f"dossiers/model/{base + 1}", base=base, restored=restored, reason=reason)
    number = stored.keep(deps.store, base, body, reason, entry)
    if number is None:
        raise HTTPException(409, f"another version was saved since {base}; look at it and change that")
    return JSONResponse(model_view(_of(request, number)), 201, headers={"Cache-Control": "no-store"})


def _of(request: Request, version: int) -> Kept:
    deps: Deps = request.app.state.deps
    found = stored.one(deps.store, version)
    if found is None:
        raise HTTPException(404, "no such version")
    return found


def _entries(rows: list[shapes.EntryShape]) -> tuple[Entry, ...]:
    return tuple(Entry(**row.model_dump()) for row in rows)
