"""Serve the pages of codes and tokens: a secret is shown once, by the answer that made it, and kept nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Request, Response
from fastapi.params import Depends as Guard
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of, name_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.enrolment import shapes
from machxa_web.languages import load_languages, msg
from machxa_web.people.shapes import ROLES
from machxa_web.places import may_of
from machxa_web.render import Renderer
from machxa_web.statics import load_statics

CODES, TOKENS = "/admin/enrolment", "/admin/tokens"
KINDS: Mapping[str, str] = {  # of API tokens: what they may, in words; permissions None: all that the role may
    "wall": msg("a screen on a wall: the duty desk alone"),
    "metrics": msg("a program that reads measurements (Prometheus)"),
    "role": msg("a program that may all that a role may"),
}
ONLY: Mapping[str, Sequence[str]] = {"wall": ("desk.read",), "metrics": ("metrics.read",)}
ROLE_OF: Mapping[str, str] = {"wall": "leader", "metrics": "auditor"}  # the least role that holds what a kind may
Form = Annotated[Mapping[str, str], Depends(form_of)]


class DoorDesk(Protocol):
    """Answer with JSON-like objects. Every method may raise Trouble."""

    def doors(self) -> object:
        """Return the codes there are, and who waits."""

    def make_code(self, unit: str, uses: int, days: int) -> object:
        """Make a code for computers."""

    def end_code(self, code: str) -> None:
        """End a code at once."""

    def decide(self, request: str, *, lets_in: bool, unit: str, same: bool) -> None:
        """Let a computer in, into a unit or none yet, as the known one it looks like or a new one; or keep it out."""

    def tokens(self) -> object:
        """Return the API tokens of the own territory."""

    def make_token(self, name: str, role: str, only: Sequence[str] | None, scope: str, days: int) -> object:
        """Make an API token."""

    def end_token(self, token: str) -> None:
        """End an API token at once."""


DoorDeskOf = Callable[[Request], DoorDesk]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorGuards:
    """Hold the dependencies that let somebody look after agents, and after API tokens."""

    agents: Sequence[Guard]
    tokens: Sequence[Guard]


def create_enrolment_router(
    desk_of: DoorDeskOf, guards: DoorGuards, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the routes; guards say who may what."""
    languages, statics = load_languages(), load_statics()
    render = Renderer(languages, statics)
    codes, tokens = (
        Sheet(render=render, languages=languages, now=now, back=Back(place, msg("Back to codes and tokens")))
        for place in (CODES, TOKENS)
    )
    router = APIRouter(include_in_schema=False)
    doors, keys = _Codes(desk_of, codes), _Tokens(desk_of, tokens)
    codes.add(router, "GET", {CODES: doors.show}, guards.agents)
    changed: Mapping[str, Callable[..., Response]] = {
        CODES: doors.make,
        f"{CODES}/{{code}}/end": doors.end,
        f"{CODES}/requests/{{asking}}": doors.decide,
    }
    codes.add(router, "POST", changed, guards.agents)
    tokens.add(router, "GET", {TOKENS: keys.show}, guards.tokens)
    tokens.add(router, "POST", {TOKENS: keys.make, f"{TOKENS}/{{token}}/end": keys.end}, guards.tokens)
    return router


class _Codes:
    def __init__(self, desk_of: DoorDeskOf, sheet: Sheet) -> None:
        self._desk_of, self._sheet = desk_of, sheet

    def show(self, request: Request) -> Response:
        """Show the codes there are, and the computers that wait."""
        return self._page(request, None)

    def make(self, request: Request, form: Form) -> Response:
        """Make a code and show it, this once."""
        uses, days = (_whole(form.get(name, "")) for name in ("uses", "days"))
        made = self._desk_of(request).make_code(form.get("unit", "").strip()[:10], uses, days)
        return self._page(request, taken(made, shapes.NewCode))

    def end(self, request: Request, code: str, form: Form) -> Response:
        """Ask once more, then end a code."""
        if "confirm" not in form:
            said = msg("Nobody comes in with this code any more; who came with it stays.")
            return _confirm(self._sheet, request, f"{CODES}/{name_of(code)}/end", said, CODES)
        self._desk_of(request).end_code(name_of(code))
        return RedirectResponse(f"{CODES}?done=ended", 303)

    def decide(self, request: Request, asking: str, form: Form) -> Response:
        """Let a computer in, or keep it out; both are asked about by the form's own words."""
        answer = form.get("answer")
        if answer not in ("in", "out"):
            raise Trouble(
                422, "chọn cho vào hoặc từ chối; chưa quyết gì", "let it in or keep it out; nothing was decided"
            )
        desk, unit = self._desk_of(request), form.get("unit", "").strip()[:10]
        desk.decide(name_of(asking), lets_in=answer == "in", unit=unit, same="same" in form)
        return RedirectResponse(f"{CODES}?done=decided", 303)

    def _page(self, request: Request, made: shapes.NewCode | None) -> Response:
        found = taken(self._desk_of(request).doors(), shapes.Doors)
        address = found.base or f"{request.url.scheme}://{request.url.netloc}"
        return self._sheet(
            request,
            "enrolment.html",
            found=found,
            made=made,
            address=address,
            server=address.partition("://")[2],
            may=may_of(request),
            place=CODES,
        )


class _Tokens:
    def __init__(self, desk_of: DoorDeskOf, sheet: Sheet) -> None:
        self._desk_of, self._sheet = desk_of, sheet

    def show(self, request: Request) -> Response:
        """Show the API tokens there are."""
        return self._page(request, None, "")

    def make(self, request: Request, form: Form) -> Response:
        """Make an API token and show it, this once."""
        kind, name = form.get("kind", ""), form.get("name", "").strip()
        if kind not in KINDS:
            raise Trouble(422, "chọn mã dùng làm gì; chưa tạo mã", "say what the token is for; nothing was made")
        days, scope = _whole(form.get("days", "")), form.get("scope", "").strip()[:400]
        role = ROLE_OF.get(kind, form.get("role", ""))
        if role not in ROLES:
            raise Trouble(422, "chọn vai trò; chưa tạo mã", "choose a role; nothing was made")
        made = self._desk_of(request).make_token(name, role, ONLY.get(kind), scope, days)
        return self._page(request, taken(made, shapes.NewToken), kind)

    def end(self, request: Request, token: str, form: Form) -> Response:
        """Ask once more, then end a token."""
        if "confirm" not in form:
            said = msg("Whatever asks with this token is refused from now on.")
            return _confirm(self._sheet, request, f"{TOKENS}/{name_of(token)}/end", said, TOKENS)
        self._desk_of(request).end_token(name_of(token))
        return RedirectResponse(f"{TOKENS}?done=ended", 303)

    def _page(self, request: Request, made: shapes.NewToken | None, kind: str) -> Response:
        found = taken(self._desk_of(request).tokens(), shapes.Tokens)
        base = str(request.base_url).rstrip("/")
        return self._sheet(
            request,
            "tokens.html",
            tokens=found.tokens,
            made=made,
            kind=kind,
            kinds=KINDS,
            roles=ROLES,
            base=base,
            may=may_of(request),
            place=TOKENS,
        )


def _confirm(sheet: Sheet, request: Request, action: str, said: str, back: str) -> Response:
    return sheet(request, "confirm.html", action=action, said=said, back=back)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):  # noqa: PLR2004 - more than any bound of ours
        raise Trouble(422, "số lần và số ngày cần là số; chưa tạo mã", "uses and days are numbers; nothing was made")
    return int(text)
