"""Take files into the registry, and give its records out as files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any, BinaryIO, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response, StreamingResponse

from machxa_collector.api import import_shapes as shapes
from machxa_collector.api import import_views as views
from machxa_collector.api.access import permission
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.problems import problem
from machxa_collector.api.record_texts import NotThere, View
from machxa_collector.api.registry import asker_of
from machxa_collector.api.registry_acts import Forbidden
from machxa_collector.api.registry_views import kind_named
from machxa_collector.api.tongue import AskedLanguage
from machxa_collector.importing import exporting
from machxa_collector.importing.running import Busy
from machxa_collector.registry.sheets import BadFile
from machxa_collector.registry.units.fold import fold
from machxa_collector.sheets.forms import FileForm
from machxa_collector.sheets.write import CSV_TYPE, XLSX_TYPE
from machxa_collector.store import audit
from machxa_collector.store.imports import content_of

router = APIRouter(prefix="/api/v1")
_writes, _exports = Depends(permission("imports.write")), Depends(permission("exports.read"))

_VIET_NAM = timezone(timedelta(hours=7))
_CHUNK_BYTES = 64 * 1024
_RETRY_SECONDS = "30"
_REFUSALS: dict[type[Exception], int] = {NotThere: 404, Forbidden: 403, views.InTheWay: 409}
_ACCEPTED = (
    "text/csv",
    XLSX_TYPE,
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/octet-stream",
)
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FORM = {"schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {**dict.fromkeys(_ACCEPTED, _BINARY), "multipart/form-data": _FORM},
    }
}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": _BINARY, XLSX_TYPE: _BINARY}}}

Name = Annotated[str, Query(max_length=100)]
Yes = Annotated[bool, Query()]


async def file_of(request: Request) -> bytes:
    """Return the file that a request brings, as its body or as the form field "file"; its form is told by its bytes."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form(max_files=1, max_fields=5) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise HTTPException(400, "the form has no file named file")
            return await file.read()
    if kind not in _ACCEPTED:
        raise HTTPException(415, f"expected one of {', '.join(_ACCEPTED)}, or a form with a file")
    return await request.body()


def told(request: Request, view: Callable[[Deps], View | None], status: int = 200) -> Response:
    """Return a view as an answer, or the problem that stood in its way."""
    deps: Deps = request.app.state.deps
    try:
        body = view(deps)
    except (NotThere, Forbidden, views.InTheWay) as exc:
        return problem(_REFUSALS[type(exc)], str(exc))
    except BadFile as exc:
        return _unreadable(exc)
    except Busy:
        return _busy()
    if body is None:
        return Response(status_code=204)
    response = answer(request, body)
    if response.status_code == 200:  # noqa: PLR2004 - not for 304
        response.status_code = status
    return response


@router.get("/imports", response_model=shapes.ImportList, dependencies=[_writes])
def imports(request: Request, kind: Name = "") -> Response:
    """List the newest files, of one kind or of all."""
    return told(request, lambda deps: views.import_list(deps.live, deps.imports, asker_of(request), kind))


@router.post(
    "/imports/{kind}", response_model=shapes.ImportShape, status_code=201, dependencies=[_writes], openapi_extra=_BODY
)
def upload(
    request: Request,
    kind: str,
    content: Annotated[bytes, Depends(file_of)],
    mapping: Name = "",
    sheet: Name = "",
    apply: Yes = False,  # noqa: FBT002 - a query parameter
    good_only: Yes = False,  # noqa: FBT002 - likewise
) -> Response:
    """Keep a file for a week and preview it; with apply, take it in at once unless a row cannot be used."""

    def view(deps: Deps) -> View:
        asker = asker_of(request)
        made = views.upload(deps.live, deps.imports, asker, kind, content, mapping=mapping, sheet=sheet)
        if not apply:
            return made
        return views.start(deps.live, deps.imports, asker, str(made["id"]), good_only=good_only)

    return told(request, view, 201)


@router.get("/imports/{import_id}", response_model=shapes.ImportShape, dependencies=[_writes])
def one(request: Request, import_id: str) -> Response:
    """Give a file's preview, how far it is, or what came of it."""
    return told(request, lambda deps: views.import_detail(deps.live, deps.imports, asker_of(request), import_id))


@router.put("/imports/{import_id}/mapping", response_model=shapes.ImportShape, dependencies=[_writes])
def remap(request: Request, import_id: str, asked: shapes.MappingRequest) -> Response:
    """Fill fields from other columns, and preview again."""
    return told(
        request,
        lambda deps: views.remap(
            deps.live,
            deps.imports,
            asker_of(request),
            import_id,
            asked.columns,
            save_as=asked.save_as,
            sheet=asked.sheet,
        ),
    )


@router.post("/imports/{import_id}/apply", response_model=shapes.ImportShape, status_code=202, dependencies=[_writes])
def start(request: Request, import_id: str, good_only: Yes = False) -> Response:  # noqa: FBT002 - a query parameter
    """Begin to take the rows in: all, or with good_only those that can be used; all at once at the end, or none."""
    asker = asker_of(request)
    return told(
        request,
        lambda deps: views.start(deps.live, deps.imports, asker, import_id, good_only=good_only),
        202,
    )


@router.get("/imports/{import_id}/errors", response_class=Response, responses=_FILE, dependencies=[_writes])
def errors(request: Request, import_id: str, language: AskedLanguage) -> Response:
    """Give the rows that cannot be used as a file, each with its reasons."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    try:
        kept = views.seen_import(deps.live, asker, import_id)
        with deps.imports.reading():
            person, content = views.person_of(deps.live, asker), content_of(deps.store, import_id) or b""
            form, file = exporting.refused_rows_file(deps.live, person, kept, content, language)
    except NotThere as exc:
        return problem(404, str(exc))
    except BadFile as exc:
        return _unreadable(exc)
    except Busy:
        return _busy()
    return download(file, form, f"machxa-{kept.kind}-loi-{import_id[:8]}")


@router.delete("/imports/{import_id}", status_code=204, response_class=Response, dependencies=[_writes])
def drop(request: Request, import_id: str) -> Response:
    """Forget a file; what was taken in from it stays."""
    return told(request, lambda deps: views.drop(deps.live, deps.imports, asker_of(request), import_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Say which records go out: of a place, of words, and of assets those whose fields have these values."""

    unit: str
    q: str
    having: tuple[tuple[str, str], ...]


def wanted_of(asset_kind: Name = "", status: Name = "", owner: Name = "", unit: Name = "", q: Name = "") -> Wanted:
    """Return what is chosen to go out."""
    asked = {"kind": asset_kind, "status": status, "owner": owner}
    return Wanted(unit=unit, q=q, having=tuple((field, value) for field, value in asked.items() if value))


@router.get("/exports/{kind}.{form}", response_class=Response, responses=_FILE, dependencies=[_exports])
def export(
    request: Request,
    kind: str,
    form: Literal["csv", "xlsx"],
    wanted: Annotated[Wanted, Depends(wanted_of)],
    language: AskedLanguage,
    template: Yes = False,  # noqa: FBT002 - a query parameter
) -> Response:
    """Give records as a file that can be taken in again, by place and by words; with template, a blank one.

    asset_kind, status and owner choose among assets.
    """
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    try:
        told_kind = kind_named(kind)
    except NotThere as exc:
        return problem(404, str(exc))
    person, fields, as_form = views.person_of(deps.live, asker), asker.fields(told_kind), FileForm(form)
    at = datetime.fromtimestamp(asker.now_ms // 1000, _VIET_NAM)
    who = re.sub(r"[^a-z0-9]+", "-", fold(person.name)).strip("-")[:30]
    name = f"machxa-{kind}-{at:%Y%m%d-%H%M}-{who}"
    if template:
        file = exporting.blank_file(told_kind, fields, as_form, person, language)
        return download(file, as_form, f"machxa-{kind}-mau")
    chosen = replace(
        asker.chosen(deps.live.current().units, told_kind, wanted.unit.strip(), wanted.q),
        having=wanted.having if kind == "assets" else (),
    )
    audit.record_alone(
        deps.store, act(request, "export", f"{kind}.{form}", unit=wanted.unit or None, q=wanted.q or None)
    )
    file = exporting.records_file(deps.live, told_kind, fields, chosen, as_form, person, language)
    return download(file, as_form, name)


def download(file: BinaryIO, form: FileForm, name: str) -> Response:
    """Return an open file as an attachment that nobody keeps; it is closed behind it."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{form.value}"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(_parts(file), media_type=CSV_TYPE if form is FileForm.CSV else XLSX_TYPE, headers=headers)


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(_CHUNK_BYTES):
            yield part


def _unreadable(exc: BadFile) -> Response:
    """Return a problem document that says why a file cannot be read, in both languages."""
    response = problem(422, exc.told.en)
    body = {**json.loads(bytes(response.body)), "vi": exc.told.vi, "en": exc.told.en}
    return Response(json.dumps(body, ensure_ascii=False), 422, media_type="application/problem+json")


def _busy() -> Response:
    response = problem(503, "other files are being read or taken in; nothing was changed, try again in a minute")
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response
