"""Serve the page of norms: a change is shown with what it does, kept with a reason, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Request, Response
from fastapi.params import Depends as Guard
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.languages import load_languages, msg
from machxa_web.norms import shapes, words
from machxa_web.render import Renderer
from machxa_web.statics import load_statics

PLACE = "/admin/norms"
Form = Annotated[Mapping[str, str], Depends(form_of)]
_WHAT = ("add", "end", "undo")
_FIELDS = (
    "what", "id", "item", "way", "vi", "vii", "viii", "number", "price", "purpose", "source", "from", "to",
)  # fmt: skip
_LONGEST = 500


class NormDesk(Protocol):
    """Answer with JSON-like objects. Every method may raise Trouble."""

    def standing(self) -> object:
        """Return the norms as they are."""

    def preview(self, said: Mapping[str, str]) -> object:
        """Return what a change would do; said is the form of the page, as text."""

    def keep(self, said: Mapping[str, str], reason: str, base: str) -> None:
        """Keep a change that was previewed over the version base."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NormGuards:
    """Hold the dependencies that let somebody see norms, and change them."""

    looking: Sequence[Guard]
    changing: Sequence[Guard]


def create_norms_router(
    desk_of: Callable[[Request], NormDesk],
    guards: NormGuards,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> APIRouter:
    """Return the routes; guards say who may what."""
    languages = load_languages()
    back = Back(PLACE, msg("Back to the norms"))
    sheet = Sheet(render=Renderer(languages, load_statics()), languages=languages, now=now, back=back)
    router = APIRouter(include_in_schema=False)

    def show(request: Request) -> Response:
        """Show the norms."""
        found = taken(desk_of(request).standing(), shapes.Standing)
        return sheet(request, "norms.html", found=found, words=words, place=PLACE)

    def change(request: Request, form: Form) -> Response:
        """Show what a change would do, then keep it."""
        said = {name: form.get(name, "").strip()[:_LONGEST] for name in _FIELDS if name in form}
        if said.get("what") not in _WHAT:
            raise Trouble(422, "không rõ sửa gì; chưa đổi gì", "it is not said what to change; nothing changed")
        desk = desk_of(request)
        if "confirm" in form:
            desk.keep(said, form.get("reason", "").strip()[:_LONGEST], form.get("base", ""))
            return RedirectResponse(f"{PLACE}?done=kept", 303)
        found = taken(desk.preview(said), shapes.Preview)
        return sheet(request, "norms_preview.html", found=found, said=said, words=words, place=PLACE)

    sheet.add(router, "GET", {PLACE: show}, guards.looking)
    sheet.add(router, "POST", {PLACE: change}, guards.changing)
    return router
