"""Serve the pages of what was done: every act, what it changed, and how to take it back."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from machxa_web.admin import shapes, view
from machxa_web.admin.bounds import cursor_of, name_of
from machxa_web.admin.desk import DeskOf, Guards
from machxa_web.admin.pages import kind_of, taken
from machxa_web.admin.sheet import Sheet


def add_history_routes(router: APIRouter, desk_of: DeskOf, sheet: Sheet, guards: Guards) -> None:
    """Give a router the pages of acts; guards say who may look and who may change."""

    def listing(request: Request) -> Response:
        """Show acts, newest first."""
        kind = request.query_params.get("kind", "")[:64]
        desk = desk_of(request)
        page = taken(desk.batches(kind, cursor_of(request)), shapes.BatchPage)
        kinds = taken(desk.overview(), shapes.Overview).kinds
        following = None if page.next is None else urlencode({"kind": kind, "cursor": page.next})
        return sheet(
            request, "admin_history.html", page=page, kinds={one.name: one for one in kinds}, following=following
        )

    def act(request: Request, batch: str) -> Response:
        """Show what one act changed."""
        desk = desk_of(request)
        detail = taken(desk.batch(name_of(batch), cursor_of(request)), shapes.BatchDetail)
        kind = kind_of(desk, detail.batch.kind)
        language = sheet.language(request)
        changes = [(change, view.altered(language, kind, change)) for change in detail.changes]
        return sheet(request, "admin_batch.html", detail=detail, kind=kind, changes=changes)

    def undo(request: Request, batch: str) -> Response:
        """Take an act back."""
        desk = desk_of(request)
        undone = desk.undo(name_of(batch))
        return RedirectResponse(f"/admin/history/{undone}", 303)

    sheet.add(router, "GET", {"/admin/history": listing}, guards.looking)
    sheet.add(router, "GET", {"/admin/history/{batch}": act}, guards.looking)
    sheet.add(router, "POST", {"/admin/history/{batch}/undo": undo}, guards.changing)
