"""Serve the pages of dossiers: sources with their age, and a file from its choice to its undoing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Request, Response
from fastapi.params import Depends as Guard
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import MOST_FILE_BYTES, form_of, name_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.dossiers import shapes, words
from machxa_web.dossiers.flow import FlowDesk, add_flow_routes
from machxa_web.dossiers.sources import SourceDesk, add_source_routes
from machxa_web.languages import load_languages, msg
from machxa_web.places import may_of
from machxa_web.render import Renderer
from machxa_web.statics import load_statics

_LOOK_AGAIN_SECONDS = "2"
_MOST_MAPPED = 60  # codes of units, and fields, on one page


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Hold a file that a person chose, of which source it is, and how it is to be read ("": as the source says)."""

    source: str
    mapping: str
    name: str
    content: bytes


class DossierDesk(FlowDesk, SourceDesk, Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble."""

    def imports(self) -> object:
        """Return the newest files; none for somebody who may not take files in."""

    def upload(self, sent: Sent) -> str:
        """Keep a file for its preview; return the import's id."""

    def one(self, import_id: str) -> object:
        """Return a file's preview, progress or outcome."""

    def remap(self, import_id: str, said: Mapping[str, object], save_as: str) -> None:
        """Preview again, read another way."""

    def start(self, import_id: str, *, good_only: bool) -> None:
        """Begin to take a file in."""

    def undo(self, import_id: str) -> None:
        """Take an import back."""

    def drop(self, import_id: str) -> None:
        """Forget a file that was not taken in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierGuards:
    """Hold the dependencies that let somebody look at sources, take files in, and say what sources there are."""

    looking: Sequence[Guard]
    importing: Sequence[Guard]
    setting: Sequence[Guard]


DossierDeskOf = Callable[[Request], DossierDesk]


async def sent_of(request: Request) -> Sent | Trouble:
    """Return the file of a form; Trouble when there is none or it is too large: a page shows it."""
    async with request.form(max_files=1, max_fields=5) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return Trouble(400, "chưa chọn tệp", "no file was chosen")
        content = await file.read(MOST_FILE_BYTES + 1)
        said = {name: value[:60] for name, value in form.items() if isinstance(value, str)}
    if len(content) > MOST_FILE_BYTES:
        return Trouble(413, "tệp lớn hơn 20 MB: hãy chia nhỏ", "the file is over 20 MB: split it")
    return Sent(
        source=said.get("source", ""), mapping=said.get("mapping", ""), name=file.filename[-200:], content=content
    )


def create_dossiers_router(
    desk_of: DossierDeskOf, guards: DossierGuards, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the routes of these pages."""
    languages = load_languages()
    sheet = Sheet(
        render=Renderer(languages, load_statics()),
        languages=languages,
        now=now,
        back=Back("/dossiers", msg("Back to the dossiers")),
    )
    router = APIRouter(include_in_schema=False)

    def listing(request: Request) -> Response:
        """Show the sources and the newest files."""
        desk = desk_of(request)
        told = taken(desk.sources(), shapes.SourceList)
        files = taken(desk.imports(), shapes.FileList)
        may = may_of(request)
        return sheet(
            request, "dossiers.html", told=told, files=files.imports, states=words.STATES, ways=words.WAYS, may=may
        )

    def upload(request: Request, sent: Annotated[Sent, Depends(sent_of)]) -> Response:
        """Take a file in for its preview."""
        return _to(desk_of(request).upload(sent))

    def one(request: Request, import_id: str) -> Response:
        """Show a file's preview, its progress, or what came of it."""
        found = taken(desk_of(request).one(name_of(import_id)), shapes.FileShape)
        response = sheet(
            request,
            "dossier_import.html",
            one=found,
            fields=words.FIELDS.get(found.kind, {}),
            groups=words.GROUPS,
            states=words.STATES,
            ways=words.WAYS,
            most=_MOST_MAPPED,
        )
        if found.state == "running":
            response.headers["Refresh"] = _LOOK_AGAIN_SECONDS  # works without JavaScript
        return response

    def remap(request: Request, import_id: str, form: Annotated[Mapping[str, str], Depends(form_of)]) -> Response:
        """Read the file another way."""
        desk = desk_of(request)
        found = taken(desk.one(name_of(import_id)), shapes.FileShape)
        desk.remap(import_id, _said(found, form), form.get("save_as", "").strip()[:60])
        return _to(import_id)

    def start(request: Request, import_id: str, form: Annotated[Mapping[str, str], Depends(form_of)]) -> Response:
        """Let the import happen."""
        desk_of(request).start(name_of(import_id), good_only=form.get("good_only") == "yes")
        return _to(import_id)

    def undo(request: Request, import_id: str) -> Response:
        """Take the import back."""
        desk_of(request).undo(name_of(import_id))
        return _to(import_id)

    def drop(request: Request, import_id: str) -> Response:
        """Forget a file that was not taken in."""
        desk_of(request).drop(name_of(import_id))
        return RedirectResponse("/dossiers", 303)

    shown: dict[str, Callable[..., Response]] = {"/dossiers/imports/{import_id}": one}
    changed: dict[str, Callable[..., Response]] = {
        "/dossiers/imports": upload,
        "/dossiers/imports/{import_id}/mapping": remap,
        "/dossiers/imports/{import_id}/start": start,
        "/dossiers/imports/{import_id}/undo": undo,
        "/dossiers/imports/{import_id}/drop": drop,
    }
    sheet.add(router, "GET", {"/dossiers": listing}, guards.looking)
    sheet.add(router, "GET", shown, guards.importing)
    sheet.add(router, "POST", changed, guards.importing)
    add_flow_routes(router, desk_of, sheet, guards.looking)
    add_source_routes(router, desk_of, sheet, guards.setting)
    return router


def _said(found: shapes.FileShape, form: Mapping[str, str]) -> Mapping[str, object]:
    """Return what a form changes of how a file is read; fields that are empty say nothing of units and groups."""
    columns = {
        column.heading: form[f"column-{number}"] or None
        for number, column in enumerate(found.columns)
        if f"column-{number}" in form
    }
    units = {
        text: form[f"unit-{number}"].strip()
        for number, (text, _) in enumerate(found.unknown_units[:_MOST_MAPPED])
        if form.get(f"unit-{number}", "").strip()
    }
    groups = {
        text: form[f"group-{number}"]
        for number, text in enumerate(found.guessed[:_MOST_MAPPED])
        if form.get(f"group-{number}")
    }
    whole = {name: form[name].strip() for name in ("unit", "sheet") if form.get(name, "").strip()}
    return {"columns": columns, "units": units, "groups": groups, **whole}


def _to(import_id: str) -> Response:
    return RedirectResponse(f"/dossiers/imports/{import_id}", 303)
