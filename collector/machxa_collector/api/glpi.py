"""Give assets in the form of GLPI's inventory: one as JSON, many as a ZIP with a table of what it leaves out."""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response, StreamingResponse

from machxa_collector.api.access import permission
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.registry import asker_of
from machxa_collector.api.registry_asker import Asker
from machxa_collector.registry.inventory import glpi
from machxa_collector.registry.people import Permission
from machxa_collector.registry.people.territory import territory_of
from machxa_collector.registry.records import KINDS
from machxa_collector.sheets.write import write_csv
from machxa_collector.store import audit, records_read
from machxa_collector.store.glpi_inventory import inventory_of
from machxa_collector.store.record_rows import Stored

router = APIRouter(prefix="/api/v1")
MOST_IN_ZIP = 2_000
_ASSETS = KINDS["assets"]
_IN_MEMORY_BYTES = 4 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@router.get(
    "/assets/{asset_id}/glpi", response_model=dict[str, object], dependencies=[Depends(permission("assets.read"))]
)
def one(request: Request, asset_id: str) -> Response:
    """Give one asset as GLPI's inventory JSON; 404 too for a kind that GLPI takes by no inventory."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    stored = records_read.get(deps.store, _ASSETS, asset_id)
    if stored is None or not asker.sees(deps.live.current().units, _ASSETS, stored.record["unit"]):
        raise HTTPException(404, "no such asset")
    made = _inventory(deps, asker, stored)
    if made is None:
        raise HTTPException(404, f"GLPI takes no {stored.record['kind']} by inventory; it is in the table of glpi.zip")
    return answer(request, made)


@router.get(
    "/glpi.zip",
    response_class=Response,
    responses={200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}},
    dependencies=[Depends(permission("exports.read"))],
)
def many(request: Request, unit: Annotated[str, Query(max_length=10)] = "") -> Response:
    """Give up to 2,000 assets, of a unit or of one's territory: a JSON file for each and assets.csv with the money."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    chosen = asker.chosen(deps.live.current().units, _ASSETS, unit.strip(), "")
    found = tuple(islice(records_read.every(deps.store, _ASSETS, chosen), MOST_IN_ZIP + 1))
    if len(found) > MOST_IN_ZIP:
        raise HTTPException(422, f"there are more than {MOST_IN_ZIP} assets: ask unit by unit")
    audit.record_alone(deps.store, act(request, "export", "glpi.zip", unit=unit or None, assets=len(found)))
    name = f"machxa-glpi-{_NO_NAME.sub('', unit) or 'tat-ca'}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingResponse(_parts(_zip(deps, asker, found)), media_type="application/zip", headers=headers)


def _zip(deps: Deps, asker: Asker, found: tuple[Stored, ...]) -> BinaryIO:
    out = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115 - who sends it closes it
    costs = asker.principal.may(Permission.COSTS_READ)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for stored in found:
            made = _inventory(deps, asker, stored)
            if made is not None:
                packed.writestr(f"inventory/{stored.id}.json", json.dumps(made, ensure_ascii=False, indent=1))
        rows = (
            ["" if cell is None else str(cell) for cell in glpi.table_row(one.record, with_cost=costs)] for one in found
        )
        packed.writestr("assets.csv", b"".join(write_csv(glpi.COLUMNS, rows)))
    out.seek(0)
    return out  # type: ignore[return-value] # it is one, but its class does not say so


def _inventory(deps: Deps, asker: Asker, stored: Stored) -> glpi.Json | None:
    return inventory_of(deps.store, stored, territory_of(asker.principal.scope, deps.live.current().units))


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(_CHUNK_BYTES):
            yield part
