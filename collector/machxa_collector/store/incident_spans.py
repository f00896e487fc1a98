"""Read incidents by when they lasted: those that reach into a time, and how long those of a layer took before."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, or_, select

from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.store.incidents import incident_of
from machxa_collector.store.record_rows import parts
from machxa_collector.store.tables import incident_units, incidents

MOST = 500
_columns = incidents.c


def overlapping(store: Engine, units: Collection[str], start: int, end: int, most: int = MOST) -> list[Incident]:
    """Return up to most incidents of units that nothing else explains and that lasted within start to end (ms)."""
    its = incident_units.c
    query = (
        select(_columns.body)
        .where(
            _columns.merged_into.is_(None),
            _columns.started_at < end,
            or_(_columns.ended_at.is_(None), _columns.ended_at > start),
        )
        .order_by(_columns.started_at, _columns.id)
        .limit(most)
    )
    found: dict[str, Incident] = {}
    with store.connect() as connection:
        for some in parts(sorted(units)):
            touching = select(its.incident).where(its.unit.in_(some))
            for body in connection.execute(query.where(_columns.id.in_(touching))).scalars():
                one = incident_of(body)
                found[one.id] = one
    return sorted(found.values(), key=lambda one: (one.started_at, one.id))


def past_spans(store: Engine, cause: Cause, layer: Layer, since: int) -> list[tuple[str, int, int]]:
    """Return the unit, start and end (ms) of ended incidents of a cause and layer, each in one of its units."""
    its = incident_units.c
    unit = select(its.unit).where(its.incident == _columns.id).order_by(its.unit).limit(1).scalar_subquery()
    query = (
        select(unit, _columns.started_at, _columns.ended_at)
        .where(
            _columns.cause == cause.value,
            _columns.layer == layer.value,
            _columns.ended_at.is_not(None),
            _columns.merged_into.is_(None),
            _columns.started_at >= since,
        )
        .order_by(_columns.started_at.desc())
        .limit(MOST)
    )
    with store.connect() as connection:
        return [(code, start, end) for code, start, end in connection.execute(query) if code is not None]
