"""Take files of dossiers in, tell where their figures come from and how old they are, and what flow they teach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response

from machxa_collector.api import dossier_shapes as shapes
from machxa_collector.api import dossier_views as views
from machxa_collector.api.access import permission, refuse_for_some, request_territory
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.flow_views import flow_view
from machxa_collector.api.imports import file_of, told
from machxa_collector.api.problems import problem
from machxa_collector.api.record_texts import View
from machxa_collector.api.registry import asker_of
from machxa_collector.api.registry_asker import Asker
from machxa_collector.importing.dossiers.asked import BadSource
from machxa_collector.importing.dossiers.given import Refused
from machxa_collector.importing.dossiers.mapping import BadMapping
from machxa_collector.sheets.write import CSV_TYPE

router = APIRouter(prefix="/api/v1/dossiers")
_reads, _writes = Depends(permission("units.read")), Depends(permission("imports.write"))
_keeps = Depends(permission("settings.write"))

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": _BINARY, "application/octet-stream": _BINARY, "application/json": _BINARY},
    }
}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": _BINARY}}}
_Name = Annotated[str, Query(max_length=100)]
_Yes = Annotated[bool, Query()]
_UNFIT = 422


async def dossiers_of(request: Request) -> bytes:
    """Return the file that a request brings: a table, or JSON as a dossier system answers it."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return await (request.body() if kind == "application/json" else file_of(request))


@router.get("/sources", response_model=shapes.SourceList, dependencies=[_reads])
def sources(request: Request) -> Response:
    """List the dossier systems whose figures are taken in, each with its age."""
    return _told(request, views.source_list)


@router.post("/sources", response_model=shapes.SourceShape, status_code=201, dependencies=[_keeps])
def add_source(request: Request, asked: shapes.SourceRequest) -> Response:
    """Make a source: a dossier system of the province or a ministry."""
    refuse_for_some(request)
    name = (asked.id, asked.name)
    return _told(
        request,
        lambda deps, asker: views.add_source(deps, asker, name, asked.asked, hashes=asked.hash_numbers),
        201,
    )


@router.put("/sources/{source}", response_model=shapes.SourceShape, dependencies=[_keeps])
def change_source(request: Request, source: str, asked: shapes.SourceRequest) -> Response:
    """Change a source's name, mapping, drop folder and timetable."""
    refuse_for_some(request)
    return _told(request, lambda deps, asker: views.change_source(deps, asker, source, asked.name, asked.asked))


@router.get("/imports", response_model=shapes.DossierImportList, dependencies=[_writes])
def imports(request: Request, source: _Name = "") -> Response:
    """List the newest imports of dossiers, of one source or of all."""
    return _told(request, lambda deps, asker: views.import_list(deps, asker, source))


@router.post(
    "/imports", response_model=shapes.DossierImportShape, status_code=201, dependencies=[_writes], openapi_extra=_BODY
)
def upload(
    request: Request,
    source: _Name,
    content: Annotated[bytes, Depends(dossiers_of)],
    mapping: _Name = "",
    name: _Name = "",
    as_of: datetime | None = None,
) -> Response:
    """Keep a file of dossiers for a week and preview it: nothing is stored of it before it is applied."""
    return _told(request, lambda deps, asker: views.upload(deps, asker, source, content, (mapping, name), as_of), 201)


@router.get("/imports/{import_id}", response_model=shapes.DossierImportShape, dependencies=[_writes])
def one(request: Request, import_id: str) -> Response:
    """Give a file's preview, how far it is, or what came of it."""
    return _told(request, lambda deps, asker: views.import_detail(deps, asker, import_id))


@router.put("/imports/{import_id}/mapping", response_model=shapes.DossierImportShape, dependencies=[_writes])
def remap(request: Request, import_id: str, asked: shapes.DossierMappingRequest) -> Response:
    """Read a kept file another way, and preview again; with save_as, that becomes a mapping's next version."""
    said = asked.model_dump(exclude_unset=True, exclude={"save_as"})
    return _told(request, lambda deps, asker: views.remap(deps, asker, import_id, said, asked.save_as.strip()))


@router.post(
    "/imports/{import_id}/apply", response_model=shapes.DossierImportShape, status_code=202, dependencies=[_writes]
)
def start(request: Request, import_id: str, good_only: _Yes = False) -> Response:  # noqa: FBT002 - a query parameter
    """Begin to take a file in: all rows, or with good_only those that can be used; all at once at the end, or none."""
    return _told(request, lambda deps, asker: views.start(deps, asker, import_id, good_only=good_only), 202)


@router.get("/imports/{import_id}/errors", response_class=Response, responses=_FILE, dependencies=[_writes])
def errors(request: Request, import_id: str) -> Response:
    """Give what is wrong with the rows of a kept file as a file: row, column, reason."""
    found: list[bytes] = []

    def view(deps: Deps, asker: Asker) -> View:
        found.append(views.errors_of(deps, asker, import_id))
        return {}

    refused = _told(request, view)
    if not found:
        return refused
    headers = {"Content-Disposition": f'attachment; filename="machxa-ho-so-loi-{import_id[:8]}.csv"'}
    return Response(found[0], media_type=CSV_TYPE, headers={**headers, "Cache-Control": "private, no-store"})


@router.post("/imports/{import_id}/undo", response_model=shapes.DossierImportShape, dependencies=[_writes])
def undo(request: Request, import_id: str) -> Response:
    """Take an import back, newest first: what it brought goes, what it replaced holds again."""
    return _told(request, lambda deps, asker: views.undo(deps, asker, import_id))


@router.delete("/imports/{import_id}", status_code=204, response_class=Response, dependencies=[_writes])
def drop(request: Request, import_id: str) -> Response:
    """Forget a file that was not taken in."""
    return _told(request, lambda deps, asker: views.drop(deps, asker, import_id))


@router.get("/flow", response_model=shapes.FlowShape, dependencies=[_reads])
def flow(request: Request, unit: Annotated[str, Query(max_length=10)]) -> Response:
    """Give what comes to a unit an hour, by group and weekday, with its sample and where it was learnt from."""
    deps: Deps = request.app.state.deps
    territory = request_territory(request)
    if territory.units is not None and unit not in territory.units:
        raise HTTPException(404, "no such unit of yours")
    found = flow_view(deps, asker_of(request), unit)
    if found is None:
        raise HTTPException(404, "no such unit of yours")
    return answer(request, found)


def _told(request: Request, view: Callable[[Deps, Asker], View | None], status: int = 200) -> Response:
    asker = asker_of(request)
    try:
        return told(request, lambda deps: view(deps, asker), status)
    except Refused as exc:
        return problem(409, str(exc))
    except (BadMapping, BadSource) as exc:
        return problem(_UNFIT, str(exc))
