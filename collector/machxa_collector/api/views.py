"""Turn stored rows into the JSON that pages and callers read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Engine

from machxa_collector.api.answers import iso
from machxa_collector.incidents.being import LOSSY_MS
from machxa_collector.registry.filling import filling
from machxa_collector.store import devices, queries, samples
from machxa_collector.store.asset_list import AssetRow
from machxa_collector.store.asset_samples import DEVICE, newest_of_device
from machxa_collector.store.chunk import STATS
from machxa_collector.store.incidents import weak_lines
from machxa_collector.store.resolution import real
from machxa_collector.store.samples import Curve

View = dict[str, object]


def asset_views(engine: Engine, rows: Sequence[AssetRow], now_ms: int) -> list[View]:
    """Return assets.

    On a line that loses packets a connection breaks without anybody being gone: who was missed there just now is not
    called lost yet.
    """
    doubtful = {row.unit for row in rows if row.unit is not None and _is_just_lost(row, now_ms)}
    weak = weak_lines(engine, doubtful, now_ms) if doubtful else frozenset()
    return [_asset_view(row, now_ms, is_doubtful=row.unit in weak and _is_just_lost(row, now_ms)) for row in rows]


def _is_just_lost(row: AssetRow, now_ms: int) -> bool:
    return row.presence == "lost" and now_ms - (row.presence_since or 0) < LOSSY_MS


def _asset_view(row: AssetRow, now_ms: int, *, is_doubtful: bool) -> View:
    """Return an asset; age_seconds counts since it was last heard, None when it never was."""
    state = "unknown" if is_doubtful else row.presence or "unknown"
    age = None if row.last_seen is None else max(0, now_ms - row.last_seen) // 1000
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "vendor": row.vendor,
        "model": row.model,
        "serial": row.serial,
        "unit": row.unit,
        "code": row.code,
        "status": row.status,
        "location": row.location,
        "tags": list(row.tags),
        "agent": None if row.agent is None else {"id": row.agent, "role": row.role, "unsigned": row.unsigned},
        "presence": {"state": state, "since": iso(row.presence_since)},
        "last_seen": iso(row.last_seen),
        "age_seconds": age,
    }


def newest_view(engine: Engine, row: AssetRow) -> View:
    """Return an asset's facts (None before the first) and newest readings (empty before the first)."""
    watchers, watches = devices.watching_both_ways(engine, row.id)
    watched = {
        "watched_by": [_watched(one, one.gateway) for one in watchers],
        "watches": [_watched(one, one.asset) for one in watches],
    }
    if row.agent_pk is None:
        readings = newest_of_device(engine, row.id)
        sheet = None
        if watchers:
            sheet = {"observed_at": iso(watchers[0].observed_at), "body": json.loads(watchers[0].body)}
        return {"facts": sheet, "newest": [_reading(one) for one in readings], **watched}
    found = queries.newest_facts(engine, row.agent_pk)
    return {
        **watched,
        "facts": None if found is None else {"observed_at": iso(found[0]), "body": found[1]},
        "newest": [
            _reading(one) for one in samples.newest(engine, row.agent_pk) if DEVICE not in dict(one.series.labels)
        ],
    }


def _reading(one: samples.Reading) -> View:
    return {
        "name": one.series.name,
        "labels": dict(one.series.labels),
        "value": real(one.series, one.value),
        "at": iso(one.time),
    }


def _watched(one: devices.WatchedRow, asset: str | None) -> View:
    return {
        "agent": one.agent,
        "asset": asset,
        "key": one.key,
        "state": one.state,
        "reasons": list(one.reasons),
        "since": None if one.state_at is None else iso(one.state_at),
        "observed_at": iso(one.observed_at),
    }


def disk_views(curves: Iterable[Curve], now_ms: int) -> list[View]:
    """Return an asset's file systems from the hourly curves of system.filesystem.usage, by mount point."""
    told = {(_place(curve), dict(curve.labels).get("system.filesystem.state")): curve for curve in curves}
    views: list[View] = []
    for place in sorted({place for place, _ in told}, key=lambda one: (one[1], one[0])):
        used, free = (told.get((place, state)) for state in ("used", "free"))
        left = [one for one in free.columns["last"] if one is not None] if free else []
        if used is None or not left:
            continue
        highest = zip(used.times, used.columns["max"], strict=True)
        pace = filling([(time, one) for time, one in highest if one is not None], left[-1], now_ms)
        views.append(
            {
                "device": place[0],
                "mountpoint": place[1],
                "free_bytes": left[-1],
                "bytes_per_day": None if pace is None else pace.bytes_per_day,
                "days_until_full": None if pace is None else pace.days_until_full,
            }
        )
    return views


def _place(curve: Curve) -> tuple[str, str]:
    labels = dict(curve.labels)
    return labels.get("system.device", ""), labels.get("system.filesystem.mountpoint", "")


def curve_view(curve: Curve) -> View:
    """Return a curve: raw points [second, value]; rolled-up ones [bucket start, min, mean, max, last, count]."""
    seconds = [time // 1000 if time % 1000 == 0 else time / 1000 for time in curve.times]
    labels = dict(curve.labels)
    if "" in curve.columns:
        return {"labels": labels, "points": list(zip(seconds, curve.columns[""], strict=True))}
    low, high, last, total, count = (curve.columns[stat] for stat in STATS)
    mean = [whole / n if whole is not None and n else None for whole, n in zip(total, count, strict=True)]
    return {"labels": labels, "points": list(zip(seconds, low, mean, high, last, count, strict=True))}
