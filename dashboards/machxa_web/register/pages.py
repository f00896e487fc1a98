"""Serve the register: what there is, the drafts that wait, handing over, and sheets of labels."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from machxa_web.admin import view
from machxa_web.admin.bounds import cursor_of, form_of, name_of
from machxa_web.admin.desk import Desk, DeskOf, Trouble
from machxa_web.admin.pages import kind_of, taken
from machxa_web.admin.shapes import FieldShape
from machxa_web.admin.sheet import Sheet
from machxa_web.languages import Language
from machxa_web.people.qr import qr_scaled
from machxa_web.register import shapes
from machxa_web.register.desk import RegisterDeskOf, RegisterGuards
from machxa_web.register.words import REASONS, SOURCES

Form = Annotated[Mapping[str, str], Depends(form_of)]
FILTERS = ("q", "unit", "kind", "status", "owner")
CHOSEN = ("kind", "status", "owner")
_DRAFT = "draft-"
_DECISIONS = ("confirm", "reject")
_JOIN = "join:"
_MOST_LABELS = 240


def add_register_routes(
    router: APIRouter, records_of: DeskOf, desk_of: RegisterDeskOf, sheet: Sheet, guards: RegisterGuards
) -> None:
    """Give a router the pages of the register."""
    pages = _Register(records_of, desk_of, sheet)
    shown: dict[str, Callable[..., Response]] = {
        "/register": pages.listing,
        "/register/drafts": pages.drafts,
        "/register/labels": pages.labels,
    }
    changing: dict[str, Callable[..., Response]] = {"/register/handover": pages.ask_handover}
    changed: dict[str, Callable[..., Response]] = {
        "/register/drafts/decide": pages.decide,
        "/register/handover": pages.handover,
    }
    sheet.add(router, "GET", shown, guards.looking)
    sheet.add(router, "GET", changing, guards.changing)
    sheet.add(router, "POST", changed, guards.changing)


class _Register:
    def __init__(self, records_of: DeskOf, desk_of: RegisterDeskOf, sheet: Sheet) -> None:
        self._records_of, self._desk_of, self._sheet = records_of, desk_of, sheet

    def listing(self, request: Request) -> Response:
        """Show assets with what the books say, and what can be done with all of them."""
        desk = self._desk_of(request)
        asked = {name: request.query_params.get(name, "")[:100].strip() for name in FILTERS}
        page = taken(desk.assets(asked, cursor_of(request)), shapes.AssetPage)
        waiting = taken(desk.drafts("", None), shapes.DraftPage).total
        filled = {name: value for name, value in asked.items() if value}
        following = None if page.next is None else urlencode({**filled, "cursor": page.next})
        return self._sheet(
            request,
            "register.html",
            page=page,
            asked=asked,
            waiting=waiting,
            following=following,
            filtered=bool(filled),
            exported=urlencode({"asset_kind" if name == "kind" else name: value for name, value in filled.items()}),
            desk=desk,
            sources=SOURCES,
            options=options(self._records_of(request), self._sheet.language(request)),
            word=worder(self._records_of(request), self._sheet.language(request)),
        )

    def drafts(self, request: Request) -> Response:
        """Show what agents and gateways found and nobody confirmed."""
        desk = self._desk_of(request)
        unit = request.query_params.get("unit", "")[:10].strip()
        page = taken(desk.drafts(unit, cursor_of(request)), shapes.DraftPage)
        following = None if page.next is None else urlencode({"unit": unit, "cursor": page.next})
        return self._sheet(
            request,
            "register_drafts.html",
            page=page,
            unit=unit,
            following=following,
            desk=desk,
            reasons=REASONS,
            joined=_whole(request.query_params.get("joined", "")),
            word=worder(self._records_of(request), self._sheet.language(request)),
        )

    def decide(self, request: Request, form: Form) -> Response:
        """Settle the drafts for which something was chosen."""
        rest = "confirm" if form.get("rest") == "confirm" else ""
        chosen = {name.removeprefix(_DRAFT): said or rest for name, said in form.items() if name.startswith(_DRAFT)}
        decisions = [_decision(draft, said) for draft, said in chosen.items() if said]
        if not decisions:
            raise Trouble(422, "chưa chọn gì cho thiết bị nào; chưa lưu gì", "nothing was chosen; nothing was saved")
        settled = taken(self._desk_of(request).decide(decisions), shapes.Settled)
        done = {"done": settled.batch.id} if settled.batch else {}
        joined = {"joined": str(len(settled.merges))} if settled.merges else {}
        return RedirectResponse(f"/register/drafts?{urlencode({**done, **joined})}", 303)

    def ask_handover(self, request: Request) -> Response:
        """Ask from which unit to which, and show what would move."""
        of, to = (request.query_params.get(name, "")[:10].strip() for name in ("of", "to"))
        found = taken(self._desk_of(request).handover(of, to), shapes.Handover) if of and to else None
        return self._sheet(
            request,
            "register_handover.html",
            of=of,
            to=to,
            found=found,
            word=worder(self._records_of(request), self._sheet.language(request)),
        )

    def handover(self, request: Request, form: Form) -> Response:
        """Hand over what was shown."""
        asked = [form.get(name, "")[:300].strip() for name in ("of", "to", "version", "reference")]
        done = taken(self._desk_of(request).hand_over(asked[0], asked[1], asked[2], asked[3]), shapes.Done)
        return RedirectResponse(
            f"/register/handover?{urlencode({'done': done.batch.id, 'record': done.batch.id})}", 303
        )

    def labels(self, request: Request) -> Response:
        """Show a sheet of labels to print on A4, 24 on each."""
        unit = request.query_params.get("unit", "")[:10].strip()
        chosen = [name_of(one) for one in request.query_params.getlist("asset")[:_MOST_LABELS]]
        asks = bool(unit or chosen)
        page = (
            taken(self._desk_of(request).labels(unit, chosen, cursor_of(request)), shapes.LabelPage) if asks else None
        )
        following = None if page is None or page.next is None else urlencode({"unit": unit, "cursor": page.next})
        return self._sheet(request, "register_labels.html", page=page, unit=unit, following=following, qr=qr_scaled)


def worder(records: Desk, language: Language) -> Callable[[str, str | None], str]:
    """Return what gives the word of an asset's field for a value."""
    fields = {one.name: one for one in kind_of(records, "assets").fields}
    return functools.partial(_word, language, fields)


def options(records: Desk, language: Language) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the choices of the fields that assets are chosen by."""
    fields = {one.name: one for one in kind_of(records, "assets").fields}
    return {
        name: tuple((one.value, view.shown(language, fields[name], one.value)) for one in fields[name].choices)
        for name in CHOSEN
        if name in fields
    }


def _word(language: Language, fields: Mapping[str, FieldShape], name: str, value: str | None) -> str:
    if value is None:
        return ""
    return view.shown(language, fields[name], value) if name in fields else value


def _decision(draft: str, said: str) -> Mapping[str, str]:
    if said in _DECISIONS:
        return {"draft": name_of(draft), "decision": said}
    if said.startswith(_JOIN):
        return {"draft": name_of(draft), "decision": "join", "entry": name_of(said.removeprefix(_JOIN))}
    raise Trouble(422, "không có lựa chọn này; chưa lưu gì", "there is no such choice; nothing was saved")


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0  # noqa: PLR2004 - a count on a page
