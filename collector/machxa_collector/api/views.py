"""Turn stored rows into the JSON that pages and callers read."""

from __future__ import annotations

from sqlalchemy import Engine

from machxa_collector.api.answers import iso
from machxa_collector.store import payloads, queries
from machxa_collector.store.queries import AssetRow
from machxa_collector.store.samples import Curve
from machxa_wire.records import Series

View = dict[str, object]


def asset_view(row: AssetRow, now_ms: int) -> View:
    """Return an asset; age_seconds counts since it was last heard, None when it never was."""
    age = None if row.last_seen is None else max(0, now_ms - row.last_seen) // 1000
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "vendor": row.vendor,
        "model": row.model,
        "serial": row.serial,
        "agent": None if row.agent is None else {"id": row.agent, "role": row.role},
        "presence": {"state": row.presence or "unknown", "since": iso(row.presence_since)},
        "last_seen": iso(row.last_seen),
        "age_seconds": age,
    }


def newest_view(engine: Engine, row: AssetRow) -> View:
    """Return an asset's facts (None before the first) and newest readings (empty before the first)."""
    if row.agent_pk is None:
        return {"facts": None, "newest": []}
    found = queries.newest_facts(engine, row.agent_pk)
    report, hello = queries.newest_payloads(engine, row.agent_pk)
    fresh = list(payloads.newest(*report)) if report else []
    said = list(payloads.hello_newest(*hello)) if hello else []
    if said and (not fresh or said[0].time > fresh[0].time):
        fresh = said
    return {
        "facts": None if found is None else {"observed_at": iso(found[0]), "body": found[1]},
        "newest": [
            {
                "name": one.series.name,
                "labels": dict(one.series.labels),
                "value": real(one.series, one.value),
                "at": iso(one.time),
            }
            for one in fresh
        ],
    }


def curve_view(curve: Curve) -> View:
    """Return a curve: raw points [second, value]; rolled-up ones [bucket start, min, mean, max, last, count]."""
    seconds = [time // 1000 for time in curve.times]
    labels = dict(curve.series.labels)
    if "" in curve.columns:
        values = [real(curve.series, value) for value in curve.columns[""]]
        return {"labels": labels, "points": list(zip(seconds, values, strict=True))}
    stats = {
        stat: [value if stat == "count" else real(curve.series, value) for value in column]
        for stat, column in curve.columns.items()
    }
    points = []
    for index, second in enumerate(seconds):
        low, high, last, total, count = (stats[stat][index] for stat in ("min", "max", "last", "sum", "count"))
        mean = total / count if total is not None and count else None
        points.append((second, low, mean, high, last, count))
    return {"labels": labels, "points": points}


def real(series: Series, value: int | None) -> int | float | None:
    """Return a value in the metric's own unit, a whole number where the resolution is one."""
    if value is None:
        return None
    whole = value * series.multiplier
    return whole if series.divisor == 1 else whole / series.divisor
