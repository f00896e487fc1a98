"""Keep what this centre is set to: its home province, and the units that a pilot begins with."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, select

from machxa_collector.store.tables import preferences
from machxa_collector.store.upsert import upsert

_HOME, _PILOT = "home", "pilot"


def home(engine: Engine) -> str | None:
    """Return the code of the province this centre serves, None until it is set."""
    with engine.connect() as connection:
        found: str | None = connection.execute(select(preferences.c.value).where(preferences.c.name == _HOME)).scalar()
    return found


def set_home(connection: Connection, province: str) -> None:
    """Set the province this centre serves."""
    upsert(connection, preferences, {"name": _HOME}, {"value": province})


def pilot(engine: Engine) -> tuple[str, ...] | None:
    """Return the codes of the units that are to be watched first, () for all of the province, None until it is said."""
    with engine.connect() as connection:
        found = connection.execute(select(preferences.c.value).where(preferences.c.name == _PILOT)).scalar()
    return None if found is None else tuple(map(str, json.loads(found)))


def set_pilot(connection: Connection, units: Sequence[str]) -> None:
    """Say which units are to be watched first, () for all of the province."""
    upsert(connection, preferences, {"name": _PILOT}, {"value": json.dumps(list(units))})
