"""Show the flow of a unit: every rate with whose counts told it and from how many days."""

from __future__ import annotations

from datetime import timedelta

from machxa_collector.api.deps import Deps
from machxa_collector.api.dossier_views import source_views
from machxa_collector.api.record_texts import View
from machxa_collector.api.registry_asker import Asker
from machxa_collector.impact import Channel, Explained, FlowProfile, Group
from machxa_collector.impact.seasons import is_reopening
from machxa_collector.impact.sessions import (
    Part,
    Received,
    SessionRate,
    StageRate,
    session_rates,
    stage_rates,
    week_hours,
)
from machxa_collector.store.dossiers.daily import received_by_part

_OFFICE_WEEK = range(6)  # Saturday too: some units open
_DIGITS = 4
_SESSIONS = timedelta(days=56)  # as rates are learnt from


def flow_view(deps: Deps, asker: Asker, unit: str) -> View | None:
    """Return a unit's flow as plain JSON, None for no unit of the registry."""
    profile = deps.facts.flows().get(unit)
    if profile is None:
        return None
    today = deps.facts.today()
    season = profile.seasons.factor(today, reopening=is_reopening(deps.facts.calendars, unit, today))
    received = received_by_part(deps.store, unit, today - _SESSIONS, today)
    week = week_hours(deps.facts.calendars, unit, today)
    return {
        "unit": unit,
        "model": profile.model.version,
        "season_factor": round(season.figure or 1.0, _DIGITS),
        "rates": [_rate(profile.usual(group, day), group, day) for group in Group for day in _OFFICE_WEEK],
        "online": [_online(profile, group) for group in Group],
        "capacity": [_capacity(profile, group) for group in Group],
        "sessions": _sessions(received),
        "session_rates": [
            _session(one, usual, group, day)
            for group in Group
            for day, hours in sorted(week.items())
            for usual in [profile.usual(group, day)]
            for one in session_rates(usual, group, hours, received)
        ],
        "stages": [
            _stage(one, group, day)
            for group in Group
            for day in _OFFICE_WEEK
            for one in stage_rates(profile, group, day)
        ],
        "sources": source_views(deps, asker),
    }


def _rate(found: Explained, group: Group, weekday: int) -> View:
    return {
        "group": group.value,
        "weekday": weekday,
        "per_hour": round(found.figure or 0.0, _DIGITS),
        "level": str(_inputs(found).get("level", "")),
        "sample_days": _days(found),
    }


def _sessions(received: Received) -> list[View]:
    total = sum(received.values())
    parts = {part: sum(received.get((group, part), 0) for group in Group) for part in Part}
    return [
        {"part": part.value, "ratio": round(count / total, _DIGITS), "dossiers": count}
        for part, count in parts.items()
        if count
    ]


def _session(one: SessionRate, usual: Explained, group: Group, weekday: int) -> View:
    return {
        "group": group.value,
        "weekday": weekday,
        "part": one.part.value,
        "hours": round(one.hours, _DIGITS),
        "ratio": round(one.ratio, _DIGITS),
        "share_level": one.level.value,
        "share_dossiers": one.dossiers,
        "per_day": round(one.per_day, _DIGITS),
        "per_hour": None if one.per_hour is None else round(one.per_hour, _DIGITS),
        "level": str(_inputs(usual).get("level", "")),
        "sample_days": _days(usual),
    }


def _stage(one: StageRate, group: Group, weekday: int) -> View:
    usual = _inputs(one.per_hour).get("usual")
    rate = usual if isinstance(usual, Explained) else one.per_hour
    return {**_rate(rate, group, weekday), "per_hour": round(one.per_hour.figure or 0.0, _DIGITS)} | {
        "stage": one.stage.value,
        "ratio": round(one.ratio, _DIGITS),
    }


def _online(profile: FlowProfile, group: Group) -> View:
    found = profile.channel_ratio((group, Channel.ONLINE))
    online = _inputs(found).get("online_ratio")
    inner = online if isinstance(online, Explained) else found
    return {
        "group": group.value,
        "online_ratio": round(found.figure or 0.0, _DIGITS),
        "level": str(_inputs(inner).get("level", "")),
        "sample_days": _days(inner),
    }


def _capacity(profile: FlowProfile, group: Group) -> View:
    """Return a group's capacity over both channels; weekday -1: the same on all days."""
    parts = [profile.capacity((group, channel)) for channel in Channel]
    busy = _inputs(parts[0]).get("busy")
    return {
        "group": group.value,
        "weekday": -1,
        "per_hour": round(sum(part.figure or 0.0 for part in parts), _DIGITS),
        "level": "unit" if isinstance(busy, Explained) else "spare",
        "sample_days": _days(busy) if isinstance(busy, Explained) else 0,
    }


def _days(found: Explained) -> int:
    told = _inputs(found).get("sample_days", 0)
    return int(told) if isinstance(told, (int, float)) else 0


def _inputs(found: Explained) -> dict[str, Explained | float | str | None]:
    return {one.name: one.value for one in found.inputs}
