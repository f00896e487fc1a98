"""Serve the registry's pages: each route translates a request, asks the desk and renders a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from machxa_web.admin import shapes, view
from machxa_web.admin.bounds import cursor_of, form_of, name_of
from machxa_web.admin.desk import Desk, DeskOf, Guards, Trouble
from machxa_web.admin.home import groups
from machxa_web.admin.sheet import Sheet
from machxa_web.learnt import converted
from machxa_web.places import may_of

Form = Annotated[Mapping[str, str], Depends(form_of)]
_Shape = TypeVar("_Shape")
_OURS = ("version", "confirm")  # fields of our forms that belong to no record
_NEW = "new"
_HOURS = "calendars"


def add_record_routes(router: APIRouter, desk_of: DeskOf, sheet: Sheet, guards: Guards) -> None:
    """Give a router the pages of records; guards say who may look and who may change."""
    pages = _Records(desk_of, sheet)
    shown: dict[str, Callable[..., Response]] = {
        "/admin": pages.home,
        "/admin/records/{kind}": pages.listing,
        "/admin/records/{kind}/new": pages.blank,
        "/admin/records/{kind}/{record}": pages.record,
    }
    changed: dict[str, Callable[..., Response]] = {
        "/admin/records/{kind}/{record}/save": pages.save,
        "/admin/records/{kind}/{record}/remove": pages.remove,
    }
    sheet.add(router, "GET", shown, guards.looking)
    sheet.add(router, "POST", changed, guards.changing)


class _Records:
    def __init__(self, desk_of: DeskOf, sheet: Sheet) -> None:
        self._desk_of = desk_of
        self._sheet = sheet

    def home(self, request: Request) -> Response:
        """Show every kind with how many records there are."""
        desk = self._desk_of(request)
        found = _overview(desk)
        hours = (
            () if found.home is None else taken(desk.records(_HOURS, "", found.home, None), shapes.RecordPage).records
        )
        todo = view.left_to_do(found.kinds, hours)
        shown = groups(found.kinds, may_of(request))
        return self._sheet(request, "admin_home.html", kinds=found.kinds, groups=shown, home=found.home, todo=todo)

    def listing(self, request: Request, kind: str) -> Response:
        """Show one page of a kind's records."""
        desk = self._desk_of(request)
        told = kind_of(desk, kind)
        q, unit = request.query_params.get("q", "")[:100], request.query_params.get("unit", "")[:100]
        page = taken(desk.records(kind, q, unit, cursor_of(request)), shapes.RecordPage)
        following = None if page.next is None else urlencode({"q": q, "unit": unit, "cursor": page.next})
        return self._sheet(
            request,
            "admin_list.html",
            kind=told,
            columns=view.columns(told),
            page=page,
            q=q,
            unit=unit,
            following=following,
        )

    def blank(self, request: Request, kind: str) -> Response:
        """Show the form of a new record."""
        told = kind_of(self._desk_of(request), kind)
        return self._form(request, told, _NEW, {}, shapes.Preview(), _unsaved(told))

    def record(self, request: Request, kind: str, record: str) -> Response:
        """Show a record with its history."""
        desk = self._desk_of(request)
        told = kind_of(desk, kind)
        detail = taken(desk.record(kind, name_of(record)), shapes.RecordDetail)
        return self._form(request, told, record, detail.values, shapes.Preview(), detail)

    def save(self, request: Request, kind: str, record: str, form: Form) -> Response:
        """Show what saving would change, and save what was confirmed."""
        desk = self._desk_of(request)
        told = kind_of(desk, kind)
        target = None if record == _NEW else name_of(record)
        values = {name: value for name, value in form.items() if name not in _OURS}
        preview = taken(desk.preview(kind, target, values), shapes.Preview)
        version = form.get("version", "")
        if preview.faults or not preview.differences:
            detail = taken(desk.record(kind, target), shapes.RecordDetail) if target else _unsaved(told)
            return self._form(request, told, record, values, preview, detail, tried=True)
        if "confirm" not in form:
            return self._sheet(
                request,
                "admin_preview.html",
                kind=told,
                record=record,
                values=values,
                version=version,
                lines=view.lines(self._sheet.language(request), told, preview.differences),
                assumed=[view.said(self._sheet.language(request), one) for one in preview.assumed],
            )
        kept, batch = desk.save(kind, target, values, version)
        return RedirectResponse(f"/admin/records/{kind}/{kept}?{urlencode({'done': batch})}", 303)

    def remove(self, request: Request, kind: str, record: str, form: Form) -> Response:
        """Ask once more, then remove a record."""
        desk = self._desk_of(request)
        told = kind_of(desk, kind)
        if "confirm" not in form:
            detail = taken(desk.record(kind, name_of(record)), shapes.RecordDetail)
            return self._sheet(request, "admin_remove.html", kind=told, detail=detail)
        batch = desk.remove(kind, name_of(record), form.get("version", ""))
        return RedirectResponse(f"/admin/records/{kind}?{urlencode({'done': batch})}", 303)

    def _form(
        self,
        request: Request,
        kind: shapes.KindShape,
        record: str,
        values: Mapping[str, str],
        preview: shapes.Preview,
        detail: shapes.RecordDetail,
        *,
        tried: bool = False,
    ) -> Response:
        language = self._sheet.language(request)
        return self._sheet(
            request,
            "admin_record.html",
            kind=kind,
            record=record,
            detail=detail,
            tried=tried,
            may_change=detail.may_change,
            inputs=view.inputs(language, kind, values, preview),
            faults=view.whole_faults(language, kind, preview),
            history=[(change, view.altered(language, kind, change)) for change in detail.history],
        )


def taken(answer: object, shape: type[_Shape]) -> _Shape:
    """Return a desk's answer as a typed shape."""
    return converted(answer, shape)


def kind_of(desk: Desk, name: str) -> shapes.KindShape:
    """Return a kind by its name; raises Trouble 404 when there is none."""
    for kind in _overview(desk).kinds:
        if kind.name == name:
            return kind
    raise Trouble(404, "không có loại bản ghi này", "there is no such kind of record")


def may_change_assets(desk: Desk) -> bool:
    """Return whether who asks may change assets, in their territory."""
    return any(kind.name == "assets" and "change" in kind.allowed for kind in _overview(desk).kinds)


def _unsaved(kind: shapes.KindShape) -> shapes.RecordDetail:
    return shapes.RecordDetail(id=_NEW, may_change="change" in kind.allowed)


def _overview(desk: Desk) -> shapes.Overview:
    return taken(desk.overview(), shapes.Overview)
