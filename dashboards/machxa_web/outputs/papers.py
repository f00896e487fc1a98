"""Serve the page of documents: those given out, forms to ask for another, and links to print and keep each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Protocol
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.params import Depends as Guard
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Sheet
from machxa_web.days import day_of, month_of
from machxa_web.languages import VIET_NAM, msg

Form = Annotated[Mapping[str, str], Depends(form_of)]
KINDS: Mapping[str, str] = {
    "slip": msg("Confirmation of an incident"),
    "fair": msg("Late dossiers, fairly explained"),
    "recorded": msg("Late records and extra sessions"),
    "monthly": msg("One page a month for the unit’s leader"),
    "ledger": msg("Ledger of dossiers on paper"),
    "annex": msg("Evidence for the letter of apology (Mẫu 04)"),
    "brief": msg("Weekly page for the province's leaders"),
}
FIELDS: Mapping[str, tuple[str, ...]] = {
    "slip": ("incident", "unit"),
    "fair": ("unit", "month"),
    "recorded": ("unit", "month"),
    "monthly": ("unit", "month"),
    "ledger": ("paper",),
    "annex": ("dossier",),
    "brief": ("unit", "day"),
}
_CHOSEN = ("kind", "incident", "unit", "dossier", "month")
_MOST = 64
_DIGITS = 9
_MONTHS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Hold a document as it was given out."""

    id: int
    kind: str
    unit: str
    subject: str
    title: str
    made_at: datetime
    made_by: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenList:
    """Hold the newest documents."""

    documents: tuple[Given, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Say whether a hash is known, and whether what is kept still has it."""

    sha256: str
    is_known: bool
    is_whole: bool
    document: Given | None


class PaperDesk(Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble."""

    may_issue: bool

    def given(self) -> object:
        """Return the newest documents."""

    def verified(self, sha256: str) -> object:
        """Return what is known of a hash."""

    def issue(self, asked: Mapping[str, object]) -> None:
        """Give a document out."""


PaperDeskOf = Callable[[Request], PaperDesk]


def add_paper_routes(
    router: APIRouter, desk_of: PaperDeskOf, sheet: Sheet, looking: Sequence[Guard], issuing: Sequence[Guard]
) -> None:
    """Give a router the page of documents; guards say who may look and who may have one made."""

    def show(request: Request) -> Response:
        """Show what was given out, and with ?sha256= whether a paper is genuine."""
        desk = desk_of(request)
        asked = "".join(request.query_params.get("sha256", "").split()).lower()[:_MOST]
        checked = taken(desk.verified(asked), Verified) if asked else None
        chosen = {name: request.query_params.get(name, "")[:_MOST] for name in _CHOSEN}
        found = taken(desk.given(), GivenList).documents
        return sheet(
            request,
            "outputs.html",
            checked=checked,
            chosen=chosen,
            given=found,
            kinds=KINDS,
            fields=FIELDS,
            may_issue=desk.may_issue,
            months=months_back(sheet.now().astimezone(VIET_NAM).date()),
        )

    def issue(request: Request, form: Form) -> Response:
        """Give a document out."""
        kind = form.get("kind", "")
        if kind not in KINDS:
            raise Trouble(422, "không có loại văn bản này", "there is no such document")
        asked: dict[str, object] = {name: form.get(name, "").strip()[:_MOST] for name in FIELDS[kind]}
        if "paper" in asked:
            asked["paper"] = _number(str(asked["paper"]))
        if asked.get("day"):
            asked["day"] = day_of(str(asked["day"])).isoformat()
        if asked.get("month"):
            asked["month"] = f"{month_of(str(asked['month'])):%Y-%m}"
        desk_of(request).issue({"kind": kind, **asked})
        return RedirectResponse(f"/outputs?{urlencode({'done': kind})}", 303)

    sheet.add(router, "GET", {"/outputs": show}, looking)
    sheet.add(router, "POST", {"/outputs": issue}, issuing)


def months_back(today: date) -> list[date]:
    """Return the first days of the months that a document may be of, the newest first."""
    first = today.replace(day=1)
    found = [first]
    for _ in range(_MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise Trouble(422, "cần số của lần làm trên giấy", "the number of a time on paper is needed")
    return int(text)
