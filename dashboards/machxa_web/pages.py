"""Serve the pages: each route translates a request, reads a view and renders a template."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from fastapi import APIRouter, Request, Response
from fastapi.params import Depends

from machxa_web import reader, views
from machxa_web.admin.pages import taken
from machxa_web.charts import Span
from machxa_web.device.shapes import About
from machxa_web.device.words import WORDS
from machxa_web.duty.asking import is_wall
from machxa_web.duty.router import DutyDeskOf, DutyGuards, DutyPages
from machxa_web.languages import VIET_NAM, Language, load_languages
from machxa_web.people.qr import qr_scaled
from machxa_web.places import may_of, where_of
from machxa_web.reader import Reader
from machxa_web.render import Renderer
from machxa_web.respond import (
    FOR_EVER,
    PAGE_HEADERS,
    REVALIDATE,
    answer,
    etag_of,
    here_of,
    is_current,
    language_of,
    remember_language,
    unchanged,
)
from machxa_web.statics import StaticFile, load_statics

EMPTY_SECONDS = "5"
_ASSET_ID = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_CURSOR = re.compile(r"[0-9A-Za-z_=.~-]{1,400}", re.ASCII)

ReaderOf = Callable[[Request], Reader]


class DeviceDesk(Protocol):
    """Answer with a JSON-like object in the shape of machxa_web.device.shapes.About."""

    def about(self, asset_id: str) -> object | None:
        """Return what is known of a device beside its readings, None where there is none of this id."""


DeviceDeskOf = Callable[[Request], DeviceDesk]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageGuards:
    """Hold the dependencies that let somebody look at devices and at the duty desk, and everybody at our files."""

    looking: Sequence[Depends] = ()
    anyone: Sequence[Depends] = ()
    duty: DutyGuards = field(default_factory=lambda: DutyGuards(looking=(), handling=()))


def create_router(
    reader_of: ReaderOf,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    guards: PageGuards = PageGuards(),
    devices_of: DeviceDeskOf | None = None,
    duty_of: DutyDeskOf | None = None,
) -> APIRouter:
    """Return the pages' routes over a reader for who asks; now gives the present as an aware time.

    Without devices_of a device's page shows its readings alone. duty_of is the duty desk of who asks; without one its
    place is taken by the list of devices.
    """
    languages = load_languages()
    statics = load_statics()
    render = Renderer(languages, statics)
    duty = None if duty_of is None else DutyPages(duty_of, now)
    pages = _Pages(reader_of=reader_of, devices_of=devices_of, now=now, languages=languages, render=render, duty=duty)
    router = APIRouter(include_in_schema=False)
    shown: dict[str, Callable[..., Response]] = {
        "/assets": pages.listing,
        "/assets/{asset_id}": pages.asset,
        "/assets/{asset_id}/live": pages.live,
    }
    if duty is None:
        shown["/"] = pages.home
    else:
        home = duty.guarded(pages.home)
        router.add_api_route("/", home, methods=["GET"], response_class=Response, dependencies=guards.duty.looking)
        duty.add(router, guards.duty)
    for path, page in shown.items():
        router.add_api_route(path, page, methods=["GET"], response_class=Response, dependencies=guards.looking)

    @router.get("/static/{name}", response_class=Response, dependencies=guards.anyone)
    def static(name: str, request: Request) -> Response:
        return _static(statics, name, request)

    return router


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pages:
    reader_of: ReaderOf
    devices_of: DeviceDeskOf | None
    now: Callable[[], datetime]
    languages: Mapping[str, Language]
    render: Renderer
    duty: DutyPages | None = None

    def home(self, request: Request) -> Response:
        """Show this computer when it is the only asset, the duty desk otherwise."""
        if self.duty is not None and (is_wall(request) or len(self.duty.desk_of(request).devices()) > 1):
            return self.duty.home(request)
        found = reader.asset_list(self.reader_of(request), None)
        if len(found.assets) == 1 and found.next is None:
            return self._asset(found.assets[0].id, request, "asset.html", is_alone=True)
        return self._listing(request, found)

    def listing(self, request: Request) -> Response:
        """Show one page of the list of assets."""
        cursor = request.query_params.get("cursor")
        if cursor is not None and not _CURSOR.fullmatch(cursor):
            return self._missing(request)
        return self._listing(request, reader.asset_list(self.reader_of(request), cursor))

    def asset(self, asset_id: str, request: Request) -> Response:
        """Show one asset."""
        return self._asset(asset_id, request, "asset.html")

    def live(self, asset_id: str, request: Request) -> Response:
        """Show what changes on an asset's page, for polling; unchanged costs 304 and no reading of samples."""
        return self._asset(asset_id, request, "live.html")

    def _asset(self, asset_id: str, request: Request, template: str, *, is_alone: bool = False) -> Response:
        now, language = self.now(), self._language(request)
        span = Span.of(request.query_params.get("range", ""))
        source = self.reader_of(request)
        head = views.head(source, asset_id, span, now) if _ASSET_ID.fullmatch(asset_id) else None
        if head is None:
            return self._missing(request)
        about = self._about(request, head.asset.id) if template == "asset.html" else None
        version, day = self.render.version, now.astimezone(VIET_NAM).date()
        etag = etag_of(template, is_alone, version, language.code, head, day, about)
        if is_current(request, etag):
            return unchanged(etag)
        page = views.asset_page(source, head, language)
        more = {"about": about, "words": WORDS, "spans": tuple(Span), "qr": qr_scaled}
        body = self._rendered(request, language, template, page=page, is_alone=is_alone, **more)
        return self._page(request, language, body, etag=etag)

    def _about(self, request: Request, asset_id: str) -> About | None:
        found = None if self.devices_of is None else self.devices_of(request).about(asset_id)
        return None if found is None else taken(found, About)

    def _listing(self, request: Request, found: reader.AssetList) -> Response:
        language = self._language(request)
        rows = views.rows(found.assets, self.now())
        exports = may_of(request)("exports.read")
        body = self._rendered(request, language, "assets.html", rows=rows, next=found.next, exports=exports)
        response = self._page(request, language, body)
        if not rows:
            response.headers["Refresh"] = EMPTY_SECONDS  # the first agent shows itself, without JavaScript too
        return response

    def _missing(self, request: Request) -> Response:
        language = self._language(request)
        body = self._rendered(request, language, "missing.html", here="/?lang=")
        return self._page(request, language, body, status=404)

    def _rendered(self, request: Request, language: Language, template: str, **values: object) -> bytes:
        shared = {"now": self.now(), "here": here_of(request), "where": where_of(request)}
        return self.render(language, template, **{**shared, **values})

    def _page(
        self, request: Request, language: Language, body: bytes, *, etag: str | None = None, status: int = 200
    ) -> Response:
        headers = {**PAGE_HEADERS, "Content-Language": language.code, "Vary": "Accept-Encoding, Cookie"}
        response = answer(request, body, etag=etag, status=status, headers=headers, cache="private, " + REVALIDATE)
        remember_language(request, response, language)
        return response

    def _language(self, request: Request) -> Language:
        """Return the language asked for in the address, else the one chosen before, else Vietnamese."""
        return language_of(request, self.languages)


def _static(statics: Mapping[str, StaticFile], name: str, request: Request) -> Response:
    """Return a file of the fixed list; the address with its version may be kept for ever."""
    file = statics.get(name)
    if file is None:
        return Response("not one of our files", status_code=404, media_type="text/plain")
    etag = f'W/"{file.digest}"'
    cache = FOR_EVER if request.query_params.get("v") == file.digest else REVALIDATE
    if is_current(request, etag):
        return unchanged(etag, cache)
    return answer(request, file.body, media=file.media, etag=etag, cache=cache)
