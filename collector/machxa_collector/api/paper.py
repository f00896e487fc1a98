"""Let a unit's leader declare work on paper, and the unit keep and catch up its ledger."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from starlette.responses import JSONResponse, Response

from machxa_collector.api import paper_shapes as shapes
from machxa_collector.api.access import permission, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer, iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.impact import unit_of
from machxa_collector.api.impact_views import closed, opened
from machxa_collector.api.imports import file_of
from machxa_collector.api.paper_files import read_ledger
from machxa_collector.api.problems import problem
from machxa_collector.effects.paper import Ledger, ledger_of
from machxa_collector.registry.sheets import BadFile
from machxa_collector.sheets.write import XLSX_TYPE
from machxa_collector.store import paper as stored
from machxa_collector.store.paper import Spell, Taken

router = APIRouter(prefix="/api/v1/paper")
_reads, _declares = Depends(permission("incidents.read")), Depends(permission("paper.declare"))
_writes = Depends(permission("paper.write"))
_Pk = Annotated[int, Path(ge=1, le=2**31 - 1)]
_MOST = 50
_WEEK_MS, _SOON_MS = 7 * 86_400_000, 60_000
_PERSONAL = re.compile(r"0\d{9}|\d{9}|\d{12}")  # a phone number, or an identity card's
_BINARY = {"schema": {"type": "string", "format": "binary"}}
Json = dict[str, object]


@router.get("", response_model=shapes.SpellList, dependencies=[_reads])
def spells(request: Request, unit: Annotated[str, Query(max_length=10)] = "") -> Response:
    """List the newest times on paper of one's territory, or of one unit."""
    deps: Deps = request.app.state.deps
    within = {unit_of(request, unit)} if unit else request_territory(request).units
    found = [ledger_of(deps.facts, one) for one in stored.newest(deps.store, within, _MOST)]
    return answer(request, {"spells": [_spell_view(one, 0) for one in found if one is not None]})


@router.post("", response_model=shapes.LedgerShape, status_code=201, dependencies=[_declares])
def declare(request: Request, asked: shapes.DeclareRequest) -> Response:
    """Declare that a unit works on paper; 409 while it does already."""
    deps: Deps = request.app.state.deps
    unit, now = unit_of(request, asked.unit), deps.now_ms()
    start = now if asked.started_at is None else asked.started_at
    if not now - _WEEK_MS <= start <= now + _SOON_MS:
        raise HTTPException(422, "started_at lies in the future or more than a week back")
    entry = act(request, "paper.declare", f"paper/{unit}", started_at=start, reason=asked.reason)
    try:
        pk = stored.declare(deps.store, entry, unit, start, asked.groups, asked.reason, asked.incident)
    except stored.Refused as exc:
        raise HTTPException(409, str(exc)) from exc
    return _ledger(request, pk, 201)


@router.get("/{pk}", response_model=shapes.LedgerShape, dependencies=[_reads])
def ledger(request: Request, pk: _Pk) -> Response:
    """Give one time on paper with its ledger; red is what waits to be typed in for more than a working day."""
    return answer(request, _ledger_view(_seen(request, pk)))


@router.post("/{pk}/end", response_model=shapes.LedgerShape, dependencies=[_declares])
def end(request: Request, pk: _Pk, asked: shapes.EndRequest) -> Response:
    """End a time on paper; its ledger stays to be typed in."""
    deps: Deps = request.app.state.deps
    _seen(request, pk)
    now = deps.now_ms()
    at = now if asked.ended_at is None else asked.ended_at
    if at > now + _SOON_MS:
        raise HTTPException(422, "ended_at lies in the future")
    try:
        stored.end(deps.store, act(request, "paper.end", f"paper/{pk}", ended_at=at), pk, at)
    except stored.Refused as exc:
        raise HTTPException(409, str(exc)) from exc
    return _ledger(request, pk, 200)


@router.post("/{pk}/lines", response_model=shapes.TakenShape, status_code=201, dependencies=[_writes])
def add_lines(request: Request, pk: _Pk, asked: shapes.LinesRequest) -> Response:
    """Write dossiers into the ledger, or say that they were typed in since; all or none."""
    return _take(request, pk, asked.lines)


@router.post(
    "/{pk}/file",
    response_model=shapes.TakenShape,
    status_code=201,
    dependencies=[_writes],
    openapi_extra={"requestBody": {"required": True, "content": {"text/csv": _BINARY, XLSX_TYPE: _BINARY}}},
)
def add_file(request: Request, pk: _Pk, content: Annotated[bytes, Depends(file_of)]) -> Response:
    """Take a ledger in from CSV or XLSX in the columns of the printed one; all rows or none."""
    try:
        lines = read_ledger(content)
    except BadFile as exc:
        return problem(422, exc.told.en)
    if not lines:
        return problem(422, "the file has no rows below its headings")
    return _take(request, pk, lines)


def _take(request: Request, pk: int, lines: list[shapes.LineRequest]) -> Response:
    deps: Deps = request.app.state.deps
    seen = _seen(request, pk)
    for line in lines:
        for text in filter(None, (line.number, line.dossier)):
            if _PERSONAL.fullmatch(text):
                raise HTTPException(422, f"{text[:4]}… looks like a phone or identity number, which no ledger may hold")
        late = max(line.received_at, line.entered_at or 0)
        if late > deps.now_ms() + _SOON_MS or line.received_at < seen.spell.started_at - _WEEK_MS:
            raise HTTPException(422, f"number {line.number!r} has a time in the future, or long before the paper work")
    taken = [Taken(**{**line.model_dump(), "stages": tuple(line.stages)}) for line in lines]
    try:
        added = stored.add_lines(
            deps.store, act(request, "paper.lines", f"paper/{pk}", lines=len(lines)), seen.spell, taken
        )
    except stored.Refused as exc:
        raise HTTPException(409, str(exc)) from exc
    told = {"added": added, "ledger": _ledger_view(_seen(request, pk))}
    return JSONResponse(told, 201, headers={"Cache-Control": "no-store"})


def _ledger(request: Request, pk: int, status: int) -> Response:
    return JSONResponse(_ledger_view(_seen(request, pk)), status, headers={"Cache-Control": "no-store"})


def _seen(request: Request, pk: int) -> Ledger:
    """Return a ledger of one's territory; answers 404."""
    deps: Deps = request.app.state.deps
    found: Spell | None = stored.spell(deps.store, pk)
    units = request_territory(request).units
    told = None if found is None or (units is not None and found.unit not in units) else ledger_of(deps.facts, found)
    if told is None:
        raise HTTPException(404, "no such time on paper")
    return told


def _spell_view(one: Ledger, deep: int) -> Json:
    spell = one.spell
    return {
        "id": spell.pk,
        "unit": spell.unit,
        "started_at": iso(spell.started_at),
        "ended_at": iso(spell.ended_at),
        "groups": list(spell.groups),
        "reason": spell.reason,
        "incident": spell.incident,
        "declared_by": spell.declared_by,
        "ended_by": spell.ended_by,
        "lines": len(one.lines),
        "left": one.left,
        "red": len(one.red),
        "reentry_hours": opened(one.reentry, deep) if deep else closed(one.reentry),
    }


def _ledger_view(one: Ledger) -> Json:
    return {
        **_spell_view(one, 4),
        "ledger": [
            {
                "number": line.number,
                "group": line.group,
                "received_at": iso(line.received_at),
                "stages": list(line.stages),
                "entered_at": iso(line.entered_at),
                "dossier": line.dossier,
                "is_red": line.number in one.red,
            }
            for line in one.lines
        ],
    }
