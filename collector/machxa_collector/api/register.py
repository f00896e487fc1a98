"""Settle the drafts that agents and gateways made, and hand a unit's assets on to another."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from machxa_collector.api import draft_views, handover_views
from machxa_collector.api import register_shapes as shapes
from machxa_collector.api.access import permission
from machxa_collector.api.acts import act
from machxa_collector.api.deps import Deps
from machxa_collector.api.import_views import person_of
from machxa_collector.api.imports import download
from machxa_collector.api.problems import problem
from machxa_collector.api.record_texts import NotThere
from machxa_collector.api.registry import Cursor, Limit, Text, asker_of, told
from machxa_collector.api.tongue import AskedLanguage
from machxa_collector.importing import exporting
from machxa_collector.sheets.forms import FileForm
from machxa_collector.store import audit
from machxa_collector.store.identity_acts import CannotMerge
from machxa_collector.store.register_acts import Decision

router = APIRouter(prefix="/api/v1")
_reads, _writes = Depends(permission("assets.read")), Depends(permission("assets.write"))


@router.get("/drafts", response_model=shapes.DraftPage, dependencies=[_reads])
def drafts(request: Request, unit: Text = "", cursor: Cursor = "", limit: Limit = 100) -> Response:
    """List what agents and gateways found and nobody confirmed, with the entries of the books that each may be."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    return told(request, "assets", lambda: draft_views.draft_page(deps.live, asker, unit.strip(), cursor, limit))


@router.post("/drafts/decide", response_model=shapes.Settled, dependencies=[_writes])
def decide(request: Request, asked: shapes.DecideDrafts) -> Response:
    """Confirm, reject or join drafts, all or none; the act is undone as a batch, each join as a merge."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    decisions = [Decision(draft=one.draft, decision=one.decision, entry=one.entry) for one in asked.decisions]
    try:
        return told(request, "assets", lambda: draft_views.decide(deps.live, asker, decisions))
    except CannotMerge as exc:
        raise HTTPException(409, str(exc)) from exc


@router.post("/handovers/preview", response_model=shapes.HandoverPreview, dependencies=[_writes])
def preview(request: Request, asked: shapes.HandoverRequest) -> Response:
    """Say what a unit would hand over; nothing is kept."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    return told(request, "assets", lambda: handover_views.preview(deps.live, asker, asked.of, asked.to, asked.assets))


@router.post("/handovers", response_model=shapes.Handed, status_code=201, dependencies=[_writes])
def hand_over(request: Request, asked: shapes.HandoverAct) -> Response:
    """Hand over what the preview showed; 409 when the unit's assets have changed since."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    return told(
        request,
        "assets",
        lambda: handover_views.hand_over(
            deps.live, asker, asked.of, asked.to, asked.assets, asked.version, asked.reference.strip()
        ),
        201,
    )


@router.get("/handovers/{batch}/record.{form}", response_class=Response, dependencies=[_reads])
def record(request: Request, batch: str, form: Literal["csv", "xlsx"], language: AskedLanguage) -> Response:
    """Give the rows of a record of handing over (biên bản bàn giao) as a file; costs only to who may see them."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    try:
        (of, to), rows = handover_views.form_rows(deps.live, asker, batch, language)
    except NotThere as exc:
        return problem(404, str(exc))
    audit.record_alone(deps.store, act(request, "export", f"handovers/{batch}.{form}"))
    columns, person = handover_views.form_headings(asker, language), person_of(deps.live, asker)
    title = language.say("Bàn giao {of} - {to}").format(of=of, to=to)
    file = exporting.table_file(FileForm(form), title, columns, rows, person, language)
    return download(file, FileForm(form), f"machxa-ban-giao-{of}-{to}")
