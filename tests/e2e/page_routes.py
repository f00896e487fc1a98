"""Name an address for every page that the router knows, so that no page is forgotten."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_collector.api.__main__ import _nobody
from machxa_collector.pages import pages
from machxa_collector.registry.records import KINDS
from tests.e2e.staged import Staged

_NO_PAGES = ("/static/{name}", "/assets/{asset_id}/live", "/communes/{code}/live", "/sign-in")


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
            for kind in ("assets", "lines") if pattern != "/admin/records/{kind}" else KINDS:
                record = values["asset" if kind == "assets" else "line"]
                found[f"{pattern} {kind}"] = pattern.format(kind=kind, record=record)
        else:
            found[pattern] = pattern.replace(":path", "").format_map(values)
    return found


def _values(centre: Staged, unit: str) -> dict[str, str]:
    def first(path: str, name: str, key: str = "id") -> str:
        told = centre.ask(path, is_told=False)
        return str(told[name][0][key]) if told and told.get(name) else "none"

    asset = next(one["id"] for one in centre.ask("/assets?limit=100")["assets"] if one["agent"])
    return {
        "asset": asset,
        "asset_id": asset,
        "batch": first("/batches", "batches"),
        "code": unit,
        "incident": first("/incidents", "incidents"),
        "line": first("/registry/lines", "records"),
        "link": "no-such-link",
        "person": first("/people", "people"),
        "pk": first("/notifications/schedules", "schedules"),
        "spell": first("/paper", "spells"),
        "stocktake": first("/stocktakes", "stocktakes"),
        "token": "no-such-report",
    }
