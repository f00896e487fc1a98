"""Serve the duty desk: the page, what of it changes, and what people do about several incidents at once."""

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
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.duty import shapes, view
from machxa_web.duty.asking import Asked, asked_of
from machxa_web.languages import load_languages, msg
from machxa_web.learnt import converted
from machxa_web.places import where_of
from machxa_web.render import Renderer
from machxa_web.respond import (
    PAGE_HEADERS,
    REVALIDATE,
    answer,
    etag_of,
    here_of,
    is_current,
    remember_language,
    unchanged,
)
from machxa_web.statics import load_statics

Form = Annotated[Mapping[str, str], Depends(form_of)]
ROTATE_SECONDS = 20
_ACTS = {"acknowledge": (), "own": ("owner",), "note": ("text",), "merge": ()}
_MOST_PICKED, _MOST_TEXT = 50, 1000
_FIRST = ("base.html", "demonstration.html", "duty.html", "duty_live.html", "duty_parts.html")  # what people open first


class DutyDesk(Protocol):
    """Answer with JSON-like objects in the shapes of machxa_web.duty.shapes. act may raise Trouble."""

    may_handle: bool

    def devices(self) -> Sequence[str]:
        """Return the ids of the devices that may be seen, two at most."""
        ...

    def version(self) -> tuple[str, int]:
        """Return what changes with anything shown, and as of when it is (ms since 1970 UTC)."""
        ...

    def duty(self, asked: Asked, language: str) -> object:
        """Return the desk."""
        ...

    def act(self, incident: str, kind: str, detail: Mapping[str, object]) -> None:
        """Write down what somebody does about an incident."""
        ...

    def again(self) -> None:
        """Let what was done be seen at once."""
        ...


DutyDeskOf = Callable[[Request], DutyDesk]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyGuards:
    """Hold the dependencies that let somebody look, and do something about incidents."""

    looking: Sequence[Guard]
    handling: Sequence[Guard]


class DutyPages:
    """Hold the duty desk's pages; home is routed where it is decided which page stands at "/"."""

    def __init__(self, desk_of: DutyDeskOf, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Take the desk of who asks."""
        languages = load_languages()
        self.desk_of = desk_of
        render = Renderer(languages, load_statics())
        render.prepare(*_FIRST)
        self._sheet = Sheet(
            render=render,
            languages=languages,
            now=now,
            back=Back("/", msg("Back to the duty desk")),
        )

    def home(self, request: Request) -> Response:
        """Show the desk, or on a wall what turns by itself."""
        asked = asked_of(request.query_params)
        _, at = self.desk_of(request).version()
        body = self._body(request, asked, "wall.html" if asked.is_wall else "duty.html")
        response = self._answer(request, body, at)
        if asked.is_wall:
            response.headers["Refresh"] = f"{ROTATE_SECONDS};url={self._next(request, asked)}"
        return response

    def live(self, request: Request) -> Response:
        """Show what changes; unchanged costs 304 and no drawing."""
        asked = asked_of(request.query_params)
        version, at = self.desk_of(request).version()
        language = self._sheet.language(request)
        etag = etag_of(version, self._sheet.render.version, language.code, asked)
        if is_current(request, etag):
            response = unchanged(etag)
            response.headers["Machxa-At"] = str(at)
            return response
        return self._answer(request, self._body(request, asked, "duty_live.html"), at, etag)

    def act(self, request: Request, form: Form) -> Response:
        """Do one thing about every incident that was picked."""
        kind = form.get("kind", "")
        if kind not in _ACTS:
            raise Trouble(422, "không có việc này; chưa ghi gì", "there is no such act; nothing was written")
        picked = [name_of(name[2:]) for name, value in form.items() if name.startswith("i.") and value == "1"]
        if not picked or len(picked) > _MOST_PICKED:
            raise Trouble(
                422,
                f"hãy chọn từ 1 đến {_MOST_PICKED} sự cố; chưa ghi gì",
                f"pick 1 to {_MOST_PICKED} incidents; nothing was written",
            )
        given = {name: form.get(name, "").strip()[:_MOST_TEXT] for name in _ACTS[kind]}
        if not all(given.values()):
            raise Trouble(
                422, "hãy điền tên người hoặc ghi chú; chưa ghi gì", "fill in whom or what; nothing was written"
            )
        desk = self.desk_of(request)
        done = self._each(desk, picked, kind, given)
        desk.again()
        return RedirectResponse(asked_of(request.query_params).address(done=str(done)), 303)

    def add(self, router: APIRouter, guards: DutyGuards) -> None:
        """Give a router the pages but home."""
        self._sheet.add(router, "GET", {"/desk/live": self.live}, guards.looking)
        self._sheet.add(router, "POST", {"/desk/acts": self.act}, guards.handling)

    def guarded(self, page: Callable[..., Response]) -> Callable[..., Response]:
        """Return a page that shows Trouble in words."""
        return self._sheet.guarded(page)

    def _each(self, desk: DutyDesk, picked: Sequence[str], kind: str, given: Mapping[str, object]) -> int:
        """Do it about each in its turn; what was done before one that may not be done stands, and that is said."""
        done = 0
        first, *others = picked
        for one in others if kind == "merge" else picked:
            try:
                desk.act(one, kind, {"into": first} if kind == "merge" else given)
            except Trouble as trouble:
                if not done:
                    raise
                raise Trouble(
                    trouble.status,
                    f"đã ghi cho {done} sự cố, rồi dừng: {trouble.vi}",
                    f"written for {done}, then stopped: {trouble.en}",
                ) from trouble
            done += 1
        return done

    def _body(self, request: Request, asked: Asked, template: str) -> bytes:
        language = self._sheet.language(request)
        found = converted(self.desk_of(request).duty(asked, language.code), shapes.Duty)
        page = view.page_of(found, asked)
        done = request.query_params.get("done", "")
        shared = {"here": here_of(request), "where": where_of(request), "now": self._sheet.now()}
        live = asked.address("/desk/live", lang=language.code, **self._wall(request, asked))
        return self._sheet.render(
            language, template, page=page, live=live, done=done if done.isdecimal() and done.isascii() else "", **shared
        )

    def _answer(self, request: Request, body: bytes, at: int, etag: str | None = None) -> Response:
        language = self._sheet.language(request)
        headers = {
            **PAGE_HEADERS,
            "Content-Language": language.code,
            "Vary": "Accept-Encoding, Cookie",
            "Machxa-At": str(at),
        }
        response = answer(request, body, etag=etag, headers=headers, cache="private, " + REVALIDATE)
        remember_language(request, response, language)
        return response

    def _wall(self, request: Request, asked: Asked) -> dict[str, str]:
        """Return what the address of a wall's screen says besides: its token is no more than this page's."""
        if not asked.is_wall:
            return {}
        return {"kiosk": "1", "token": request.query_params.get("token", "")[:200]}

    def _next(self, request: Request, asked: Asked) -> str:
        turn = str(asked.turn + 1)
        lang = self._sheet.language(request).code
        return asked.address("/", map="", turn=turn, lang=lang, **self._wall(request, asked))
