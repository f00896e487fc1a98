"""Serve the pages of notices: one's own with how one is told, and the channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Request, Response
from fastapi.params import Depends as Guard
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import cursor_of, form_of, name_of
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.languages import load_languages, msg
from machxa_web.notify import forms, shapes
from machxa_web.notify.schedules import ScheduleDesk, add_schedule_routes
from machxa_web.notify.words import WORDS
from machxa_web.render import Renderer
from machxa_web.statics import load_statics

Form = Annotated[Mapping[str, str], Depends(form_of)]
_CHANNELS = "/notices/channels"


class NoticeDesk(ScheduleDesk, Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble."""

    def page(self, cursor: str | None) -> object:
        """Return one page of one's own notices."""

    def read(self, upto: int) -> None:
        """Say that one has read them up to one."""

    def wishes(self) -> object:
        """Return how one is told."""

    def wish(self, said: Mapping[str, object]) -> None:
        """Say how one wishes to be told."""

    def channels(self) -> object:
        """Return all channels."""

    def add(self, said: Mapping[str, object]) -> None:
        """Add a channel."""

    def switch(self, channel: str, *, on: bool) -> None:
        """Switch a channel on or off."""

    def remove(self, channel: str) -> None:
        """Forget a channel."""

    def test(self, channel: str, to: str | None) -> object:
        """Send a test."""

    def policy(self) -> object:
        """Return what holds for all."""

    def set_policy(self, said: Mapping[str, object]) -> None:
        """Set what holds for all."""


NoticeDeskOf = Callable[[Request], NoticeDesk]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeGuards:
    """Hold the dependencies that let somebody see their own notices, look at the channels, and set them."""

    own: Sequence[Guard]
    looking: Sequence[Guard]
    setting: Sequence[Guard]


def create_notices_router(
    desk_of: NoticeDeskOf, guards: NoticeGuards, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the routes; guards say who may what."""
    languages = load_languages()
    sheet = Sheet(
        render=Renderer(languages, load_statics()),
        languages=languages,
        now=now,
        back=Back("/notices", msg("Back to the notices")),
    )
    router = APIRouter(include_in_schema=False)
    _add_own(router, sheet, desk_of, guards)
    _add_channels(router, sheet, desk_of, guards)
    add_schedule_routes(router, sheet, desk_of, guards.own)
    return router


def _add_own(router: APIRouter, sheet: Sheet, desk_of: NoticeDeskOf, guards: NoticeGuards) -> None:
    def listing(request: Request) -> Response:
        desk = desk_of(request)
        page = taken(desk.page(cursor_of(request)), shapes.Page)
        wished = taken(desk.wishes(), shapes.Wished)
        return sheet(request, "notices.html", page=page, wished=wished, words=WORDS, may_look=desk.may_look)

    def read(request: Request, form: Form) -> Response:
        desk_of(request).read(forms.whole_of(form, "upto"))
        return RedirectResponse("/notices?done=read", 303)

    def wish(request: Request, form: Form) -> Response:
        said = {"wishes": forms.wishes_of(form), "channel": form.get("channel") or None}
        address = form.get("address", "").strip()
        if address or "forget_address" in form:
            said["address"] = "" if "forget_address" in form else address
        desk_of(request).wish(said)
        return RedirectResponse("/notices?done=wishes", 303)

    sheet.add(router, "GET", {"/notices": listing}, guards.own)
    sheet.add(router, "POST", {"/notices/read": read, "/notices/wishes": wish}, guards.own)


def _add_channels(router: APIRouter, sheet: Sheet, desk_of: NoticeDeskOf, guards: NoticeGuards) -> None:
    def show(request: Request, tested: str = "", result: shapes.Tested | None = None) -> Response:
        desk = desk_of(request)
        found = taken(desk.channels(), shapes.Channels)
        policy = taken(desk.policy(), shapes.Policy)
        return sheet(
            request,
            "channels.html",
            channels=found.channels,
            policy=policy,
            words=WORDS,
            may_set=desk.may_set,
            tested=tested,
            result=result,
            steps=range(forms.MOST_STEPS),
        )

    def channels(request: Request) -> Response:
        return show(request)

    def add(request: Request, form: Form) -> Response:
        desk_of(request).add(forms.channel_of(form))
        return RedirectResponse(f"{_CHANNELS}?done=added", 303)

    def policy(request: Request, form: Form) -> Response:
        desk_of(request).set_policy(forms.policy_of(form))
        return RedirectResponse(f"{_CHANNELS}?done=policy", 303)

    def test(request: Request, channel: str, form: Form) -> Response:
        result = desk_of(request).test(name_of(channel), form.get("to", "").strip() or None)
        return show(request, channel, taken(result, shapes.Tested))

    def switch(request: Request, channel: str, form: Form) -> Response:
        desk_of(request).switch(name_of(channel), on=form.get("on") == "1")
        return RedirectResponse(f"{_CHANNELS}?done=changed", 303)

    def remove(request: Request, channel: str) -> Response:
        desk_of(request).remove(name_of(channel))
        return RedirectResponse(f"{_CHANNELS}?done=removed", 303)

    sheet.add(router, "GET", {_CHANNELS: channels}, guards.looking)
    changes: Mapping[str, Callable[..., Response]] = {
        _CHANNELS: add,
        "/notices/policy": policy,
        f"{_CHANNELS}/{{channel}}/test": test,
        f"{_CHANNELS}/{{channel}}/switch": switch,
        f"{_CHANNELS}/{{channel}}/remove": remove,
    }
    sheet.add(router, "POST", changes, guards.setting)
