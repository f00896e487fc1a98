"""Keep the marks of devices, and find the records that share one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, update

from machxa_collector.registry.identity import Known, Mark, MarkKind
from machxa_collector.store.tables import identifiers

MOST_OF_ONE = 200  # marks kept of one record, the newest: an agent could tell others every day
_MOST_HOLDERS = 16  # records with one value: beyond, it is no device's own
_MOST_ROWS = 400
_KINDS = {kind.value: kind for kind in MarkKind}

Seen = Mapping[Mark, tuple[int, int]]  # first and last, ms since 1970


def seen(connection: Connection, asset_ids: Collection[str]) -> dict[Mark, tuple[int, int]]:
    """Return the marks of some records together, when each was first and last seen."""
    columns = identifiers.c
    query = select(columns.kind, columns.value, columns.first_at, columns.last_at)
    found: dict[Mark, tuple[int, int]] = {}
    for row in connection.execute(query.where(columns.asset_id.in_(asset_ids))):
        if row.kind in _KINDS:
            mark = Mark(_KINDS[row.kind], row.value)
            first, last = found.get(mark, (row.first_at, row.last_at))
            found[mark] = (min(first, row.first_at), max(last, row.last_at))
    return found


def known(asset: str, marks: Seen) -> Known:
    """Return a record as a vote sees it: of each kind, what was seen last is what it has now."""
    newest: dict[MarkKind, int] = {}
    for mark, (_, last) in marks.items():
        newest[mark.kind] = max(last, newest.get(mark.kind, last))
    current = frozenset(mark for mark, (_, last) in marks.items() if last == newest[mark.kind])
    return Known(asset=asset, current=current, former=frozenset(marks) - current)


def note(connection: Connection, asset_id: str, marks: Collection[Mark], now_ms: int) -> None:
    """Enter marks as seen now on a record."""
    columns = identifiers.c
    rows = connection.execute(select(columns.kind, columns.value).where(columns.asset_id == asset_id)).all()
    there = {(row.kind, row.value) for row in rows}
    told = [(mark.kind.value, mark.value) for mark in marks]
    again = [{"kind_": kind, "value_": value} for kind, value in told if (kind, value) in there]
    fresh = [{"kind": kind, "value": value} for kind, value in told if (kind, value) not in there]
    if again:
        where = and_(
            columns.asset_id == asset_id, columns.kind == bindparam("kind_"), columns.value == bindparam("value_")
        )
        connection.execute(update(identifiers).where(where).values(last_at=now_ms), again)
    if fresh:
        times = {"asset_id": asset_id, "first_at": now_ms, "last_at": now_ms}
        connection.execute(insert(identifiers), [{**times, **one} for one in fresh])
    if len(there) + len(fresh) > MOST_OF_ONE:
        _forget_old(connection, asset_id)


def move(connection: Connection, source: str, target: str) -> None:
    """Give one record's marks to another that has none."""
    connection.execute(update(identifiers).where(identifiers.c.asset_id == source).values(asset_id=target))


def sharing(
    connection: Connection, marks: Collection[Mark], members: Collection[str]
) -> tuple[dict[str, None], frozenset[Mark]]:
    """Return the records outside a family that have one of the marks, and those marks that too many have."""
    told = [mark for mark in marks if mark.kind is not MarkKind.DONGLE]
    if not told:
        return {}, frozenset()
    rows = _holders(connection, told, members, _MOST_ROWS)
    if len(rows) == _MOST_ROWS:  # one value floods the answer: ask for each
        rows = [row for one in told for row in _holders(connection, [one], members, _MOST_HOLDERS + 1)]
    held = Counter(mark for mark, _ in rows)
    common = frozenset(mark for mark, count in held.items() if count > _MOST_HOLDERS)
    return dict.fromkeys(sorted(asset for mark, asset in rows if mark not in common)), common


def _holders(
    connection: Connection, marks: Sequence[Mark], members: Collection[str], most: int
) -> list[tuple[Mark, str]]:
    columns = identifiers.c
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for mark in marks:
        by_kind[mark.kind.value].append(mark.value)
    # one term a kind: SQLite looks each up in its index, but scans for pairs in a list
    any_of = or_(*(and_(columns.kind == kind, columns.value.in_(values)) for kind, values in by_kind.items()))
    query = select(columns.kind, columns.value, columns.asset_id).where(any_of, columns.asset_id.not_in(members))
    rows = connection.execute(query.limit(most))
    return [(Mark(_KINDS[row.kind], row.value), row.asset_id) for row in rows]


def _forget_old(connection: Connection, asset_id: str) -> None:
    columns = identifiers.c
    oldest = select(columns.kind, columns.value).where(columns.asset_id == asset_id)
    rows = connection.execute(oldest.order_by(columns.last_at.desc()).offset(MOST_OF_ONE)).all()
    for row in rows:
        where = and_(columns.asset_id == asset_id, columns.kind == row.kind, columns.value == row.value)
        connection.execute(delete(identifiers).where(where))
