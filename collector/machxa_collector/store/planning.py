"""Keep what planning rests on, every version of it, and read the assets of a territory for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, RowMapping, and_, func, insert, select

from machxa_collector.planning.told import Booked, Measured, least_free
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.records import SEPARATOR
from machxa_collector.registry.records.asset_kind import GONE
from machxa_collector.store import audit, samples
from machxa_collector.store.asset_list import last_seen
from machxa_collector.store.resolution import real
from machxa_collector.store.tables import agents, assets, facts, planning_papers
from machxa_collector.store.territory import within

_HEARD_MS = 14 * 86_400_000  # an agent that was heard within this shows that its device works
_AT_ONCE = 500
_SECTORS = ("reallocated_sectors", "pending_sectors", "offline_uncorrectable_sectors")
_TOLD = (  # what it says, of which metric, which label, whose words
    ("prefail", "hw.status", "hw.state", ("predicted_failure",)),
    ("endurance", "hw.physical_disk.endurance_utilization", "hw.physical_disk.state", ("remaining",)),
    ("sectors", "hw.physical_disk.smart", "hw.physical_disk.smart_attribute", _SECTORS),
    ("crashes", "machxa.crash.count", "machxa.crash.kind", ("system",)),  # blue screens; lost power does not count
)
_paper = planning_papers.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Hold one version of a paper; made_at in ms since 1970 UTC."""

    kind: str
    name: str
    version: int
    made_at: int
    made_by: str
    reason: str
    is_gone: bool
    content: str


def newest(engine: Engine, kind: str, name: str = "") -> Paper | None:
    """Return the version that holds now, None where there is none or it was taken away."""
    with engine.connect() as connection:
        row = _newest(connection, kind, name)
    return None if row is None or row.is_gone else row


def named(engine: Engine, kind: str) -> tuple[Paper, ...]:
    """Return the newest version of each name of a kind, in the order of names."""
    last = select(_paper.name, func.max(_paper.version).label("top")).where(_paper.kind == kind).group_by(_paper.name)
    tops = last.subquery()
    query = select(planning_papers).join(tops, and_(_paper.name == tops.c.name, _paper.version == tops.c.top))
    with engine.connect() as connection:
        rows = connection.execute(query.where(_paper.kind == kind).order_by(_paper.name)).mappings()
        return tuple(one for row in rows if not (one := _read(row)).is_gone)


def versions(engine: Engine, kind: str, name: str = "", most: int = 20) -> tuple[Paper, ...]:
    """Return the newest versions of a paper, newest first; those that were taken away are among them."""
    query = select(planning_papers).where(_paper.kind == kind, _paper.name == name)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(_paper.version.desc()).limit(most)).mappings()
        return tuple(map(_read, rows))


def keep(engine: Engine, kind: str, name: str, content: str, reason: str, act: Entry) -> int:
    """Keep a new version with the audit trail's entry; return its number."""
    return _write(engine, kind, name, content, reason, act, is_gone=False)


def take_away(engine: Engine, kind: str, name: str, reason: str, act: Entry) -> int:
    """Let a paper hold no longer; its versions stay."""
    return _write(engine, kind, name, "", reason, act, is_gone=True)


def stamp(engine: Engine) -> str:
    """Return a text that changes with any paper, to be told with what was made of them."""
    query = select(_paper.kind, _paper.name, func.max(_paper.version)).group_by(_paper.kind, _paper.name)
    with engine.connect() as connection:
        return ";".join(sorted(f"{kind}:{name}:{version}" for kind, name, version in connection.execute(query)))


def booked(engine: Engine, territory: Territory, now_ms: int) -> tuple[Booked, ...]:
    """Return the assets that stand in a territory, each once, without those disposed of or not the unit's own."""
    columns = assets.c
    query = (
        select(assets)
        .where(columns.merged_into.is_(None), columns.unit.is_not(None), columns.status.not_in(GONE))
        .where(within(territory, columns.unit))
        .order_by(columns.id)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    speaking = _agents(engine)
    seen = last_seen(engine, [pk for pks in speaking.values() for pk in pks]) if rows else {}
    return tuple(_booked(row, [seen.get(pk, 0) for pk in speaking.get(row["id"], ())], now_ms) for row in rows)


def bodies(engine: Engine, wanted: Sequence[str]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the newest inventory body of assets by their id; of several agents the newest tells."""
    for at in range(0, len(wanted), _AT_ONCE):
        some = wanted[at : at + _AT_ONCE]
        newest_at = (
            select(agents.c.asset_id, func.max(facts.c.observed_at).label("at"))
            .join(facts, facts.c.agent_pk == agents.c.pk)
            .where(agents.c.asset_id.in_(some))
            .group_by(agents.c.asset_id)
            .subquery()
        )
        query = (
            select(agents.c.asset_id, facts.c.body)
            .join(facts, facts.c.agent_pk == agents.c.pk)
            .join(newest_at, and_(newest_at.c.asset_id == agents.c.asset_id, newest_at.c.at == facts.c.observed_at))
        )
        with engine.connect() as connection:
            rows = connection.execute(query).all()
        for asset, body in rows:
            yield asset, json.loads(body)


def measured(engine: Engine, wanted: Sequence[str]) -> dict[str, Measured]:
    """Return what the newest readings of each asset's newest agent say of its disks."""
    speaking = _agents(engine)
    return {asset: _measured(engine, speaking[asset][-1]) for asset in wanted if speaking.get(asset)}


def _measured(engine: Engine, agent_pk: int) -> Measured:
    volumes: dict[tuple[object, ...], dict[str, float]] = {}
    told: dict[str, list[float]] = {}
    for reading in samples.newest(engine, agent_pk):
        labels = dict(reading.series.labels)
        value = real(reading.series, reading.value)
        if value is None or "device" in labels:
            continue
        if reading.series.name == "system.filesystem.usage":
            state = str(labels.pop("system.filesystem.state", ""))
            volumes.setdefault(tuple(sorted(labels.items())), {})[state] = float(value)
        for what, name, label, words in _TOLD:
            if reading.series.name == name and labels.get(label) in words:
                told.setdefault(what, []).append(float(value))
    sizes = [(one["free"], one["used"]) for one in volumes.values() if {"free", "used"} <= one.keys()]
    return Measured(
        disk_free_ratio=least_free(sizes),
        is_prefail=any(told["prefail"]) if "prefail" in told else None,
        endurance_left_ratio=min(told["endurance"]) if "endurance" in told else None,
        sectors=int(max(told["sectors"])) if "sectors" in told else None,
        crashes=int(sum(told["crashes"])) if "crashes" in told else None,
    )


def _agents(engine: Engine) -> dict[str, list[int]]:
    query = select(agents.c.asset_id, agents.c.pk).where(agents.c.asset_id.is_not(None)).order_by(agents.c.pk)
    found: dict[str, list[int]] = {}
    with engine.connect() as connection:
        for asset, pk in connection.execute(query):
            found.setdefault(asset, []).append(pk)
    return found


def _booked(row: RowMapping, heard: Sequence[int], now_ms: int) -> Booked:
    return Booked(
        id=row["id"],
        unit=row["unit"],
        kind=row["kind"],
        name=row["name"],
        code=row["code"],
        serial=row["serial"],
        status=row["status"],
        tags=tuple(row["tags"].split(SEPARATOR)) if row["tags"] else (),
        owner=row["owner"],
        budget=row["budget"],
        acquired_on=row["acquired_on"],
        acquired_year=row["acquired_year"],
        acquired_source=row["acquired_source"],
        cost_vnd=row["cost_vnd"],
        firmware_on=row["bios_on"],
        is_heard=max(heard, default=0) > now_ms - _HEARD_MS,
    )


def _write(engine: Engine, kind: str, name: str, content: str, reason: str, act: Entry, *, is_gone: bool) -> int:
    with engine.begin() as connection:
        audit.record(connection, act)
        before = _newest(connection, kind, name)
        version = 1 if before is None else before.version + 1
        row = {"kind": kind, "name": name, "version": version, "made_at": act.at, "made_by": act.actor}
        row |= {"reason": reason, "is_gone": is_gone, "content": content}
        connection.execute(insert(planning_papers).values(row))
    return version


def _newest(connection: Connection, kind: str, name: str) -> Paper | None:
    query = select(planning_papers).where(_paper.kind == kind, _paper.name == name)
    row = connection.execute(query.order_by(_paper.version.desc()).limit(1)).mappings().first()
    return None if row is None else _read(row)


def _read(row: RowMapping) -> Paper:
    return Paper(**{name: row[name] for name in Paper.__dataclass_fields__})
