"""Keep what this centre is set to: its home province."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, select

from machxa_collector.store.tables import preferences
from machxa_collector.store.upsert import upsert

_HOME = "home"


def home(engine: Engine) -> str | None:
    """Return the code of the province this centre serves, None until it is set."""
    with engine.connect() as connection:
        found: str | None = connection.execute(select(preferences.c.value).where(preferences.c.name == _HOME)).scalar()
    return found


def set_home(connection: Connection, province: str) -> None:
    """Set the province this centre serves."""
    upsert(connection, preferences, {"name": _HOME}, {"value": province})
