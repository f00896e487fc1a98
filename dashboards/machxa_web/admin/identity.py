"""Serve the pages of who is who: records that may be one device, and how a device is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import cursor_of, form_of, name_of
from machxa_web.admin.desk import DeskOf, Guards, IdentityDeskOf, Trouble
from machxa_web.admin.identity_shapes import FindingPage, Identity
from machxa_web.admin.pages import may_change_assets, taken
from machxa_web.admin.sheet import Sheet
from machxa_web.languages import msg

Form = Annotated[Mapping[str, str], Depends(form_of)]
_MOST_DIGITS = 18

MARKS = {
    "uuid": msg("board UUID"),
    "board": msg("board serial"),
    "serial": msg("serial number"),
    "mac": msg("network card"),
    "dongle": msg("USB network card"),
    "disk": msg("disk serial"),
    "memory": msg("memory serial"),
    "machine": msg("installation of the operating system"),
}
AGREEMENTS = {
    "agrees": msg("the same"),
    "partly": msg("partly the same"),
    "formerly": msg("the same as before"),
    "disagrees": msg("different"),
    "absent": msg("not known on one side"),
}
VERDICTS = {
    "clone": msg("Two computers carry the same copied disk image"),
    "cloned": msg("Two computers carry the same copied disk image"),
    "conflict": msg("May be one device or two: please decide"),
    "same_computer": msg("A computer enrolled again"),
    "reinstalled": msg("A computer was installed anew"),
}


def add_identity_routes(
    router: APIRouter, records_of: DeskOf, desk_of: IdentityDeskOf, sheet: Sheet, guards: Guards
) -> None:
    """Give a router the pages of identities; guards say who may look and who may change."""

    def findings(request: Request) -> Response:
        """Show what a person should decide."""
        page = taken(desk_of(request).findings(cursor_of(request)), FindingPage)
        may_change = may_change_assets(records_of(request))
        return sheet(request, "admin_identity.html", page=page, words=_WORDS, may_change=may_change)

    def device(request: Request, asset: str) -> Response:
        """Show how one device is known."""
        found = taken(desk_of(request).identity(name_of(asset)), Identity)
        may_change = may_change_assets(records_of(request))
        return sheet(request, "admin_device.html", one=found, words=_WORDS, may_change=may_change)

    def decide(request: Request, pk: str, form: Form) -> Response:
        """Settle a finding."""
        desk_of(request).decide(_number(pk), form.get("decision", ""))
        return RedirectResponse("/admin/identity", 303)

    def merge(request: Request, asset: str, form: Form) -> Response:
        """Let the device absorb another record."""
        desk_of(request).merge(name_of(asset), name_of(form.get("absorb", "").strip()))
        return _to(asset)

    def unmerge(request: Request, asset: str, form: Form) -> Response:
        """Take a merge back."""
        desk_of(request).undo_merge(_number(form.get("merge", "")))
        return _to(name_of(asset))

    def split(request: Request, asset: str, form: Form) -> Response:
        """Give one agent a record of its own again."""
        parted = desk_of(request).split(name_of(asset), name_of(form.get("agent", "")))
        return _to(parted)

    def move(request: Request, asset: str, form: Form) -> Response:
        """Say that the device stands elsewhere."""
        desk_of(request).move(name_of(asset), form.get("unit", "").strip()[:10], form.get("note", "").strip()[:500])
        return _to(asset)

    shown: dict[str, Callable[..., Response]] = {"/admin/identity": findings, "/admin/identity/{asset}": device}
    changed: dict[str, Callable[..., Response]] = {
        "/admin/findings/{pk}/decide": decide,
        "/admin/identity/{asset}/merge": merge,
        "/admin/identity/{asset}/unmerge": unmerge,
        "/admin/identity/{asset}/split": split,
        "/admin/identity/{asset}/move": move,
    }
    sheet.add(router, "GET", shown, guards.looking)
    sheet.add(router, "POST", changed, guards.changing)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise Trouble(404, "không có mục này", "there is no such entry")
    return int(text)


def _to(asset: str) -> Response:
    return RedirectResponse(f"/admin/identity/{asset}", 303)


_WORDS = {"marks": MARKS, "agreements": AGREEMENTS, "verdicts": VERDICTS}
