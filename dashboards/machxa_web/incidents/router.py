"""Serve the pages of incidents: the list, one with its evidence and timeline, and what people do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Request, Response
from fastapi.params import Depends as Guard
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import cursor_of, form_of, name_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.days import moment_of
from machxa_web.incidents import shapes
from machxa_web.incidents.words import ACTS, WORDS
from machxa_web.languages import load_languages, msg
from machxa_web.outputs.words import STAGES
from machxa_web.render import Renderer
from machxa_web.statics import load_statics

Form = Annotated[Mapping[str, str], Depends(form_of)]
_MOST = 1000


class IncidentDesk(Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble."""

    may_handle: bool

    def page(self, cursor: str | None, unit: str | None, *, is_open: bool | None) -> object:
        """Return one page of incidents."""

    def one(self, incident: str) -> object:
        """Return one incident whole."""

    def beside(self, incident: str) -> object:
        """Return what explains an incident, and when people were told."""

    def effects(self, incident: str) -> object:
        """Return what an incident does to dossiers."""

    def act(self, incident: str, kind: str, detail: Mapping[str, object]) -> None:
        """Write down what somebody does."""

    def judgement(self) -> object:
        """Return how the judgement does."""


IncidentDeskOf = Callable[[Request], IncidentDesk]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentGuards:
    """Hold the dependencies that let somebody look, and do something about an incident."""

    looking: Sequence[Guard]
    handling: Sequence[Guard]


def create_incidents_router(
    desk_of: IncidentDeskOf, guards: IncidentGuards, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the routes; guards say who may what."""
    languages = load_languages()
    sheet = Sheet(
        render=Renderer(languages, load_statics()),
        languages=languages,
        now=now,
        back=Back("/incidents", msg("Back to the incidents")),
    )
    router = APIRouter(include_in_schema=False)

    def listing(request: Request) -> Response:
        """Show what is open, or with ?all=1 what has ended too."""
        shows_all = request.query_params.get("all") == "1"
        unit = request.query_params.get("unit", "")[:10]
        desk = desk_of(request)
        found = taken(desk.page(cursor_of(request), unit or None, is_open=None if shows_all else True), shapes.Page)
        return sheet(request, "incidents.html", page=found, words=WORDS, shows_all=shows_all, unit=unit)

    def detail(request: Request, incident: str) -> Response:
        """Show one incident."""
        desk = desk_of(request)
        one = taken(desk.one(name_of(incident)), shapes.Detail)
        beside = taken(desk.beside(one.id), shapes.Beside)
        return sheet(request, "incident.html", one=one, beside=beside, words=WORDS, may_handle=desk.may_handle)

    def effects(request: Request, incident: str) -> Response:
        """Show what an incident does to dossiers, alone or as a part of its page."""
        found = taken(desk_of(request).effects(name_of(incident)), shapes.Effects)
        template = "incident_held.html" if request.query_params.get("part") == "1" else "incident_effects.html"
        return sheet(request, template, found=found, incident=incident, words={**WORDS, "stages": STAGES})

    def act(request: Request, incident: str, form: Form) -> Response:
        """Do something about it."""
        kind = form.get("kind", "")
        if kind not in ACTS:
            raise Trouble(422, "không có việc này; chưa ghi gì", "there is no such act; nothing was written")
        given: dict[str, object] = {name: text.strip()[:_MOST] for name, text in form.items() if name != "kind"}
        if "until" in given:
            given["until"] = moment_of(str(given["until"]))
        desk_of(request).act(name_of(incident), kind, given)
        return RedirectResponse(f"/incidents/{incident}?done={kind}", 303)

    def judgement(request: Request) -> Response:
        """Show what is always weak, and how the judgement itself does."""
        found = taken(desk_of(request).judgement(), shapes.Judgement)
        return sheet(request, "judgement.html", found=found, words=WORDS)

    sheet.add(router, "GET", {"/judgement": judgement}, guards.looking)
    shown: dict[str, Callable[..., Response]] = {
        "/incidents": listing,
        "/incidents/{incident}": detail,
        "/incidents/{incident}/effects": effects,
    }
    sheet.add(router, "GET", shown, guards.looking)
    sheet.add(router, "POST", {"/incidents/{incident}/acts": act}, guards.handling)
    return router
