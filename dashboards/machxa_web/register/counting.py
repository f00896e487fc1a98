"""Serve stock-takes: the list, the page with which a phone counts, its report, and the page a label opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import cursor_of, form_of, name_of
from machxa_web.admin.desk import DeskOf, Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Sheet
from machxa_web.register import shapes
from machxa_web.register.desk import RegisterDeskOf, RegisterGuards
from machxa_web.register.pages import worder
from machxa_web.register.words import FIELDS, OUTCOMES, STATES, WHY

Form = Annotated[Mapping[str, str], Depends(form_of)]
_WAITING_SHOWN = 40
_PROPOSALS_SHOWN = 200
_PROPOSAL = "asset-"
_MOST_DIGITS = 15


def add_counting_routes(
    router: APIRouter, records_of: DeskOf, desk_of: RegisterDeskOf, sheet: Sheet, guards: RegisterGuards
) -> None:
    """Give a router the pages of stock-takes."""
    pages = _Counting(records_of, desk_of, sheet)
    shown: dict[str, Callable[..., Response]] = {
        "/register/stocktakes": pages.listing,
        "/register/stocktakes/{stocktake}": pages.one,
        "/q/{code:path}": pages.named,
    }
    counted: dict[str, Callable[..., Response]] = {
        "/register/stocktakes": pages.open,
        "/register/stocktakes/{stocktake}/mark": pages.mark,
        "/register/stocktakes/{stocktake}/unmark": pages.unmark,
        "/register/stocktakes/{stocktake}/close": pages.close,
    }
    changed: dict[str, Callable[..., Response]] = {"/register/stocktakes/{stocktake}/apply": pages.apply}
    sheet.add(router, "GET", shown, guards.looking)
    sheet.add(router, "POST", counted, guards.counting)
    sheet.add(router, "POST", changed, guards.changing)


class _Counting:
    def __init__(self, records_of: DeskOf, desk_of: RegisterDeskOf, sheet: Sheet) -> None:
        self._records_of, self._desk_of, self._sheet = records_of, desk_of, sheet

    def listing(self, request: Request) -> Response:
        """Show stock-takes, newest first."""
        desk = self._desk_of(request)
        page = taken(desk.stocktakes(cursor_of(request)), shapes.StocktakePage)
        return self._sheet(request, "register_stocktakes.html", page=page, desk=desk)

    def open(self, request: Request, form: Form) -> Response:
        """Open a stock-take in a unit."""
        return _to(self._desk_of(request).open(form.get("unit", "")[:10].strip(), form.get("note", "")[:300].strip()))

    def one(self, request: Request, stocktake: str) -> Response:
        """Show the counting page of an open stock-take, the report of a closed one."""
        found = taken(self._desk_of(request).stocktake(name_of(stocktake)), shapes.StocktakeDetail)
        told = request.query_params.get("told", "")
        waiting = [line for line in found.lines if line.state in ("waiting", "missing")]
        return self._sheet(
            request,
            "register_count.html" if found.closed_at is None else "register_counted.html",
            one=found,
            told=OUTCOMES.get(told),
            code=request.query_params.get("code", "")[:100],
            waiting=waiting[:_WAITING_SHOWN],
            more=max(0, len(waiting) - _WAITING_SHOWN),
            marked=[line for line in found.lines if line.mark is not None],
            proposals=_waiting(found),
            states=STATES,
            why=WHY,
            fields=FIELDS,
            word=worder(self._records_of(request), self._sheet.language(request)),
        )

    def mark(self, request: Request, stocktake: str, form: Form) -> Response:
        """Keep what was scanned or typed."""
        code, room = form.get("code", "").strip()[:500], form.get("room", "")[:200]
        desk = self._desk_of(request)
        if not code:
            raise Trouble(422, "chưa có mã nào; chưa ghi gì", "there is no code; nothing was written")
        made = taken(desk.mark(name_of(stocktake), code, room, damaged=form.get("damaged") == "yes"), shapes.Marked)
        told = urlencode({"told": made.outcome, "code": made.title or made.code})
        return RedirectResponse(f"/register/stocktakes/{stocktake}?{told}", 303)

    def unmark(self, request: Request, stocktake: str, form: Form) -> Response:
        """Forget a mark."""
        text = form.get("mark", "")
        if not text.isdecimal() or len(text) > _MOST_DIGITS:
            raise Trouble(404, "không có lần quét này", "there is no such mark")
        self._desk_of(request).unmark(name_of(stocktake), int(text))
        return _to(stocktake)

    def close(self, request: Request, stocktake: str, form: Form) -> Response:
        """Ask once more, then close a stock-take."""
        desk = self._desk_of(request)
        if "confirm" not in form:
            found = taken(desk.stocktake(name_of(stocktake)), shapes.StocktakeDetail)
            return self._sheet(request, "register_close.html", one=found)
        desk.close(name_of(stocktake))
        return _to(stocktake)

    def apply(self, request: Request, stocktake: str, form: Form) -> Response:
        """Make the chosen proposals an act."""
        desk = self._desk_of(request)
        chosen = [name_of(name.removeprefix(_PROPOSAL)) for name in form if name.startswith(_PROPOSAL)]
        if form.get("all") == "yes":
            found = taken(desk.stocktake(name_of(stocktake)), shapes.StocktakeDetail)
            chosen = [each.asset for each in _waiting(found)]
        if not chosen:
            raise Trouble(422, "chưa chọn đề xuất nào; chưa ghi gì", "no proposal was chosen; nothing was written")
        done = taken(desk.apply(name_of(stocktake), chosen), shapes.Done)
        return RedirectResponse(f"/register/stocktakes/{stocktake}?{urlencode({'done': done.batch.id})}", 303)

    def named(self, request: Request, code: str) -> Response:
        """Show the asset of a label, and let it be counted where a stock-take is open."""
        desk = self._desk_of(request)
        found = taken(desk.named(code), shapes.Named)
        word = worder(self._records_of(request), self._sheet.language(request))
        return self._sheet(request, "register_named.html", one=found, word=word)


def _waiting(found: shapes.StocktakeDetail) -> list[shapes.Proposal]:
    """Return the proposals that a page shows."""
    return [each for each in found.proposals if each.batch is None][:_PROPOSALS_SHOWN]


def _to(stocktake: str) -> Response:
    return RedirectResponse(f"/register/stocktakes/{stocktake}", 303)
