"""Follow a report: find it, say who stands by it, what it belongs to, and that its trouble is over."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, func, select, update

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.reports import Source
from machxa_collector.store.acting import acting
from machxa_collector.store.reports import COLUMNS, CONFIRMED, FIXED, UNVERIFIED, Report, report_of
from machxa_collector.store.tables import human_reports
from machxa_collector.store.territory import within
from machxa_wire.reports import again_of

MEASURED = "measured"  # who stands by a report that belongs to what was measured
_columns = human_reports.c
_whole = select(*(_columns[name] for name in COLUMNS))


def by_id(engine: Engine, report: str) -> Report | None:
    """Return a report, None when there is none of this id."""
    with engine.connect() as connection:
        row = connection.execute(_whole.where(_columns.id == report)).mappings().first()
    return None if row is None else report_of(dict(row))


def by_key(engine: Engine, key: str) -> Report | None:
    """Return the report of an Idempotency-Key, None when there is none."""
    with engine.connect() as connection:
        row = connection.execute(_whole.where(_columns.key == key)).mappings().first()
    return None if row is None else report_of(dict(row))


def of_unit(engine: Engine, unit: str, most: int) -> tuple[Report, ...]:
    """Return a unit's newest reports, the newest first."""
    query = _whole.where(_columns.unit == unit).order_by(_columns.received_at.desc(), _columns.id).limit(most)
    with engine.connect() as connection:
        return tuple(report_of(dict(row)) for row in connection.execute(query).mappings())


def doubtful_since(engine: Engine, unit: str, since: int) -> int:
    """Return how many reports came without an account for a unit since a moment and nobody stands by."""
    query = select(func.count()).where(
        _columns.unit == unit,
        _columns.received_at >= since,
        _columns.source == Source.LINK.value,
        _columns.confirmed_at.is_(None),
    )
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def again(engine: Engine, report: str) -> Report | None:
    """Return the report that tells a report's trouble again, from its page or its computer; None: nobody did."""
    with engine.connect() as connection:
        key = connection.execute(select(_columns.key).where(_columns.id == report)).scalar()
        agent, colon, told = (key or "").partition(":")
        keys = [again_key(report), *([f"{agent}:{again_of(told)}"] if colon else [])]
        query = _whole.where(_columns.key.in_(keys)).order_by(_columns.received_at)
        found = connection.execute(query).mappings().first()
    return None if found is None else report_of(dict(found))


def again_key(report: str) -> str:
    """Return the key of the report that tells a report's trouble again on its page."""
    return f"again.{report}"


def confirm(engine: Engine, territory: Territory, report: str, entry: Entry) -> bool:
    """Let whoever acts stand by a report that nobody stands by; return whether there was one in the territory."""
    doubtful = (_columns.id == report, within(territory, _columns.unit), _columns.confirmed_at.is_(None))
    values = {"confirmed_at": entry.at, "confirmed_by": entry.actor}
    with acting(engine, entry) as connection:
        changed = connection.execute(update(human_reports).where(*doubtful).values(values)).rowcount
        if changed == 0:
            return False
        new = (_columns.id == report, _columns.state == UNVERIFIED)
        connection.execute(update(human_reports).where(*new).values(state=CONFIRMED))
    return True


def set_over(engine: Engine, report: str, entry: Entry) -> None:
    """Write down that a report's trouble is over."""
    with acting(engine, entry) as connection:
        connection.execute(update(human_reports).where(_columns.id == report).values(state=FIXED))


def belong(engine: Engine, joined: Collection[tuple[str, str, bool]], now_ms: int) -> None:
    """Write down to which incidents reports belong: report, incident, and whether that was measured.

    What was measured stands by a report that nobody stood by.
    """
    with engine.begin() as connection:
        for report, incident, is_measured in joined:
            here = update(human_reports).where(_columns.id == report)
            connection.execute(here.values(incident=incident))
            if not is_measured:
                continue
            stands = {"confirmed_at": now_ms, "confirmed_by": MEASURED}
            connection.execute(here.where(_columns.confirmed_at.is_(None)).values(stands))
            connection.execute(here.where(_columns.state == UNVERIFIED).values(state=CONFIRMED))


def confirmed_since(engine: Engine, after: int, most: int) -> tuple[Report, ...]:
    """Return up to most reports by which somebody stands since a moment (ms since 1970 UTC, included)."""
    query = _whole.where(_columns.confirmed_at >= after).order_by(_columns.confirmed_at, _columns.id).limit(most)
    with engine.connect() as connection:
        return tuple(report_of(dict(row)) for row in connection.execute(query).mappings())
