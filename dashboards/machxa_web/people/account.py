"""Serve the pages of one's own account: password, second factor, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of, name_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.sheet import Sheet
from machxa_web.people import shapes
from machxa_web.people.desk import PeopleDeskOf, PeopleGuards
from machxa_web.people.qr import qr_svg
from machxa_web.people.shapes import ROLES, taken
from machxa_web.people.signing import typed_twice

Form = Annotated[Mapping[str, str], Depends(form_of)]


def add_account_routes(router: APIRouter, desk_of: PeopleDeskOf, sheet: Sheet, guards: PeopleGuards) -> None:
    """Give a router the pages of one's own account."""
    pages = _Account(desk_of, sheet)
    for path, page in (("", pages.account), ("/second-factor", pages.second_factor)):
        sheet.add(router, "GET", {f"/account{path}": page}, guards.own)
    for path, taking in (("/password", pages.change_password), ("/second-factor", pages.confirm)):
        sheet.add(router, "POST", {f"/account{path}": taking}, guards.own)
    for path, ends in (("/sessions/{session}/end", pages.end_session), ("/end-others", pages.end_others)):
        sheet.add(router, "POST", {f"/account{path}": ends}, guards.own)


class _Account:
    def __init__(self, desk_of: PeopleDeskOf, sheet: Sheet) -> None:
        self._desk_of = desk_of
        self._sheet = sheet

    def account(self, request: Request) -> Response:
        """Show one's own account."""
        return self._account(request)

    def change_password(self, request: Request, form: Form) -> Response:
        """Change one's own password."""
        try:
            seated = self._desk_of(request).change_password(form.get("current", ""), typed_twice(form))
        except Trouble as trouble:
            return self._account(request, trouble)
        answer = RedirectResponse("/account?done=password", 303)
        seated.carry(answer)
        return answer

    def second_factor(self, request: Request) -> Response:
        """Show a new second factor as QR code and text."""
        return self._second_factor(request, "")

    def confirm(self, request: Request, form: Form) -> Response:
        """Keep the second factor that a code proves; show the recovery codes, this once."""
        pending = form.get("pending", "")
        try:
            seated, codes = self._desk_of(request).confirm_second_factor(
                pending, form.get("code", ""), form.get("password", "")
            )
        except Trouble as trouble:
            return self._second_factor(request, pending, trouble)
        answer = self._sheet(request, "people_recovery.html", recovery=codes)
        seated.carry(answer)
        return answer

    def end_session(self, request: Request, session: str) -> Response:
        """End one of one's own sessions."""
        self._desk_of(request).end_session(name_of(session))
        return RedirectResponse("/account?done=ended", 303)

    def end_others(self, request: Request) -> Response:
        """End one's own sessions but this one."""
        self._desk_of(request).end_other_sessions()
        return RedirectResponse("/account?done=ended", 303)

    def _account(self, request: Request, trouble: Trouble | None = None) -> Response:
        desk = self._desk_of(request)
        me = taken(desk.me(), shapes.Me)
        return self._sheet(
            request,
            "people_account.html",
            status=200 if trouble is None else trouble.status,
            me=me,
            roles=ROLES,
            sessions=() if me.login is None else taken(desk.sessions(), shapes.Sessions).sessions,
            fault=None if trouble is None else self._sheet.told(request, trouble),
        )

    def _second_factor(self, request: Request, pending: str, trouble: Trouble | None = None) -> Response:
        desk = self._desk_of(request)
        begun = taken(desk.begin_second_factor(pending), shapes.Pending)
        return self._sheet(
            request,
            "people_second_factor.html",
            status=200 if trouble is None else trouble.status,
            me=taken(desk.me(), shapes.Me),
            begun=begun,
            qr=qr_svg(begun.address),
            fault=None if trouble is None else self._sheet.told(request, trouble),
        )
