"""Serve the pages of work on paper: declare and end it, keep its ledger in bulk, see what is overdue."""

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
from machxa_web.outputs.words import GROUPS, STAGES
from machxa_web.paper import shapes
from machxa_web.paper.forms import MOST_MARKED, BadRows, Rows, declaration, marked, moment_or_none, rows_of
from machxa_web.render import Renderer
from machxa_web.statics import load_statics

Form = Annotated[Mapping[str, str], Depends(form_of)]
_MOST_DIGITS = 9
_SHOWN = 1000  # lines on one page; all stand in the printed ledger


class PaperDesk(Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble."""

    may_declare: bool
    may_write: bool
    may_issue: bool
    unit: str  # of who asks, "" when there is not one alone

    def spells(self) -> object:
        """Return the newest times on paper."""

    def one(self, spell: int) -> object:
        """Return one with its ledger."""

    def declare(self, said: Mapping[str, object]) -> int:
        """Declare that a unit works on paper; return its number."""

    def end(self, spell: int, ended_at: int | None) -> None:
        """End it at a moment in ms, now if None."""

    def add(self, spell: int, rows: Rows) -> int:
        """Write rows into the ledger, all or none; return how many are new."""

    def enter(self, spell: int, lines: Sequence[tuple[str, str | None]]) -> None:
        """Say that lines were typed in, with their dossier numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperGuards:
    """Hold the dependencies that let somebody look, declare, and write into ledgers."""

    looking: Sequence[Guard]
    declaring: Sequence[Guard]
    writing: Sequence[Guard]


PaperDeskOf = Callable[[Request], PaperDesk]


def create_paper_router(
    desk_of: PaperDeskOf, guards: PaperGuards, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the routes of these pages."""
    languages = load_languages()
    sheet = Sheet(
        render=Renderer(languages, load_statics()),
        languages=languages,
        now=now,
        back=Back("/paper", msg("Back to work on paper")),
    )
    router, pages = APIRouter(include_in_schema=False), _Pages(desk_of, sheet)
    changed: dict[str, Callable[..., Response]] = {
        "/paper/{spell}/lines": pages.add,
        "/paper/{spell}/entered": pages.enter,
    }
    sheet.add(router, "GET", {"/paper": pages.listing, "/paper/{spell}": pages.one}, guards.looking)
    sheet.add(router, "POST", {"/paper": pages.declare, "/paper/{spell}/end": pages.end}, guards.declaring)
    sheet.add(router, "POST", changed, guards.writing)
    return router


class _Pages:
    def __init__(self, desk_of: PaperDeskOf, sheet: Sheet) -> None:
        self._desk_of = desk_of
        self._sheet = sheet

    def listing(self, request: Request) -> Response:
        """Show the newest times on paper, and the form that declares one."""
        return self._listing(request, {name: request.query_params.get(name, "")[:32] for name in ("unit", "incident")})

    def _listing(self, request: Request, chosen: Mapping[str, str], trouble: Trouble | None = None) -> Response:
        desk = self._desk_of(request)
        return self._sheet(
            request,
            "paper.html",
            status=200 if trouble is None else trouble.status,
            wrong=None if trouble is None else self._sheet.told(request, trouble),
            spells=taken(desk.spells(), shapes.SpellList).spells,
            groups=GROUPS,
            chosen={**chosen, "unit": chosen.get("unit") or desk.unit},
            may_declare=desk.may_declare,
        )

    def one(self, request: Request, spell: str) -> Response:
        """Show one with its ledger."""
        return self._one(request, _number(spell))

    def _one(self, request: Request, number: int, rows: str = "", trouble: Trouble | None = None) -> Response:
        desk = self._desk_of(request)
        found = taken(desk.one(number), shapes.Spell)
        left = [line for line in found.ledger if line.entered_at is None]
        return self._sheet(
            request,
            "paper_one.html",
            status=200 if trouble is None else trouble.status,
            wrong=None if trouble is None else self._sheet.told(request, trouble),
            rows=rows,
            one=found,
            left=left[:MOST_MARKED],
            lines=found.ledger[:_SHOWN],
            groups=GROUPS,
            stages=STAGES,
            desk=desk,
        )

    def declare(self, request: Request, form: Form) -> Response:
        """Declare that a unit works on paper; what was typed stays when it cannot be."""
        try:
            return _to(self._desk_of(request).declare(declaration(form)))
        except Trouble as trouble:
            return self._listing(request, form, trouble)

    def end(self, request: Request, spell: str, form: Form) -> Response:
        """End it."""
        number = _number(spell)
        self._desk_of(request).end(number, moment_or_none(form.get("ended_at", "")))
        return _to(number)

    def add(self, request: Request, spell: str, rows: Annotated[Rows, Depends(rows_of)]) -> Response:
        """Write rows into the ledger; those that cannot be read are shown again."""
        number = _number(spell)
        try:
            added = self._desk_of(request).add(number, rows)
        except BadRows as trouble:
            return self._one(
                request, number, rows.content.decode("utf-8", "replace") if rows.is_pasted else "", trouble
            )
        return RedirectResponse(f"/paper/{number}?done={added}", 303)

    def enter(self, request: Request, spell: str, form: Form) -> Response:
        """Say that lines were typed in."""
        number, lines = _number(spell), marked(form)
        if not lines:
            raise Trouble(400, "chưa đánh dấu dòng nào", "no line was marked")
        self._desk_of(request).enter(number, lines)
        return _to(number)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise Trouble(404, "không có lần làm trên giấy này", "there is no such time on paper")
    return int(text)


def _to(number: int) -> Response:
    return RedirectResponse(f"/paper/{number}", 303)
