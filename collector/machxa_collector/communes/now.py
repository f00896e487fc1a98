"""Say of one commune what changes by the minute: how ready it is, its layers, its day and what is open there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from machxa_collector.api.answers import iso, ms_of
from machxa_collector.communes.ladder import Device, Layer, Rung, Seen, ladder, layers_of
from machxa_collector.effects.facts import Facts
from machxa_collector.effects.readiness import UnitReady, units_ready
from machxa_collector.impact.readiness import StreamReady
from machxa_collector.impact.timeline import midnight
from machxa_collector.incidents.incident import Incident
from machxa_collector.registry.calendar import OutsideCalendar, UnknownUnit, WeekHours
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store import standing
from machxa_collector.store.asset_list import AssetRow, list_assets
from machxa_collector.store.commune_reading import WatchedState, gateway_of, readings_of, watched_states
from machxa_collector.store.resolution import real
from machxa_collector.store.samples import Reading
from machxa_collector.store.systems import effective

View = dict[str, object]
MOST_DEVICES = 200
_LOOK_BACK = timedelta(days=30)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """Hold what was read of a commune now; incidents are of the last thirty days, those of today among them."""

    ready: UnitReady
    rungs: tuple[Rung, ...]
    incidents: Sequence[Incident]
    assets: Sequence[AssetRow]
    watched: Mapping[str, WatchedState]
    readings: Sequence[Reading]
    watched_since: int | None


def read_now(facts: Facts, code: str) -> Now | None:
    """Return what stands and what does not in a unit, None for one that the registry does not know."""
    ready = units_ready(facts, [code]).get(code)
    if ready is None:
        return None
    now, at = facts.now(), facts.now_ms()
    found = facts.incidents([code], now - _LOOK_BACK, now + _DAY)
    rows = list_assets(facts.store, "", MOST_DEVICES, Territory(units=frozenset({code}), with_nowhere=False))
    watched = watched_states(facts.store, code)
    gateway = gateway_of(facts.store, code)
    readings = () if gateway is None else readings_of(facts.store, gateway[0])
    devices = [_device(row, watched.get(row.id)) for row in rows]
    seen = Seen(
        now=at,
        devices=devices,
        incidents=[one for one in found if one.ended_at is None],
        ended=_ended(found, {one.id: one.kind for one in devices}),
        lines=_works(readings, "machxa.line.up", "machxa.line"),
        checks=_works(readings, "machxa.check.success", "check"),
        has_gateway=gateway is not None and gateway[1],
    )
    return Now(
        ready=ready,
        rungs=ladder(seen),
        incidents=found,
        assets=rows,
        watched=watched,
        readings=readings,
        watched_since=standing.watched_since(facts.store, code),
    )


def now_view(facts: Facts, code: str, now: Now) -> View:
    """Return what the page shows of it; times in ISO 8601."""
    ready = now.ready.ready
    kinds = {one.id: one.name for one in now.assets}
    names = {one.id: one.vi for one in effective(facts.store).systems} | kinds
    return {
        "serving": now.ready.serving.value,
        "ratio": None if ready is None else ready.ratio.figure,
        "at_least": None if ready is None else ready.ratio.at_least,
        "most": None if ready is None else ready.most,
        "eased": None if ready is None else ready.eased.figure,
        "model": facts.model().version,
        "streams": [] if ready is None else [_stream_view(one) for one in ready.streams],
        "in_session": now.ready.in_session,
        "agents": {name: getattr(now.ready.heard, name) for name in ("agents", "on", "off", "lost")},
        "last": iso(now.ready.heard.last),
        "watched_since": iso(now.watched_since),
        "rungs": [_rung_view(one, names) for one in now.rungs],
        "open": [incident_view(one, names) for one in now.incidents if one.ended_at is None],
        "day": _day_view(facts, code, now.incidents, names),
    }


def incident_view(one: Incident, names: Mapping[str, str]) -> View:
    """Return an incident in a line; subject_name None: what it lies at has no name here."""
    return {
        "id": one.id,
        "cause": one.cause.value,
        "layer": one.layer.value,
        "state": one.state,
        "subject": one.subject,
        "subject_name": names.get(one.subject),
        "severity": one.severity.name,
        "confidence": one.confidence,
        "started_at": iso(one.started_at),
        "ended_at": iso(one.ended_at),
        "planned": one.suppressed_by is not None,
        "reports": one.reports,
    }


def _day_view(facts: Facts, code: str, incidents: Sequence[Incident], names: Mapping[str, str]) -> View:
    """Return today with its sessions, and what was wrong in it."""
    day = facts.today()
    start = midnight(day)
    first, last = ms_of(start), ms_of(start + _DAY)
    official: list[list[int]] = []
    extra: list[list[int]] = []
    kind = "unknown"
    sources: set[str] = set()
    try:
        plan = facts.calendars.plan(code, day)
    except (UnknownUnit, OutsideCalendar):
        pass
    else:
        kind = plan.kind.value
        sources = {
            row.source.reference for row in plan.rows if not isinstance(row, WeekHours)
        }  # usual hours need no decision
        official = [[one.start, one.end] for one in plan.official]
        extra = [[one.start, one.end] for one in plan.actual if [one.start, one.end] not in official]
    return {
        "day": day.isoformat(),
        "kind": kind,
        "official": official,
        "extra": extra,
        "sources": sorted(sources),
        "incidents": [
            incident_view(one, names)
            for one in incidents
            if one.started_at < last and (one.ended_at is None or one.ended_at > first)
        ],
    }


def _device(row: AssetRow, watched: WatchedState | None) -> Device:
    if row.agent is not None:
        return Device(id=row.id, kind=row.kind, state=row.presence, at=row.presence_since, has_agent=True)
    state, at = (None, None) if watched is None else (watched.state, watched.at)
    return Device(id=row.id, kind=row.kind, state=state, at=at, has_agent=False)


def _ended(incidents: Sequence[Incident], kinds: Mapping[str, str]) -> dict[Layer, int]:
    found: dict[Layer, int] = {}
    for one in incidents:
        if one.ended_at is not None:
            for layer in layers_of(one, kinds):
                found[layer] = max(one.ended_at, found.get(layer, 0))
    return found


def _works(readings: Sequence[Reading], name: str, label: str) -> dict[str, tuple[float, int]]:
    found: dict[str, tuple[float, int]] = {}
    for one in readings:
        value = real(one.series, one.value)
        if one.series.name == name and value is not None:
            found[dict(one.series.labels).get(label, "")] = (value, one.time)
    return found


def _rung_view(one: Rung, names: Mapping[str, str]) -> View:
    return {
        "layer": one.layer.value,
        "light": one.light.value,
        "why": one.why,
        "since": iso(one.since),
        "incident": None if one.incident is None else incident_view(one.incident, names),
        "number": one.number,
        "of": one.of,
    }


def _stream_view(one: StreamReady) -> View:
    group, channel = one.stream
    return {
        "group": group.value,
        "channel": channel.value,
        "share": one.share,
        "stage": one.stage.value,
        "factor": one.factor.figure,
        "least": one.least,
        "most": one.most,
        "because": [
            {"system": part.name, "left": getattr(part.value, "figure", None)}
            for part in one.factor.inputs
            if getattr(part.value, "figure", None) != 1
        ],
    }
