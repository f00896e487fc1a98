"""Serve the page of assumptions: the rows that hold, what a change would do, and the versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Request, Response
from fastapi.params import Depends as Guard
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Sheet
from machxa_web.outputs import model_shapes as shapes
from machxa_web.outputs.words import WORDS

Form = Annotated[Mapping[str, str], Depends(form_of)]
Entries = Sequence[Mapping[str, str]]
_PARTS = ("section", "stage", "group", "channel", "name")
_PLACE = "/dossiers/model"
_MOST = 40


class ModelDesk(Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble."""

    may_change: bool

    def model(self) -> object:
        """Return the version that holds."""

    def versions(self) -> object:
        """Return all versions."""

    def preview(self, entries: Entries) -> object:
        """Return what saving rows would do."""

    def save(self, base: int, reason: str, entries: Entries) -> None:
        """Keep rows as the next version."""

    def restore(self, version: int, base: int, reason: str) -> None:
        """Let an older version hold again."""


ModelDeskOf = Callable[[Request], ModelDesk]


def add_model_routes(
    router: APIRouter, desk_of: ModelDeskOf, sheet: Sheet, looking: Sequence[Guard], changing: Sequence[Guard]
) -> None:
    """Give a router the page of assumptions; guards say who may look and who may change."""

    def show(request: Request) -> Response:
        """Show the rows that hold, and the versions."""
        desk = desk_of(request)
        found = taken(desk.model(), shapes.Model)
        versions = taken(desk.versions(), shapes.Versions).versions
        return sheet(request, "model.html", model=found, versions=versions, words=WORDS, may_change=desk.may_change)

    def change(request: Request, form: Form) -> Response:
        """Show what saving would do, and save what was confirmed."""
        desk = desk_of(request)
        entries, reason = _entries(form), form.get("reason", "").strip()
        if "confirm" in form:
            desk.save(_number(form, "base"), reason, entries)
            return RedirectResponse(f"{_PLACE}?done=1", 303)
        told = taken(desk.preview(entries), shapes.Preview)
        is_vi = sheet.language(request).code == "vi"
        return sheet(request, "model_preview.html", told=told, reason=reason, words=WORDS, is_vi=is_vi)

    def restore(request: Request, form: Form) -> Response:
        """Let an older version hold again."""
        reason = form.get("reason", "").strip()
        desk_of(request).restore(_number(form, "version"), _number(form, "base"), reason)
        return RedirectResponse(f"{_PLACE}?done=1", 303)

    sheet.add(router, "GET", {_PLACE: show}, looking)
    sheet.add(router, "POST", {_PLACE: change, f"{_PLACE}/restore": restore}, changing)


def _entries(form: Mapping[str, str]) -> list[Mapping[str, str]]:
    """Return the rows of a form; one whose value was emptied is taken away, a new one is added."""
    found: list[Mapping[str, str]] = []
    for field, value in form.items():
        parts = field.split("|")
        if len(parts) == len(_PARTS) and value.strip():
            found.append({**dict(zip(_PARTS, parts, strict=True)), "value": value.strip()[:_MOST]})
    added = {part: form.get(f"new_{part}", "").strip()[:_MOST] for part in ("stage", "group", "channel", "name")}
    if form.get("new_value", "").strip():
        found.append({"section": "need", **added, "value": form["new_value"].strip()[:_MOST]})
    return found


def _number(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 (what a version can be)
        raise Trouble(422, "mẫu bị thiếu; chưa lưu gì", "the form is not whole; nothing was saved")
    return int(text)
