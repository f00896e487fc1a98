"""Serve the page of what comes to a unit: by weekday, by session and by stage, each with its sample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from babel.dates import get_day_names
from fastapi import APIRouter, Request, Response
from fastapi.params import Depends as Guard

from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Sheet
from machxa_web.dossiers import shapes, words
from machxa_web.outputs.words import STAGES

_SATURDAY = 5
_MOST_CODE = 10


class FlowDesk(Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble."""

    def flow(self, unit: str) -> object:
        """Return what comes to a unit of who asks."""


def add_flow_routes(
    router: APIRouter, desk_of: Callable[[Request], FlowDesk], sheet: Sheet, looking: Sequence[Guard]
) -> None:
    """Give a router the page; looking holds the dependencies that let somebody look."""

    def flow(request: Request) -> Response:
        """Show what comes to a unit on a weekday (?day=, 0 is Monday)."""
        unit = request.query_params.get("unit", "").strip()[:_MOST_CODE]
        told = taken(desk_of(request).flow(unit), shapes.Flow)
        asked = request.query_params.get("day", "0")
        day = int(asked) if asked in tuple("012345") else 0
        names = get_day_names("wide", locale=sheet.language(request).code)
        return sheet(
            request,
            "dossier_flow.html",
            told=told,
            day=day,
            days=[names[one] for one in range(_SATURDAY + 1)],
            rates=[one for one in told.rates if one.weekday == day],
            sessions=[one for one in told.session_rates if one.weekday == day],
            stages=[one for one in told.stages if one.weekday == day],
            groups=words.GROUPS,
            levels=words.LEVELS,
            shares=words.SHARES,
            parts=words.PARTS,
            stage_names=STAGES,
        )

    sheet.add(router, "GET", {"/dossiers/flow": flow}, looking)
