"""Serve the pages of reports that come by themselves: who gets which, what became of each, and the mail beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Protocol
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.params import Depends as Guard
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Sheet
from machxa_web.languages import msg
from machxa_web.notify import shapes
from machxa_web.notify.words import WORDS

Form = Annotated[Mapping[str, str], Depends(form_of)]
PLACE = "/notices/schedules"
REPORTS: Mapping[str, str] = {
    "monthly": msg("One page a month for the unit’s leader"),
    "fair": msg("Late dossiers, fairly explained"),
    "recorded": msg("Late records and extra sessions"),
    "brief": msg("Weekly page for the province's leaders"),
}
RHYTHMS: Mapping[str, str] = {
    "week": msg("each week, on its first working day"),
    "month": msg("each month, on its first working day"),
}
WHY: Mapping[str, str] = {
    "not_allowed": msg("who should get it has no account any more, or may not see this unit"),
    "no_units": msg("no unit of this province is watched yet: enrol a computer first"),
    "no_unit": msg("the registry knows no such unit, or no such province"),
    "defect": msg("a defect of ours while it was made; it is in the log"),
}
KNOWN = {"words": WORDS, "reports": REPORTS, "rhythms": RHYTHMS, "why": WHY}
_MOST_DIGITS = 9
_MOST = 80


class ScheduleDesk(Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble."""

    may_look: bool
    may_set: bool
    own_unit: str

    def schedules(self, *, everyone: bool) -> object:
        """Return one's own reports, or everyone's."""

    def add_schedule(self, said: Mapping[str, object]) -> None:
        """Let a report come."""

    def pause_schedule(self, pk: int, *, paused: bool) -> None:
        """Hold a report, or let it go on."""

    def remove_schedule(self, pk: int) -> None:
        """Stop a report."""

    def try_schedule(self, pk: int) -> None:
        """Try anew what failed."""

    def runs(self, pk: int) -> object:
        """Return what became of a report's periods."""

    def preview(self, pk: int) -> object:
        """Return the message as it would go now."""


def add_schedule_routes(
    router: APIRouter, sheet: Sheet, desk_of: Callable[[Request], ScheduleDesk], own: Sequence[Guard]
) -> None:
    """Give a router the pages; everybody looks after their own reports."""

    def listing(request: Request) -> Response:
        """Show one's own reports, or with ?everyone=1 all."""
        desk = desk_of(request)
        everyone = desk.may_look and request.query_params.get("everyone") == "1"
        found = taken(desk.schedules(everyone=everyone), shapes.Schedules).schedules
        return sheet(
            request,
            "schedules.html",
            found=found,
            everyone=everyone,
            may_look=desk.may_look,
            may_set=desk.may_set,
            own_unit=desk.own_unit,
            known=KNOWN,
        )

    def one(request: Request, pk: str) -> Response:
        """Show what became of a report, and with ?preview=1 its message as it would go now."""
        desk, number = desk_of(request), _number(pk)
        runs = taken(desk.runs(number), shapes.Runs).runs
        wants = request.query_params.get("preview") == "1"
        preview = taken(desk.preview(number), shapes.Preview) if wants else None
        return sheet(request, "schedule.html", pk=number, runs=runs, preview=preview, known=KNOWN)

    def add(request: Request, form: Form) -> Response:
        """Let a report come."""
        said: dict[str, object] = {name: form.get(name, "").strip()[:_MOST] for name in ("kind", "unit", "at")}
        said |= {"attach": "attach" in form, "recipient": form.get("recipient", "").strip()[:_MOST] or None}
        desk_of(request).add_schedule(said)
        return _back("added", form)

    def pause(request: Request, pk: str, form: Form) -> Response:
        """Hold a report, or let it go on."""
        desk_of(request).pause_schedule(_number(pk), paused=form.get("paused") == "1")
        return _back("changed", form)

    def remove(request: Request, pk: str, form: Form) -> Response:
        """Stop a report."""
        desk_of(request).remove_schedule(_number(pk))
        return _back("removed", form)

    def again(request: Request, pk: str, form: Form) -> Response:
        """Try anew what failed."""
        desk_of(request).try_schedule(_number(pk))
        return _back("again", form)

    sheet.add(router, "GET", {PLACE: listing, f"{PLACE}/{{pk}}": one}, own)
    changes: Mapping[str, Callable[..., Response]] = {
        PLACE: add,
        f"{PLACE}/{{pk}}/pause": pause,
        f"{PLACE}/{{pk}}/remove": remove,
        f"{PLACE}/{{pk}}/again": again,
    }
    sheet.add(router, "POST", changes, own)


def _back(done: str, form: Mapping[str, str]) -> Response:
    everyone = {"everyone": "1"} if form.get("everyone") == "1" else {}
    return RedirectResponse(f"{PLACE}?{urlencode({'done': done, **everyone})}", 303)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise Trouble(404, "không có báo cáo này", "there is no such report")
    return int(text)
