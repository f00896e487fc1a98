"""Serve the pages of agents and gateways: each act is shown once more before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Protocol
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.params import Depends as Guard
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import cursor_of, form_of, name_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.agents import shapes, words
from machxa_web.languages import load_languages, msg
from machxa_web.places import May, may_of
from machxa_web.reader import Presence
from machxa_web.render import Renderer
from machxa_web.state import standing
from machxa_web.statics import load_statics

PLACE = "/admin/agents"
Form = Annotated[Mapping[str, str], Depends(form_of)]
_LONGEST = 100
_FILTERS = ("q", "unit", "role", "trouble")


class AgentDesk(Protocol):
    """Answer with JSON-like objects. Every method may raise Trouble."""

    def agents(self, wanted: Mapping[str, str], cursor: str | None) -> object:
        """Return one page of agents; wanted may name q, unit, role and trouble."""

    def agent(self, agent: str) -> object:
        """Return one agent with its books."""

    def pin(self, agent: str, role: str) -> None:
        """Give an agent a role whatever an election would say; "" lets elections decide again."""

    def revoke(self, agent: str, reason: str) -> None:
        """Take an agent out of force for good."""

    def configuration(self) -> object:
        """Return what agents are asked to do, and how far that is."""

    def set_settings(self, sample_seconds: str, batch_seconds: str) -> None:
        """Ask all agents to measure and send at other times."""

    def hold(self, kind: str, *, on: bool) -> None:
        """Hold a rollout, or let it go on."""


AgentDeskOf = Callable[[Request], AgentDesk]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentGuards:
    """Hold the dependencies that let somebody look at agents and at their settings, and change either."""

    looking: Sequence[Guard]
    managing: Sequence[Guard]
    reading: Sequence[Guard]
    setting: Sequence[Guard]
    holding: Sequence[Guard]


def create_agents_router(
    desk_of: AgentDeskOf, guards: AgentGuards, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the routes; guards say who may what."""
    languages = load_languages()
    back = Back(PLACE, msg("Back to the agents"))
    sheet = Sheet(render=Renderer(languages, load_statics()), languages=languages, now=now, back=back)
    pages = _Pages(desk_of, sheet)
    router = APIRouter(include_in_schema=False)
    sheet.add(router, "GET", {"/admin/configuration": pages.configuration}, guards.reading)
    sheet.add(router, "GET", {PLACE: pages.listing, f"{PLACE}/{{agent}}": pages.one}, guards.looking)
    managed: Mapping[str, Callable[..., Response]] = {
        f"{PLACE}/{{agent}}/role": pages.pin,
        f"{PLACE}/{{agent}}/revoke": pages.revoke,
    }
    sheet.add(router, "POST", managed, guards.managing)
    sheet.add(router, "POST", {"/admin/configuration": pages.set_settings}, guards.setting)
    sheet.add(router, "POST", {"/admin/configuration/hold": pages.hold}, guards.holding)
    return router


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Hold what templates ask beside what they show: what may be done, and in which state an agent is now."""

    may: May
    now: datetime

    def state_of(self, one: shapes.Agent) -> str:
        """Return the word of an agent's state: silent for long is lost, never running."""
        told = Presence(state=one.state, since=one.state_since) if one.state_since else None
        return standing(told, one.last_seen, self.now).state.value


class _Pages:
    def __init__(self, desk_of: AgentDeskOf, sheet: Sheet) -> None:
        self._desk_of, self._sheet = desk_of, sheet

    def listing(self, request: Request) -> Response:
        """Show one page of agents."""
        wanted = {name: request.query_params.get(name, "").strip()[:_LONGEST] for name in _FILTERS}
        page = taken(self._desk_of(request).agents(wanted, cursor_of(request)), shapes.AgentPage)
        following = None if page.next is None else urlencode({**_said(wanted), "cursor": page.next})
        return self._sheet(
            request,
            "agents.html",
            look=self._look(request),
            words=words,
            place=PLACE,
            page=page,
            wanted=wanted,
            asked=urlencode(_said(wanted)),
            following=following,
        )

    def one(self, request: Request, agent: str) -> Response:
        """Show one agent with its books."""
        detail = taken(self._desk_of(request).agent(name_of(agent)), shapes.AgentDetail)
        return self._sheet(
            request,
            "agents_one.html",
            look=self._look(request),
            words=words,
            place=PLACE,
            detail=detail,
            one=detail.agent,
        )

    def pin(self, request: Request, agent: str, form: Form) -> Response:
        """Ask once more, then give an agent a role."""
        desk, role = self._desk_of(request), form.get("role", "")
        if role not in ("", *words.ROLES):
            raise Trouble(422, "chọn vai trò trong danh sách; chưa đổi gì", "choose a role; nothing changed")
        if "confirm" in form:
            desk.pin(name_of(agent), role)
            return RedirectResponse(f"{PLACE}/{name_of(agent)}?done=role", 303)
        return self._confirm(request, desk, agent, "role", {"role": role})

    def revoke(self, request: Request, agent: str, form: Form) -> Response:
        """Ask once more, then take an agent out of force."""
        desk, reason = self._desk_of(request), form.get("reason", "")
        if reason not in words.REASONS:
            raise Trouble(422, "chọn lý do trong danh sách; chưa thu hồi gì", "choose a reason; nothing was revoked")
        if "confirm" in form:
            desk.revoke(name_of(agent), reason)
            return RedirectResponse(f"{PLACE}/{name_of(agent)}?done=revoked", 303)
        return self._confirm(request, desk, agent, "revoke", {"reason": reason})

    def configuration(self, request: Request) -> Response:
        """Show what agents are asked to do, and how far that is."""
        found = taken(self._desk_of(request).configuration(), shapes.Configuration)
        return self._sheet(
            request,
            "agents_configuration.html",
            look=self._look(request),
            words=words,
            place=PLACE,
            found=found,
            asked=None,
        )

    def set_settings(self, request: Request, form: Form) -> Response:
        """Ask once more, then let all agents measure and send at other times."""
        desk = self._desk_of(request)
        asked = {name: form.get(name, "").strip()[:_LONGEST] for name in ("sample_seconds", "batch_seconds")}
        if "confirm" in form:
            desk.set_settings(asked["sample_seconds"], asked["batch_seconds"])
            return RedirectResponse("/admin/configuration?done=settings", 303)
        found = taken(desk.configuration(), shapes.Configuration)
        return self._sheet(
            request,
            "agents_configuration.html",
            look=self._look(request),
            words=words,
            place=PLACE,
            found=found,
            asked=asked,
        )

    def hold(self, request: Request, form: Form) -> Response:
        """Hold a rollout, or let it go on: what is held goes on at any time, so nothing is asked."""
        if form.get("kind") not in words.KINDS:
            raise Trouble(422, "không có đợt triển khai này", "there is no such rollout")
        self._desk_of(request).hold(form["kind"], on=form.get("on") == "1")
        return RedirectResponse("/admin/configuration?done=hold", 303)

    def _confirm(self, request: Request, desk: AgentDesk, agent: str, what: str, fields: Mapping[str, str]) -> Response:
        detail = taken(desk.agent(name_of(agent)), shapes.AgentDetail)
        return self._sheet(
            request,
            "agents_confirm.html",
            look=self._look(request),
            words=words,
            place=PLACE,
            one=detail.agent,
            what=what,
            fields=fields,
        )

    def _look(self, request: Request) -> Look:
        return Look(may=may_of(request), now=self._sheet.now())


def _said(wanted: Mapping[str, str]) -> Mapping[str, str]:
    return {name: text for name, text in wanted.items() if text}
