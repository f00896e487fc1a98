"""Serve the report form to whoever holds a unit's link or code, and the page of each report to whoever sent it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import JSONResponse, RedirectResponse

from machxa_web.admin.bounds import form_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.languages import load_languages, msg
from machxa_web.outputs.words import STAGES
from machxa_web.people.qr import qr_scaled
from machxa_web.render import Renderer
from machxa_web.reporting import shapes, words
from machxa_web.reporting.desk import ReportDesk, ReportDeskOf, ReportGuards, UnitDeskOf
from machxa_web.reporting.forms import MOST_CODE, MOST_NOTE, Sent, said, sent_of
from machxa_web.reporting.mine import add_unit_routes
from machxa_web.statics import load_statics

Form = Annotated[Mapping[str, str], Depends(form_of)]
_MOST_KNOWN = 3
_FORM = re.compile(r"[A-Za-z0-9_-]{24}", re.ASCII)  # what one walk through the form is known by: back is the same form
_STATUS = {"large": 413, "busy": 503, "type": 415, "other": 409}  # why a photograph is not kept
_SYSTEMS = {"one_stop": "dossier"}  # which system a picture means, in the catalogue


def create_reporting_router(
    report_desk_of: ReportDeskOf,
    unit_desk_of: UnitDeskOf,
    guards: ReportGuards,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> APIRouter:
    """Return the routes of reporting and of a clerk's own page."""
    languages = load_languages()
    render = Renderer(languages, load_statics())
    sheet = Sheet(
        render=render,
        languages=languages,
        now=now,
        back=Back("/report", msg("Report a fault")),
        trouble="report_trouble.html",
    )
    router, pages = APIRouter(include_in_schema=False), _Pages(report_desk_of, sheet)
    shown: dict[str, Callable[..., Response]] = {
        "/report": pages.start,
        "/report/{link}": pages.form,
        "/report/s/{token}": pages.status,
    }
    changed: dict[str, Callable[..., Response]] = {
        "/report": pages.code,
        "/report/{link}": pages.send,
        "/report/s/{token}/fixed": pages.fixed,
        "/report/s/{token}/again": pages.again,
        "/report/s/{token}/photo": pages.photo,
    }
    sheet.add(router, "GET", shown, guards.anyone)
    sheet.add(router, "POST", changed, guards.anyone)
    mine = Sheet(render=render, languages=languages, now=now, back=Back("/my-unit", msg("Back to my unit")))
    add_unit_routes(router, unit_desk_of, mine, guards)
    return router


class _Pages:
    def __init__(self, desk_of: ReportDeskOf, sheet: Sheet) -> None:
        self._desk_of = desk_of
        self._sheet = sheet

    def start(self, request: Request) -> Response:
        """Lead who is signed in to their unit's form, and ask everybody else for the unit's code."""
        link = self._desk_of(request).own(request.query_params.get("unit", "")[:10])
        return self._code(request) if link is None else RedirectResponse(f"/report/{link}", 303)

    def code(self, request: Request, form: Form) -> Response:
        """Open the form by a typed code."""
        try:
            return RedirectResponse(f"/report/{self._desk_of(request).by_code(form.get('code', '')[:MOST_CODE])}", 303)
        except Trouble as trouble:
            return self._code(request, trouble)

    def _code(self, request: Request, trouble: Trouble | None = None) -> Response:
        wrong = None if trouble is None else self._sheet.told(request, trouble)
        status = 200 if trouble is None else trouble.status
        return self._sheet(request, "report_code.html", status=status, wrong=wrong)

    def form(self, request: Request, link: str) -> Response:
        """Ask what is broken, then how, then offer to send: each tap is a page."""
        try:
            gate = taken(self._desk_of(request).gate(link), shapes.Gate)
        except Trouble as trouble:
            return self._code(request, trouble)
        what, how = (request.query_params.get(name, "") for name in ("what", "how"))
        what, how = what if what in words.WHAT else "", how if how in words.HOW else ""
        asked = request.query_params.get("k", "")
        key = asked if _FORM.fullmatch(asked) else secrets.token_urlsafe(18)
        template = "report_send.html" if what and how else "report_how.html" if what else "report_what.html"
        return self._sheet(
            request,
            template,
            gate=gate,
            link=link,
            what=what,
            how=how,
            known=_about(gate.known, what)[:_MOST_KNOWN] if what else gate.known[:_MOST_KNOWN],
            key=key,
            words=words,
            stages=STAGES,
            most_note=MOST_NOTE,
        )

    def send(self, request: Request, link: str, sent: Annotated[Sent, Depends(sent_of)]) -> Response:
        """Keep a report, then its photograph; a script is told its address, a browser is led there."""
        desk = self._desk_of(request)
        try:
            told = said(sent.fields)
            token, is_new = desk.send(link, told)
        except Trouble as trouble:
            back, words_ = Back(f"/report/{link}", msg("Back to the form")), self._sheet.told(request, trouble)
            return self._sheet(request, "report_trouble.html", status=trouble.status, told=words_, back=back)
        notes = {"paper": "1"} if told["paper"] else {} if is_new else {"known": "1"}
        if refused := _photographed(desk, token, sent):
            notes["photo"] = refused
        address = f"/report/s/{token}{'?' if notes else ''}{urlencode(notes)}"
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"status": address}, 201 if is_new else 200, headers={"Cache-Control": "no-store"})
        return RedirectResponse(address, 303)

    def status(self, request: Request, token: str) -> Response:
        """Show how far a report is."""
        return self._status(request, token, request.query_params.get("photo", ""))

    def _status(self, request: Request, token: str, refused: str, status: int = 200) -> Response:
        found = taken(self._desk_of(request).status(token), shapes.Status)
        reached = list(words.STEPS).index(found.step)
        return self._sheet(
            request,
            "report_status.html",
            status=status,
            one=found,
            photo_trouble=words.PHOTO_TROUBLES.get(refused),
            token=token,
            reached=reached,
            words=words,
            qr=qr_scaled(found.address),
            on_paper="paper" in request.query_params,
            was_known="known" in request.query_params,
        )

    def fixed(self, request: Request, token: str, form: Form) -> Response:  # noqa: ARG002 - its bounds are checked
        """Take that the trouble is over."""
        self._desk_of(request).fixed(token)
        return RedirectResponse(f"/report/s/{token}", 303)

    def again(self, request: Request, token: str, form: Form) -> Response:  # noqa: ARG002 - likewise
        """Take that it is not over: another report stands for that."""
        return RedirectResponse(f"/report/s/{self._desk_of(request).again(token)}", 303)

    def photo(self, request: Request, token: str, sent: Annotated[Sent, Depends(sent_of)]) -> Response:
        """Keep a photograph of a report; one that is refused is told on the report's page, with what to do."""
        desk = self._desk_of(request)
        if sent.photo is None and not sent.refused:
            return self._status(request, token, "none", 400)
        refused = _photographed(desk, token, sent)
        if refused:
            return self._status(request, token, refused, _STATUS[refused])
        return RedirectResponse(f"/report/s/{token}", 303)


def _photographed(desk: ReportDesk, token: str, sent: Sent) -> str:
    """Keep the photograph that was sent with a form, if any; return why it was not kept, else nothing."""
    if sent.photo is None:
        return sent.refused
    try:
        desk.photo(token, sent.photo)
    except Trouble as trouble:
        refused = {status: word for word, status in _STATUS.items()}.get(trouble.status)
        if refused is None:
            raise
        return refused
    return ""


def _about(known: tuple[shapes.Known, ...], what: str) -> tuple[shapes.Known, ...]:
    """Return what is known of what a picture means, and after it what concerns the whole unit."""
    system = _SYSTEMS.get(what, what)
    its = tuple(one for one in known if one.system == system or (one.device is not None and what == one.device))
    return its + tuple(one for one in known if one.system is None and one.device is None)
