"""Serve the pages on which administrators look after accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of, name_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.sheet import Sheet
from machxa_web.people import shapes
from machxa_web.people.desk import PeopleDesk, PeopleDeskOf, PeopleGuards
from machxa_web.people.shapes import ROLES, taken

Form = Annotated[Mapping[str, str], Depends(form_of)]


def add_staff_routes(router: APIRouter, desk_of: PeopleDeskOf, sheet: Sheet, guards: PeopleGuards) -> None:
    """Give a router the pages of accounts."""
    pages = _Staff(desk_of, sheet)
    shown: dict[str, Callable[..., Response]] = {"/people": pages.listing, "/people/{person}": pages.person}
    changed: dict[str, Callable[..., Response]] = {
        "/people/new": pages.add,
        "/people/{person}": pages.change,
        "/people/{person}/invite": pages.invite,
        "/people/{person}/disable": pages.disable,
        "/people/{person}/enable": pages.enable,
        "/people/{person}/forget": pages.forget,
    }
    sheet.add(router, "GET", {"/people/new": pages.blank}, guards.managing)
    sheet.add(router, "GET", shown, guards.reading)
    sheet.add(router, "POST", changed, guards.managing)


class _Staff:
    def __init__(self, desk_of: PeopleDeskOf, sheet: Sheet) -> None:
        self._desk_of = desk_of
        self._sheet = sheet

    def listing(self, request: Request) -> Response:
        """Show the accounts that may be seen."""
        desk = self._desk_of(request)
        people = taken(desk.people(), shapes.People).people
        return self._sheet(request, "people_list.html", people=people, roles=ROLES, manages=_manages(desk))

    def blank(self, request: Request) -> Response:
        """Show the form for a new account."""
        return self._form(request, "new", shapes.Person())

    def add(self, request: Request, form: Form) -> Response:
        """Make an account and show its invitation, this once."""
        typed = _typed(form)
        try:
            path = self._desk_of(request).add(typed.login, typed.name, typed.roles, typed.scope)
        except Trouble as trouble:
            return self._form(request, "new", typed, trouble)
        return self._invitation(request, typed.login, path)

    def person(self, request: Request, person: str) -> Response:
        """Show one account."""
        return self._form(request, person, _named(self._desk_of(request), person))

    def change(self, request: Request, person: str, form: Form) -> Response:
        """Change what an account is called and may do."""
        typed = _typed(form)
        try:
            self._desk_of(request).change(name_of(person), typed.name, typed.roles, typed.scope)
        except Trouble as trouble:
            return self._form(request, person, _named(self._desk_of(request), person), trouble)
        return RedirectResponse(f"/people/{name_of(person)}?done=saved", 303)

    def invite(self, request: Request, person: str) -> Response:
        """Show a new invitation, this once."""
        desk = self._desk_of(request)
        return self._invitation(request, _named(desk, person).login, desk.invite(name_of(person)))

    def disable(self, request: Request, person: str) -> Response:
        """Take an account out of use."""
        self._desk_of(request).set_disabled(name_of(person), disabled=True)
        return RedirectResponse(f"/people/{name_of(person)}?done=saved", 303)

    def enable(self, request: Request, person: str) -> Response:
        """Take an account into use again."""
        self._desk_of(request).set_disabled(name_of(person), disabled=False)
        return RedirectResponse(f"/people/{name_of(person)}?done=saved", 303)

    def forget(self, request: Request, person: str) -> Response:
        """Forget a second factor that its owner has lost."""
        self._desk_of(request).forget_second_factor(name_of(person))
        return RedirectResponse(f"/people/{name_of(person)}?done=saved", 303)

    def _form(self, request: Request, which: str, person: shapes.Person, trouble: Trouble | None = None) -> Response:
        return self._sheet(
            request,
            "people_person.html",
            status=200 if trouble is None else trouble.status,
            which=which,
            person=person,
            roles=ROLES,
            manages=_manages(self._desk_of(request)),
            fault=None if trouble is None else self._sheet.told(request, trouble),
        )

    def _invitation(self, request: Request, login: str, path: str) -> Response:
        address = str(request.url.replace(path="/", query="", fragment="")).rstrip("/?") + path
        return self._sheet(request, "people_invitation.html", login=login, address=address)


def _manages(desk: PeopleDesk) -> bool:
    return "people.manage" in taken(desk.me(), shapes.Me).permissions


def _named(desk: PeopleDesk, person: str) -> shapes.Person:
    return taken(desk.person(name_of(person)), shapes.Person)


def _typed(form: Mapping[str, str]) -> shapes.Person:
    roles = tuple(role for role in ROLES if form.get(f"role-{role}"))
    return shapes.Person(
        login=form.get("login", "").strip().lower(),
        name=form.get("name", "").strip(),
        roles=roles,
        scope=form.get("scope", "").strip(),
        place=form.get("scope", "").strip(),
    )
