"""Serve the pages of setting-up: five steps, each of which can be left and gone back to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Request, Response
from fastapi.params import Depends as Guard
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import MOST_FIELDS, form_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.languages import VIET_NAM, load_languages, msg
from machxa_web.render import Renderer
from machxa_web.setup import shapes
from machxa_web.statics import load_statics

Form = Annotated[Mapping[str, str], Depends(form_of)]
PLACE = "/setup"
STEPS: tuple[str, ...] = (
    msg("The province"),
    msg("Communes to begin with"),
    msg("Working hours"),
    msg("A code for the first computers"),
    msg("The first computer speaks"),
)
_PROVINCE, _UNITS, _HOURS, _TOKEN, _ARRIVED = range(1, 6)
_BEGUN = "01/07/2025"  # the first day of today's provinces and communes
_LONGEST = 300
_MOST_UNITS = MOST_FIELDS - 10


class SetupDesk(Protocol):
    """Answer with JSON-like objects. Every method may raise Trouble."""

    may_enrol: bool

    def standing(self) -> object:
        """Return how far the setting-up is."""

    def provinces(self) -> Sequence[object]:
        """Return the country's provinces."""

    def communes(self) -> Sequence[object]:
        """Return the communes of the home province."""

    def arrived(self) -> object:
        """Return the computers that enrolled last."""

    def choose_province(self, code: str) -> None:
        """Serve a province."""

    def choose_units(self, codes: Sequence[str]) -> None:
        """Say which communes are watched first, none for all."""

    def set_hours(self, sessions: str, saturday: str, valid_from: str, source: str) -> None:
        """Confirm the province's hours."""

    def make_token(self, unit: str, uses: int, days: int) -> object:
        """Make an enrolment token."""


SetupDeskOf = Callable[[Request], SetupDesk]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupGuards:
    """Hold the dependencies that let somebody set the centre up, and let computers in."""

    setting: Sequence[Guard]
    enrolling: Sequence[Guard]


def create_setup_router(
    desk_of: SetupDeskOf, guards: SetupGuards, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the routes; guards say who may what."""
    languages = load_languages()
    back = Back(PLACE, msg("Back to the setting-up"))
    sheet = Sheet(render=Renderer(languages, load_statics()), languages=languages, now=now, back=back)
    pages = _Pages(desk_of, sheet)
    router = APIRouter(include_in_schema=False)
    sheet.add(router, "GET", {PLACE: pages.show, f"{PLACE}/arrived": pages.arrived}, guards.setting)
    changes: Mapping[str, Callable[..., Response]] = {
        f"{PLACE}/province": pages.province,
        f"{PLACE}/units": pages.units,
        f"{PLACE}/hours": pages.hours,
    }
    sheet.add(router, "POST", changes, guards.setting)
    sheet.add(router, "POST", {f"{PLACE}/token": pages.token}, guards.enrolling)
    return router


class _Pages:
    def __init__(self, desk_of: SetupDeskOf, sheet: Sheet) -> None:
        self._desk_of, self._sheet = desk_of, sheet

    def show(self, request: Request) -> Response:
        """Show the step asked for, or the first that is not done."""
        desk = self._desk_of(request)
        standing = taken(desk.standing(), shapes.Standing)
        first = next((number for number, done in enumerate(standing.done, 1) if not done), len(STEPS) + 1)
        asked = request.query_params.get("step", "")
        step = int(asked) if asked in {"1", "2", "3", "4", "5"} else first
        return self._page(request, desk, standing, step if standing.province or step > len(STEPS) else _PROVINCE)

    def arrived(self, request: Request) -> Response:
        """Show the computers that enrolled last, for polling."""
        found = taken(self._desk_of(request).arrived(), shapes.Arrivals)
        return self._sheet(request, "setup_arrived.html", standing=found)

    def province(self, request: Request, form: Form) -> Response:
        """Serve a province."""
        self._desk_of(request).choose_province(form.get("province", "")[:10])
        return _to(_UNITS)

    def units(self, request: Request, form: Form) -> Response:
        """Say which communes are watched first."""
        chosen = [name.removeprefix("unit-") for name in form if name.startswith("unit-")]
        if form.get("which") == "some" and not chosen:
            raise Trouble(422, "chưa chọn xã nào; chưa ghi gì", "no commune was chosen; nothing was saved")
        self._desk_of(request).choose_units(chosen[:_MOST_UNITS] if form.get("which") == "some" else [])
        return _to(_HOURS)

    def hours(self, request: Request, form: Form) -> Response:
        """Confirm the province's hours."""
        told = {name: form.get(name, "").strip()[:_LONGEST] for name in ("sessions", "valid_from", "source")}
        saturday = form.get("saturday_sessions", "").strip()[:_LONGEST] if "saturday" in form else ""
        self._desk_of(request).set_hours(told["sessions"], saturday, told["valid_from"], told["source"])
        return _to(_TOKEN)

    def token(self, request: Request, form: Form) -> Response:
        """Make a token and show how to use it; the page is shown this once."""
        desk = self._desk_of(request)
        uses, days = (_whole(form.get(name, "")) for name in ("uses", "days"))
        made = taken(desk.make_token(form.get("unit", "")[:10], uses, days), shapes.NewToken)
        return self._page(request, desk, taken(desk.standing(), shapes.Standing), _ARRIVED, made)

    def _page(
        self,
        request: Request,
        desk: SetupDesk,
        standing: shapes.Standing,
        step: int,
        made: shapes.NewToken | None = None,
    ) -> Response:
        address = standing.base or f"{request.url.scheme}://{request.url.netloc}"
        return self._sheet(
            request,
            "setup.html",
            standing=standing,
            step=step,
            steps=STEPS,
            made=made,
            may_enrol=desk.may_enrol,
            provinces=_names(desk.provinces()) if step == _PROVINCE else (),
            communes=_names(desk.communes()) if step in (_UNITS, _TOKEN) else (),
            address=address,
            server=address.partition("://")[2],
            begun=_BEGUN,
            today=self._sheet.now().astimezone(VIET_NAM).date(),
        )


def _names(found: Sequence[object]) -> tuple[shapes.Named, ...]:
    return tuple(taken(one, shapes.Named) for one in found)


def _to(step: int) -> Response:
    return RedirectResponse(f"{PLACE}?step={step}&done=1", 303)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):  # noqa: PLR2004 - more than any bound of ours
        raise Trouble(
            422, "số máy và số ngày cần là số; chưa tạo mã", "computers and days are numbers; nothing was made"
        )
    return int(text)
