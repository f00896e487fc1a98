"""Keep the agents' settings; each change is a new version."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, insert, select, update

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.rollout import Kind
from machxa_collector.store import audit, rollouts
from machxa_collector.store.tables import settings, settings_versions
from machxa_wire.records import Settings

_ALL = 0
DEFAULT = Settings(version=0)


def current(engine: Engine) -> Settings:
    """Return the settings of all agents; version 0 is the agents' own default, never published."""
    with engine.connect() as connection:
        return _current(connection)


def change(engine: Engine, sample_seconds: int, batch_seconds: int, act: Entry) -> Settings:
    """Store new settings as the next version and return them."""
    with engine.begin() as connection:
        audit.record(connection, act)
        values = {"sample_seconds": sample_seconds, "batch_seconds": batch_seconds}
        later = update(settings).where(settings.c.agent_pk == _ALL).values(version=settings.c.version + 1, **values)
        if connection.execute(later).rowcount == 0:
            connection.execute(insert(settings).values(agent_pk=_ALL, version=DEFAULT.version + 1, **values))
        changed = _current(connection)
        made = {"version": changed.version, "made_at": act.at, "made_by": act.actor, **values}
        connection.execute(insert(settings_versions).values(made))
        rollouts.begin(connection, Kind.SETTINGS, changed.version, act.at)
    return changed


def of_version(engine: Engine, version: int) -> Settings | None:
    """Return the settings of a version, None when there are none."""
    columns = settings_versions.c
    query = select(columns.version, columns.sample_seconds, columns.batch_seconds).where(columns.version == version)
    with engine.connect() as connection:
        row = connection.execute(query).first()
    return None if row is None else Settings(*row)


def _current(connection: Connection) -> Settings:
    columns = settings.c
    query = select(columns.version, columns.sample_seconds, columns.batch_seconds).where(columns.agent_pk == _ALL)
    row = connection.execute(query).first()
    return DEFAULT if row is None else Settings(*row)
