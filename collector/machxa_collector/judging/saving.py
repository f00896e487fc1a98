"""Write incidents so that one which cannot be written harms no other: it is set aside with its error, and shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from machxa_collector.incidents.guard import Guard
from machxa_collector.incidents.incident import Incident
from machxa_collector.store import incidents


def save_all(store: Engine, changed: Sequence[Incident], guard: Guard, now_ms: int) -> None:
    """Write incidents as they are now; raises OperationalError while the store cannot write any."""
    try:
        incidents.save(store, changed)
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 - told by the guard for the one that it is
        for one in changed:
            guard.run("save", one.id, now_ms, partial(incidents.save, store, [one]))
