"""Serve the pages that sign people in and out, take invitations and make the first administrator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.sheet import Sheet
from machxa_web.people.desk import PeopleDeskOf, PeopleGuards, Seated

Form = Annotated[Mapping[str, str], Depends(form_of)]

SIGN_IN = "/account/sign-in"
SECOND_FACTOR = "/account/second-factor"


def add_signing_routes(router: APIRouter, desk_of: PeopleDeskOf, sheet: Sheet, guards: PeopleGuards) -> None:
    """Give a router the pages of signing in."""
    pages = _Signing(desk_of, sheet)
    for path, page in (("sign-in", pages.form), ("invited", pages.invitation)):
        sheet.add(router, "GET", {f"/account/{path}": page}, guards.anyone)
    for path, taking in (("sign-in", pages.sign_in), ("invited", pages.accept)):
        sheet.add(router, "POST", {f"/account/{path}": taking}, guards.anyone)
    sheet.add(router, "GET", {"/account/first": pages.first}, guards.managing)
    sheet.add(router, "POST", {"/account/first": pages.add_first}, guards.managing)
    sheet.add(router, "POST", {"/account/sign-out": pages.sign_out}, guards.own)


class _Signing:
    def __init__(self, desk_of: PeopleDeskOf, sheet: Sheet) -> None:
        self._desk_of = desk_of
        self._sheet = sheet

    def form(self, request: Request) -> Response:
        """Show the form to sign in."""
        return self._form(request, request.query_params.get("next", ""))

    def sign_in(self, request: Request, form: Form) -> Response:
        """Sign in and go on to where somebody wanted to."""
        following = form.get("next", "")
        try:
            seated = self._desk_of(request).sign_in(
                form.get("login", ""), form.get("password", ""), form.get("code", "")
            )
        except Trouble as trouble:
            return self._form(request, following, trouble)
        return on_with(seated, own_path(following))

    def sign_out(self, request: Request) -> Response:
        """Sign out and show the form to sign in."""
        answer = RedirectResponse(f"{SIGN_IN}?done=out", 303)
        self._desk_of(request).sign_out()(answer)
        return answer

    def invitation(self, request: Request) -> Response:
        """Show the form in which an invited person sets a password."""
        token = request.query_params.get("token", "")[:200]
        login = self._desk_of(request).invited(token)
        return self._sheet(request, "people_invited.html", login=login, token=token, fault=None)

    def accept(self, request: Request, form: Form) -> Response:
        """Set an invited person's password."""
        desk, token = self._desk_of(request), form.get("token", "")
        login = desk.invited(token)
        try:
            desk.accept(token, typed_twice(form))
        except Trouble as trouble:
            told = self._sheet.told(request, trouble)
            return self._sheet(
                request, "people_invited.html", status=trouble.status, login=login, token=token, fault=told
            )
        return RedirectResponse(f"{SIGN_IN}?done=password", 303)

    def first(self, request: Request) -> Response:
        """Show the form that makes the first administrator."""
        return self._sheet(request, "people_first.html", login="", name="", fault=None)

    def add_first(self, request: Request, form: Form) -> Response:
        """Make the first administrator, who sets up a second factor next."""
        login, name = form.get("login", ""), form.get("name", "")
        try:
            seated = self._desk_of(request).add_first(login, name, typed_twice(form))
        except Trouble as trouble:
            told = self._sheet.told(request, trouble)
            return self._sheet(request, "people_first.html", status=trouble.status, login=login, name=name, fault=told)
        return on_with(seated, "/")

    def _form(self, request: Request, following: str, trouble: Trouble | None = None) -> Response:
        return self._sheet(
            request,
            "people_sign_in.html",
            status=200 if trouble is None else trouble.status,
            following=own_path(following),
            fault=None if trouble is None else self._sheet.told(request, trouble),
        )


def on_with(seated: Seated, path: str) -> Response:
    """Return the way on with a session that just began; a missing second factor comes first."""
    answer = RedirectResponse(SECOND_FACTOR if seated.is_half else path, 303)
    seated.carry(answer)
    return answer


def own_path(asked: str) -> str:
    """Return a path of ours to go on to, the first page for anything else: no sign-in leads to another site."""
    is_ours = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if is_ours and asked.isascii() else "/"


def typed_twice(form: Mapping[str, str]) -> str:
    """Return a new password that a form holds twice; raises Trouble when the two differ."""
    if form.get("password", "") != form.get("again", ""):
        raise Trouble(422, "hai lần gõ mật khẩu không giống nhau", "the password was typed differently the second time")
    return form.get("password", "")
