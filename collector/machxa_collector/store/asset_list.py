"""List assets: each device once, with the agent that speaks for it now; what was merged is found under its record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, RowMapping, Select, and_, case, func, select, union_all

from machxa_collector.registry.people.territory import EVERYWHERE, Territory
from machxa_collector.registry.records import SEPARATOR, Value
from machxa_collector.registry.records.asset_book import BOOK_FIELDS
from machxa_collector.registry.units.fold import fold, words
from machxa_collector.store.families import root
from machxa_collector.store.record_rows import parts
from machxa_collector.store.tables import agents, assets, hellos, presence, streams, unit_roles
from machxa_collector.store.territory import within

_READ_AT_ONCE = 2_000
_MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class AssetRow:
    """Hold an asset with its agent; times in ms since 1970 UTC, None when it never happened.

    unsigned: its agent is a script whose records carry no MAC. merged_from is the id asked for, where that record was
    merged into this one. book: what the books say, by field (machxa_collector.registry.records.asset_book); bios_on is
    the day of its firmware, None where no agent told one.
    """

    id: str
    kind: str
    name: str
    vendor: str | None
    model: str | None
    serial: str | None
    unit: str | None
    code: str | None
    status: str
    location: str | None
    tags: tuple[str, ...]
    agent_pk: int | None
    agent: str | None
    role: str | None
    presence: str | None
    presence_since: int | None
    last_seen: int | None
    unsigned: bool = False
    merged_from: str | None = None
    book: Mapping[str, Value] = field(default_factory=dict)
    bios_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Say which assets to list, None for any: and with every word of a text, whatever its marks."""

    unit: str | None = None
    status: str | None = None
    kind: str | None = None
    owner: str | None = None
    budget: str | None = None
    text: str = ""


ALL = Wanted()
_their, _its = agents.alias("their"), presence.alias("its")
_SPEAKS = (  # one that is on, else the newest: a device may have had several agents
    select(_their.c.pk)
    .select_from(_their.outerjoin(_its, _its.c.agent_pk == _their.c.pk))
    .where(_their.c.asset_id == assets.c.id)
    .order_by(case((_its.c.state == "on", 0), else_=1), _their.c.pk.desc())
    .limit(1)
    .correlate(assets)
    .scalar_subquery()
)
_FIELDS = ("id", "kind", "name", "vendor", "model", "serial", "unit", "code", "status", "location", "tags")
_BOOK = tuple(one.name for one in BOOK_FIELDS)
_ASSETS = (
    select(
        *(assets.c[name] for name in (*_FIELDS, *_BOOK)),
        assets.c.bios_on,
        agents.c.pk.label("agent_pk"),
        agents.c.id.label("agent"),
        func.coalesce(unit_roles.c.role, agents.c.role).label("role"),
        agents.c.unsigned,
        presence.c.state,
        presence.c.since,
    )
    .select_from(
        assets.outerjoin(agents, agents.c.pk == _SPEAKS)
        .outerjoin(presence, presence.c.agent_pk == agents.c.pk)
        .outerjoin(unit_roles, unit_roles.c.agent_pk == agents.c.pk)
    )
    .order_by(assets.c.id)
)
_TEXTS = ("name", "code", "serial", "vendor", "model", "location", "tags")


def list_assets(
    engine: Engine, after: str, most: int, territory: Territory = EVERYWHERE, wanted: Wanted = ALL
) -> tuple[AssetRow, ...]:
    """Return up to ``most`` assets of a territory whose id follows ``after``; records merged into others are not."""
    asked = words(wanted.text)[:_MOST_WORDS]
    condition = [assets.c.merged_into.is_(None), within(territory, assets.c.unit)]
    asked_of = {name: getattr(wanted, name) for name in ("unit", "status", "kind", "owner", "budget")}
    condition += [assets.c[name] == value for name, value in asked_of.items() if value is not None]
    with engine.connect() as connection:
        if asked:
            texts = select(assets.c.id, *(assets.c[name] for name in _TEXTS)).where(*condition).order_by(assets.c.id)
            found = _having(connection, texts, asked, after, most)
            query = _ASSETS.where(assets.c.id.in_(found))
        else:
            query = _ASSETS.where(and_(assets.c.id > after, *condition)).limit(most)
        rows = connection.execute(query).mappings().all()
        seen = heard_last(connection, [row["agent_pk"] for row in rows if row["agent_pk"] is not None])
    return tuple(_asset(row, seen) for row in rows)


def one_asset(engine: Engine, asset_id: str, territory: Territory = EVERYWHERE) -> AssetRow | None:
    """Return an asset, or what it was merged into; None when a territory holds none of this id."""
    asked = _ASSETS.add_columns(assets.c.merged_into, within(territory, assets.c.unit).label("is_within"))
    with engine.connect() as connection:
        row = connection.execute(asked.where(assets.c.id == asset_id)).mappings().first()
        if row is not None and row["merged_into"] is not None:
            stands = root(connection, asset_id)
            row = connection.execute(asked.where(assets.c.id == stands)).mappings().first()
        if row is None or not row["is_within"]:
            return None
        seen = heard_last(connection, [row["agent_pk"]] if row["agent_pk"] is not None else [])
    return _asset(row, seen, merged_from=None if row["id"] == asset_id else asset_id)


def speaking(engine: Engine, ids: Sequence[str]) -> dict[str, int | None]:
    """Return which agent (its key in the store) speaks for each of some assets that are not merged, None: none."""
    query = select(assets.c.id, _SPEAKS.label("agent_pk"))
    found: dict[str, int | None] = {}
    with engine.connect() as connection:
        for some in parts(ids):
            rows = connection.execute(query.where(assets.c.id.in_(some), assets.c.merged_into.is_(None)))
            found |= dict(tuple(row) for row in rows)
    return found


def last_seen(engine: Engine, agent_pks: list[int]) -> dict[int, int]:
    """Return when each agent was last heard: its newest record or hello."""
    with engine.connect() as connection:
        return heard_last(connection, agent_pks)


def heard_last(connection: Connection, agent_pks: Sequence[int]) -> dict[int, int]:
    """Return what ``last_seen`` does, on a connection at hand."""
    seen: dict[int, int] = {}
    for some in parts(agent_pks):
        told = (
            select(streams.c.agent_pk, streams.c.last_at.label("at")).where(streams.c.agent_pk.in_(some)),
            select(hellos.c.agent_pk, hellos.c.received_at.label("at")).where(hellos.c.agent_pk.in_(some)),
        )
        for agent_pk, at in connection.execute(union_all(*told)):
            seen[agent_pk] = max(at, seen.get(agent_pk, 0))
    return seen


def _having(connection: Connection, texts: Select[Any], asked: Sequence[str], after: str, most: int) -> list[str]:
    """Return the ids of assets with every word asked for, in order, beginning after one."""
    found: list[str] = []
    for row in _each(connection, texts, after):
        told: tuple[str | None, ...] = tuple(row)[1:]
        text = fold(" ".join(filter(None, told)))
        if all(word in text for word in asked):
            found.append(row[0])
            if len(found) == most:
                break
    return found


def _each(connection: Connection, texts: Select[Any], after: str) -> Iterator[Row[Any]]:
    """Read piece by piece: who asks for a frequent word waits for no more than a page of it."""
    while True:
        rows = connection.execute(texts.where(assets.c.id > after).limit(_READ_AT_ONCE)).all()
        yield from rows
        if len(rows) < _READ_AT_ONCE:
            return
        after = rows[-1][0]


def _asset(row: RowMapping, seen: dict[int, int], merged_from: str | None = None) -> AssetRow:
    return AssetRow(
        **{name: row[name] for name in _FIELDS[:-1]},
        tags=tuple(row["tags"].split(SEPARATOR)) if row["tags"] else (),
        agent_pk=row["agent_pk"],
        agent=row["agent"],
        role=row["role"],
        presence=row["state"],
        presence_since=row["since"],
        last_seen=None if row["agent_pk"] is None else seen.get(row["agent_pk"]),
        unsigned=bool(row["unsigned"]),
        merged_from=merged_from,
        book={name: row[name] for name in _BOOK},
        bios_on=row["bios_on"],
    )
