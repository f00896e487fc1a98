"""Write records as people do, for the tests of the store."""

from __future__ import annotations

from sqlalchemy import Engine

from machxa_collector.registry.records import KINDS, Record, Value
from machxa_collector.store.record_undo import undo
from machxa_collector.store.records import Act, Batch, Change, Remove, apply

HOA_MINH, BA_DINH = "29410", "00004"
ASSETS, CALENDARS, CONTACTS = (KINDS[name] for name in ("assets", "calendars", "contacts"))
PRINTER = {"name": "Máy in quầy 1", "kind": "printer", "code": "0012", "serial": "VN1", "unit": HOA_MINH}


def act(at_ms: int = 1_000, action: str = "edit") -> Act:
    return Act(actor="Lan", at_ms=at_ms, action=action)


def create(store: Engine, kind: str, *created: Record, action: str = "edit") -> Batch:
    with store.begin() as connection:
        return apply(connection, kind, act(action=action), created)


def change(store: Engine, kind: str, record: str, values: dict[str, Value], seen: dict[str, Value]) -> Batch:
    with store.begin() as connection:
        return apply(connection, kind, act(2_000), changes=[Change(record, values, seen)])


def remove(store: Engine, kind: str, *ids: str) -> Batch:
    with store.begin() as connection:
        return apply(connection, kind, act(3_000), removes=[Remove(one) for one in ids])


def take_back(store: Engine, batch: Batch) -> Batch:
    with store.begin() as connection:
        return undo(connection, batch.id, act(9_000, "undo"))
