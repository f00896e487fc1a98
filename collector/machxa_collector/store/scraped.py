"""Read what a scraper is shown of devices one by one: who measures, and what each series said last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, RowMapping, Select, func, select

from machxa_collector.intake.rows import CANARY_ROLE
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store.families import members, merges_into, root
from machxa_collector.store.payloads import readings
from machxa_collector.store.resolution import real
from machxa_collector.store.samples import AHEAD_MS
from machxa_collector.store.tables import agents, assets, devices, presence, reports
from machxa_collector.store.territory import within
from machxa_wire.records import Label
from machxa_wire.refusal import Refused

_REPORTS_EACH = 4  # which cover a round of polls, whatever the batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Measuring:
    """Hold one device that is measured: by its own agent (device ""), or by a gateway that calls it ``device``.

    presence: "on", "off" or "lost" of the agent, None before it told any; of a watched device it says nothing.
    """

    agent_pk: int
    agent: str
    role: str
    device: str
    asset: str
    name: str
    kind: str
    vendor: str
    model: str
    unit: str
    presence: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """Hold what an agent said last: each series' value in its own unit with its time, and the newest time of all."""

    values: Mapping[tuple[str, tuple[Label, ...]], tuple[int, int | float]]
    newest: int


def measuring(
    engine: Engine, territory: Territory, most: int, *, unit: str | None = None, asset: str | None = None
) -> tuple[Measuring, ...]:
    """Return what is measured in a territory, of one unit or one asset of it where told; up to ``most``, by asset.

    asset may be one that was merged: what stands for it is meant. Revoked agents and the collector's own are left out.
    An agent's computer without a unit has unit "".
    """
    conditions = [within(territory, assets.c.unit), agents.c.revoked_at.is_(None), agents.c.role != CANARY_ROLE]
    conditions += [] if unit is None else [assets.c.unit == unit]
    own = _SHOWN.add_columns(presence.c.state).select_from(
        agents.join(assets, assets.c.id == agents.c.asset_id).outerjoin(presence, presence.c.agent_pk == agents.c.pk)
    )
    watched = _SHOWN.add_columns(devices.c.key).select_from(
        devices.join(agents, agents.c.pk == devices.c.agent_pk).join(assets, assets.c.id == devices.c.asset_id)
    )
    found: list[Measuring] = []
    with engine.connect() as connection:
        if asset is not None:
            stands = root(connection, asset) or asset
            conditions.append(assets.c.id.in_(members(stands, merges_into(connection, stands))))
        for query in (own, watched):
            ordered = query.where(*conditions).order_by(assets.c.id, agents.c.pk).limit(most)
            found += [_measuring(row) for row in connection.execute(ordered).mappings()]
    return tuple(sorted(found, key=lambda one: (one.asset, one.agent_pk, one.device))[:most])


def last_told(engine: Engine, agent_pks: Sequence[int], since_ms: int) -> Mapping[int, Told]:
    """Return what agents' newest reports say, one question for all; who reported nothing since then is left out.

    A report that claims to be newer than it can be was timed by a clock that nobody checked, and is passed over.
    """
    columns = reports.c
    place = func.row_number().over(partition_by=columns.agent_pk, order_by=columns.last_time.desc()).label("place")
    newest = (
        select(columns.agent_pk, columns.last_time, columns.payload, columns.shift_ms, columns.mark, place)
        .where(columns.agent_pk.in_(agent_pks), columns.last_time >= since_ms)
        .where(columns.last_time <= columns.received_at + AHEAD_MS)
        .subquery()
    )
    query = select(newest).where(newest.c.place <= _REPORTS_EACH).order_by(newest.c.agent_pk, newest.c.place)
    found: dict[int, dict[tuple[str, tuple[Label, ...]], tuple[int, int | float]]] = {}
    last: dict[int, int] = {}
    with engine.connect() as connection:
        for row in connection.execute(query):
            last.setdefault(row.agent_pk, row.last_time)
            values = found.setdefault(row.agent_pk, {})
            for key, told in _values(row.payload, row.shift_ms, row.mark).items():
                values.setdefault(key, told)
    return {pk: Told(values, last[pk]) for pk, values in found.items()}


def _values(
    payload: bytes, shift_ms: int, mark: int
) -> Mapping[tuple[str, tuple[Label, ...]], tuple[int, int | float]]:
    """Return the last value of each series of a report, none when nobody can read it: packing says so."""
    try:
        chunk = readings(payload, shift_ms, mark)
    except Refused:
        return {}
    found: dict[tuple[str, tuple[Label, ...]], tuple[int, int | float]] = {}
    for (series, statistic), column in chunk.columns.items():
        at = next((place for place in range(len(column) - 1, -1, -1) if column[place] is not None), None)
        value = None if at is None or statistic else real(series, column[at])
        if at is not None and value is not None:
            found[series.name, series.labels] = chunk.times[at], value
    return found


def _measuring(row: RowMapping) -> Measuring:
    return Measuring(
        agent_pk=row["agent_pk"],
        agent=row["agent"],
        role=row["role"],
        device=row.get("key") or "",
        asset=row["id"],
        name=row["name"],
        kind=row["kind"],
        vendor=row["vendor"] or "",
        model=row["model"] or "",
        unit=row["unit"] or "",
        presence=row.get("state"),
    )


_COLUMNS = (assets.c.id, assets.c.name, assets.c.kind, assets.c.vendor, assets.c.model, assets.c.unit)
_SHOWN: Select[tuple[object, ...]] = select(
    agents.c.pk.label("agent_pk"), agents.c.id.label("agent"), agents.c.role, *_COLUMNS
)
