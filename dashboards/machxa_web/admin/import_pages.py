"""Serve the pages that take a file in: choose it, see what would happen, then let it happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of, name_of, upload_of
from machxa_web.admin.desk import DeskOf, Guards, ImportDeskOf, Upload
from machxa_web.admin.imports import ImportList, ImportShape
from machxa_web.admin.pages import kind_of, taken
from machxa_web.admin.sheet import Sheet

LOOK_AGAIN_SECONDS = "2"
_COLUMN = "column-"  # and the column's number: headings may repeat, and may be anything


def add_import_routes(router: APIRouter, desk_of: DeskOf, files_of: ImportDeskOf, sheet: Sheet, guards: Guards) -> None:
    """Give a router the pages of imports; guards say who may look and who may change."""

    def choose(request: Request, kind: str) -> Response:
        """Show where to choose a file, and the newest imports."""
        told = kind_of(desk_of(request), name_of(kind))
        newest = taken(files_of(request).imports(kind), ImportList)
        return sheet(request, "admin_import.html", kind=told, newest=newest.imports, mappings=newest.mappings)

    def upload(request: Request, kind: str, file: Annotated[Upload, Depends(upload_of)]) -> Response:
        """Take a file in for its preview."""
        kind_of(desk_of(request), name_of(kind))
        return _to(files_of(request).upload(kind, file))

    def one(request: Request, import_id: str) -> Response:
        """Show a file's preview, its progress, or what came of it."""
        found = taken(files_of(request).one(name_of(import_id)), ImportShape)
        response = sheet(request, "admin_import_one.html", kind=kind_of(desk_of(request), found.kind), one=found)
        if found.state == "running":
            response.headers["Refresh"] = LOOK_AGAIN_SECONDS  # works without JavaScript
        return response

    def remap(request: Request, import_id: str, form: Annotated[Mapping[str, str], Depends(form_of)]) -> Response:
        """Fill fields from other columns."""
        desk = files_of(request)
        found = taken(desk.one(name_of(import_id)), ImportShape)
        chosen = {
            column.heading: form[f"{_COLUMN}{number}"] or None
            for number, column in enumerate(found.columns)
            if f"{_COLUMN}{number}" in form
        }
        desk.remap(import_id, chosen, form.get("save_as", "").strip()[:100], form.get("sheet", "")[:200])
        return _to(import_id)

    def start(request: Request, import_id: str, form: Annotated[Mapping[str, str], Depends(form_of)]) -> Response:
        """Let the import happen."""
        files_of(request).start(name_of(import_id), good_only=form.get("good_only") == "yes")
        return _to(import_id)

    def drop(request: Request, import_id: str) -> Response:
        """Forget a file that was not taken in."""
        desk = files_of(request)
        found = taken(desk.one(name_of(import_id)), ImportShape)
        desk.drop(import_id)
        return RedirectResponse(f"/admin/import/{found.kind}", 303)

    shown: dict[str, Callable[..., Response]] = {"/admin/import/{kind}": choose, "/admin/imports/{import_id}": one}
    changed: dict[str, Callable[..., Response]] = {
        "/admin/import/{kind}": upload,
        "/admin/imports/{import_id}/mapping": remap,
        "/admin/imports/{import_id}/start": start,
        "/admin/imports/{import_id}/drop": drop,
    }
    sheet.add(router, "GET", shown, guards.importing)
    sheet.add(router, "POST", changed, guards.importing)


def _to(import_id: str) -> Response:
    return RedirectResponse(f"/admin/imports/{import_id}", 303)
