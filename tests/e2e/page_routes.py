"""Name an address for every page that the router knows, so that no page is forgotten."""

from __future__ import annotations

import re
from collections.abc import Mapping

from machxa_collector.api.__main__ import _nobody
from machxa_collector.pages import pages
from tests.e2e.staged import Staged

_ASKED = {  # what an address says besides, where a page shows nothing without it
    "/availability/inputs": "?by=system&subject=dossier",
    "/dossiers/flow": "?unit={code}",
    "/finance/line": "?line={need}",
    "/finance/units": "?item=pc",
    "/my-unit": "?unit={code}",
    "/search": "?q=may",
    "/search/dossier": "?number=TRINHDIEN-{code}-0003",
}
_LABEL = "/q/{code}-pc1"
REFUSED = {  # pages that answer with a sentence, and its status: nothing here leads further
    "/account/invited": 403,
    "/account/second-factor": 409,
    "/notices/schedules/{pk}": 404,
    "/report/s/{token}": 404,
}
_NO_PAGES = (
    "/assets/{asset_id}/live",
    "/communes/{code}/live",
    "/desk/live",
    "/setup/arrived",
    "/sign-in",
    "/static/{name}",
)


def patterns() -> tuple[str, ...]:
    """Return the GET routes of pages, as the router writes them."""
    found = {
        getattr(route, "path", "")
        for router in pages(_nobody())
        for route in router.routes
        if "GET" in (getattr(route, "methods", None) or ())
    }
    return tuple(sorted(found - set(_NO_PAGES)))


def addresses(centre: Staged, planted: Mapping[str, str], unit: str) -> dict[str, str]:
    """Return an address for each route; KeyError names a parameter that nobody has given a value here."""
    values = {**_values(centre, unit), **planted}
    found = {}
    for pattern in patterns():
        if pattern.startswith("/admin/records/{kind}") or pattern == "/admin/import/{kind}":
            for kind in ("assets", "lines") if pattern != "/admin/records/{kind}" else ("units", "planned", "assets"):
                record = values["asset" if kind == "assets" else "line"]
                found[f"{pattern} {kind}"] = pattern.format(kind=kind, record=record)
        elif pattern == "/dossiers/imports/{import_id}":
            found[pattern] = pattern.format(import_id=values["dossier_import"])
        else:
            found[pattern] = (
                (_LABEL if pattern.startswith("/q/") else pattern + _ASKED.get(pattern, ""))
                .replace(":path", "")
                .format_map(values)
            )
    return found


def _values(centre: Staged, unit: str) -> dict[str, str]:
    def first(path: str, name: str, key: str = "id") -> str:
        told = centre.ask(path, is_told=False)
        return str(told[name][0][key]) if told and told.get(name) else "none"

    spoken = next(one for one in centre.ask("/assets?limit=100")["assets"] if one["agent"])
    asset, agent = spoken["id"], spoken["agent"]["id"]
    need = re.search(rb"/finance/line\?[^\"]*line=([^\"&]+)", centre.fetched("/finance/lines"))
    link = re.search(rb"/report/(?!s/)([^\"/]+)\"", centre.fetched(f"/my-unit?unit={unit}"))
    return {
        "need": "none" if need is None else need[1].decode(),
        "asset": asset,
        "asset_id": asset,
        "agent": agent,
        "batch": first("/batches", "batches"),
        "code": unit,
        "incident": first("/incidents", "incidents"),
        "line": first("/registry/lines", "records"),
        "link": "none" if link is None else link[1].decode(),
        "person": first("/people", "people"),
        "pk": first("/notifications/schedules", "schedules"),
        "source": first("/dossiers/sources", "sources"),
        "spell": first("/paper", "spells"),
        "stocktake": first("/stocktakes", "stocktakes"),
        "system": "dossier",
        "token": "no-such-report",
    }
