"""Put together what months of signs say of each asset, for the whole store at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from machxa_collector.planning.history import History, Trouble, printed, together
from machxa_collector.planning.told import Booked, Measured
from machxa_collector.store import planning_events, planning_levels
from machxa_collector.store.planning_events import Told
from machxa_collector.store.planning_levels import DAY_MS, Printed
from machxa_collector.store.tables import agents, assets, devices

_YEAR_MS = 365 * DAY_MS
_STILL_DAYS = 10  # a supply of which nothing was told for longer is not foreseen
_HOUR_MS = 3_600_000
_DEEPEST = 100

Worked = Callable[[str, int, int], int]  # unit, from, until: working time between, ms


@dataclass(frozen=True, slots=True)
class _Watched:
    """Say who watches an asset: its newest agent, the gateway that told last and its key, and since when (ms)."""

    agent: int | None
    gateway: tuple[int, str] | None
    since: int


def histories(
    engine: Engine, booked: Sequence[Booked], measured: Mapping[str, Measured], now_ms: int, worked: Worked
) -> dict[str, History]:
    """Return the history of each asset that an agent or a gateway watches; no query is per asset.

    Disks are followed of the fullest first, so that a bound leaves out those with most room.
    """
    watched = _watched(engine)
    mine = [one for one in booked if one.id in watched]
    agents_of = [(one.id, agent) for one in mine if (agent := watched[one.id].agent) is not None]
    agents_of.sort(key=lambda one: _room(measured.get(one[0])))
    free = planning_levels.free_bytes(engine, [agent for _, agent in agents_of], now_ms)
    ends = planning_events.bad_ends(engine, now_ms)
    least = planning_levels.crashes(engine, [agent for _, agent in agents_of if ends.get(agent)], now_ms)
    gateways = {one.gateway[0] for one in watched.values() if one.gateway is not None}
    levels = planning_levels.printers(engine, sorted(gateways), now_ms)
    states, troubles = planning_events.states(engine, now_ms), planning_events.troubles(engine, now_ms)
    roots = _roots(engine)
    by_asset: dict[str, list[Trouble]] = {}
    for subject, each in (troubles or {}).items():
        by_asset.setdefault(roots.get(subject, subject), []).extend(each)
    found = {}
    for one in mine:
        who = watched[one.id]
        alerts, pages = _alerts(who, levels, states)
        failures, hours = (
            (None, None) if troubles is None else _failed(by_asset.get(one.id, ()), one.unit, now_ms, worked)
        )
        most = None if who.agent is None else ends.get(who.agent)
        found[one.id] = History(
            free_bytes=() if who.agent is None else free.get(who.agent, ()),
            toner=_toner(who, levels, now_ms),
            alerts=alerts,
            pages=pages,
            crashes_least=None if who.agent is None else least.get(who.agent),
            crashes_most=most,
            failures=failures,
            downtime_hours=hours,
            watched_years=min(1.0, max(0, now_ms - who.since) / _YEAR_MS),
        )
    return found


def _watched(engine: Engine) -> dict[str, _Watched]:
    spoken = select(agents.c.asset_id, func.max(agents.c.pk), func.min(agents.c.enrolled_at))
    spoken = spoken.where(agents.c.asset_id.is_not(None)).group_by(agents.c.asset_id)
    seen = select(devices.c.asset_id, devices.c.agent_pk, devices.c.key, devices.c.first_at)
    with engine.connect() as connection:
        roots = _roots(engine)
        found = {asset: _Watched(agent, None, since) for asset, agent, since in connection.execute(spoken)}
        for asset, gateway, key, since in connection.execute(seen.order_by(devices.c.observed_at, devices.c.pk)):
            known = roots.get(asset, asset)
            before = found.get(known)
            agent, first = (None, since) if before is None else (before.agent, min(before.since, since))
            found[known] = _Watched(agent, (gateway, key), first)
    return found


def _roots(engine: Engine) -> dict[str, str]:
    """Return of each merged record the one that stands for it."""
    query = select(assets.c.id, assets.c.merged_into).where(assets.c.merged_into.is_not(None))
    with engine.connect() as connection:
        into = {row.id: str(row.merged_into) for row in connection.execute(query)}
    found = {}
    for asset in into:
        last = asset
        for _ in range(_DEEPEST):
            last = into.get(last, last)
        found[asset] = last
    return found


def _room(measured: Measured | None) -> float:
    return 1.0 if measured is None or measured.disk_free_ratio is None else measured.disk_free_ratio


def _toner(
    who: _Watched, levels: Mapping[tuple[int, str], Printed], now_ms: int
) -> Mapping[str, tuple[tuple[float, float], ...]]:
    told = None if who.gateway is None else levels.get(who.gateway)
    fresh = now_ms // DAY_MS - _STILL_DAYS
    return {} if told is None else {name: tuple(one) for name, one in told.toner.items() if one[-1][0] >= fresh}


def _alerts(
    who: _Watched, levels: Mapping[tuple[int, str], Printed], states: Mapping[tuple[int, str], Sequence[Told]] | None
) -> tuple[int | None, int | None]:
    """Return alerts and pages of the time between the first and the last counter that was read."""
    told = None if who.gateway is None else levels.get(who.gateway)
    pages = None if told is None else printed(told.pages)
    if who.gateway is None or told is None or pages is None or states is None:
        return None, pages
    first, last = told.pages[0][0], told.pages[-1][0] + _HOUR_MS
    return planning_events.alerts_between(states.get(who.gateway, ()), first, last), pages


def _failed(troubles: Sequence[Trouble], unit: str, now_ms: int, worked: Worked) -> tuple[int, float]:
    since = now_ms - _YEAR_MS
    failures = sum(one.spells for one in troubles if one.is_failure and one.span[0] >= since)
    down = together((one.span for one in troubles if one.is_down), (since, now_ms))
    return failures, round(sum(worked(unit, *span) for span in down) / _HOUR_MS, 2)
