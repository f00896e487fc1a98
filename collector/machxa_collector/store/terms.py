"""Keep the words by which devices are found, and find them: a bounded number of rows is read, however many there are.

Triggers say which assets have changed; `renew` writes their terms anew, in upkeep and before a search.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, delete, insert, select, text, true
from sqlalchemy.exc import IntegrityError, OperationalError

from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.terms import Sought, Term, terms_of
from machxa_collector.store.families import root
from machxa_collector.store.record_rows import parts
from machxa_collector.store.tables import asset_terms, asset_terms_due, assets, devices
from machxa_collector.store.territory import within

logger = logging.getLogger(__name__)

MOST_FOUND = 200  # devices of one answer; who finds more types another word
_MOST_WALKED = 4_000  # entries of a frequent word that are walked for those that have the others too
_AT_ONCE = 500  # written in one transaction: the intake waits no longer than that
_PATIENCE_MS = 250
_TELLING = ("name", "code", "vendor", "model", "serial")
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAsset:
    """Hold a device that a text may mean; addresses are those at which gateways watch it."""

    id: str
    kind: str
    name: str
    code: str | None
    vendor: str | None
    model: str | None
    serial: str | None
    unit: str | None
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAssets:
    """Hold the devices found; is_cut: there may be more."""

    assets: tuple[FoundAsset, ...]
    is_cut: bool


def renew(engine: Engine, most: int = _AT_ONCE) -> int:
    """Write the terms of assets that have changed, at most so many; return how many were."""
    with engine.connect() as connection:
        return _renew(connection, most)


def renew_if_free(engine: Engine) -> None:
    """Write the terms of some changed assets; while others write to the store devices are found as they were."""
    with engine.connect() as connection:
        try:
            with _little_patience(connection):
                _renew(connection, _AT_ONCE)
        except (OperationalError, IntegrityError) as exc:  # others write, perhaps the same terms
            logger.info("a search finds devices as they were: %s", str(exc)[:200])


@contextmanager
def _little_patience(connection: Connection) -> Iterator[None]:
    """Let a connection wait for others' writes for a moment alone: a person waits for this one."""
    if connection.dialect.name != "sqlite":
        connection.execute(text(f"SET lock_timeout = {_PATIENCE_MS}"))
        try:
            yield
        finally:
            connection.rollback()
            connection.execute(text("RESET lock_timeout"))
            connection.commit()
        return
    usual = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {usual}")


def _renew(connection: Connection, most: int) -> int:
    query = select(asset_terms_due.c.pk, asset_terms_due.c.asset_id).order_by(asset_terms_due.c.pk).limit(most)
    due = connection.execute(query).all()
    connection.commit()  # what is read from here on is what the first write finds
    if not due:
        return 0
    ids = sorted({row.asset_id for row in due})
    for some in parts([row.pk for row in due]):
        connection.execute(delete(asset_terms_due).where(asset_terms_due.c.pk.in_(some)))
    for part in parts(ids):
        connection.execute(delete(asset_terms).where(asset_terms.c.asset_id.in_(part)))
        if rows := _rows(connection, part):
            connection.execute(insert(asset_terms), rows)
    connection.commit()
    return len(ids)


def renew_all(engine: Engine) -> int:
    """Write the terms of all assets that have changed; return how many were."""
    done = 0
    while count := renew(engine):
        done += count
    return done


def find(engine: Engine, territory: Territory, asked: Sought) -> FoundAssets:
    """Return the devices of a territory that a text may mean, in no order; merged records stand for their one."""
    with engine.connect() as connection:
        found, is_cut = _by_words(connection, territory, asked.words if asked.address is None else ())
        for kind, term, is_begun in ((Term.MARK, asked.mark, True), (Term.ADDRESS, asked.address, False)):
            if term is not None:
                where = _begins(term) if is_begun else asset_terms.c.term == term
                found |= dict.fromkeys(_ids(connection, territory, kind, where, MOST_FOUND))
        rows = _assets(connection, territory, list(found)[: MOST_FOUND + 1])
    return FoundAssets(assets=tuple(rows[:MOST_FOUND]), is_cut=is_cut or len(found) > MOST_FOUND)


def _by_words(connection: Connection, territory: Territory, asked: Sequence[str]) -> tuple[dict[str, None], bool]:
    """Return the assets that have a word with each beginning; True: a part of the frequent ones alone was walked."""
    if not asked:
        return {}, False
    lists = {word: _ids(connection, territory, Term.WORD, _begins(word), MOST_FOUND + 1) for word in asked}
    rarest = min(asked, key=lambda word: (len(lists[word]), -len(word)))
    others = [word for word in asked if word != rarest]
    if not others:
        return lists[rarest], len(lists[rarest]) > MOST_FOUND
    walked = lists[rarest]
    if is_frequent := len(walked) > MOST_FOUND:
        walked = _ids(connection, territory, Term.WORD, _begins(rarest), _MOST_WALKED)
    fitting: dict[str, None] = {}
    for some in parts(list(walked)):
        held: defaultdict[str, list[str]] = defaultdict(list)
        query = select(asset_terms.c.asset_id, asset_terms.c.term)
        query = query.where(asset_terms.c.asset_id.in_(some), asset_terms.c.kind == Term.WORD.value)
        for asset, term in connection.execute(query):
            held[asset].append(term)
        for asset in some:
            if all(any(term.startswith(word) for term in held[asset]) for word in others):
                fitting[asset] = None
        if len(fitting) > MOST_FOUND:
            return fitting, True
    return fitting, is_frequent and len(walked) == _MOST_WALKED


def _ids(
    connection: Connection, territory: Territory, kind: Term, where: ColumnElement[bool], most: int
) -> dict[str, None]:
    query = select(asset_terms.c.asset_id).where(asset_terms.c.kind == kind.value, where, _inside(territory))
    return dict.fromkeys(connection.execute(query.limit(most)).scalars())


def _inside(territory: Territory) -> ColumnElement[bool]:
    unit = asset_terms.c.unit
    if territory.units is None:
        return true() if territory.with_nowhere else unit != ""
    return unit.in_(sorted(territory.units | ({""} if territory.with_nowhere else set())))


def _begins(term: str) -> ColumnElement[bool]:
    return and_(asset_terms.c.term >= term, asset_terms.c.term < term + _LAST)


def _assets(connection: Connection, territory: Territory, ids: Sequence[str]) -> list[FoundAsset]:
    """Return the assets of these ids, each merged one as what it was merged into, where that lies in the territory."""
    columns = assets.c
    merged = dict(_pairs(connection, select(columns.id, columns.merged_into), ids))
    stands = dict.fromkeys(one if merged.get(one) is None else root(connection, one) or one for one in ids)
    watched = _addresses(connection, stands)
    query = select(columns.id, columns.kind, *(columns[name] for name in _TELLING), columns.unit)
    query = query.where(columns.merged_into.is_(None), within(territory, columns.unit))
    return [
        FoundAsset(**row, addresses=watched.get(row["id"], ()))
        for some in parts(list(stands))
        for row in connection.execute(query.where(columns.id.in_(some))).mappings()
    ]


def _rows(connection: Connection, ids: Sequence[str]) -> list[dict[str, object]]:
    columns, told = assets.c, _addresses(connection, ids)
    query = select(columns.id, columns.unit, *(columns[name] for name in _TELLING)).where(columns.id.in_(ids))
    return [
        {"asset_id": row["id"], "kind": kind.value, "term": term, "unit": row["unit"] or ""}
        for row in connection.execute(query).mappings()
        for kind, term in terms_of(
            (row[name] for name in _TELLING), (row["serial"], row["code"]), told.get(row["id"], ())
        )
    ]


def _addresses(connection: Connection, ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return at which addresses gateways watch assets."""
    found: dict[str, tuple[str, ...]] = {}
    query = select(devices.c.asset_id, devices.c.body).order_by(devices.c.pk)
    for asset, body in _pairs(connection, query, ids, devices.c.asset_id):
        group = json.loads(body or "{}").get("network_device")
        ips = group.get("ips") if isinstance(group, dict) else None
        told = [one for one in ips[:4] if isinstance(one, str)] if isinstance(ips, list) else []
        found[asset] = tuple(dict.fromkeys((*found.get(asset, ()), *told)))
    return found


def _pairs(
    connection: Connection, query: Select[Any], ids: Collection[str], key: ColumnElement[str] = assets.c.id
) -> list[tuple[str, str | None]]:
    return [tuple(row) for some in parts(list(ids)) for row in connection.execute(query.where(key.in_(some)))]
