"""Do what people decide of many assets at once, in one transaction: settle drafts, hand a unit's assets on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.records import Record, Told
from machxa_collector.store import audit, records
from machxa_collector.store.drafts import DRAFT
from machxa_collector.store.identity_acts import merge_within
from machxa_collector.store.record_acts import Act, Batch, entry_of
from machxa_collector.store.record_errors import Conflict, Conflicting
from machxa_collector.store.record_rows import parts
from machxa_collector.store.tables import assets

CONFIRM, REJECT, JOIN = "confirm", "reject", "join"
_BECOMES = {CONFIRM: "in_use", REJECT: "rejected"}
_NO_DRAFT = Told(vi="không còn là thiết bị chờ xác nhận", en="is no draft any more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Say what becomes of a draft: confirmed, rejected, or one device with an entry of the books (entry)."""

    draft: str
    decision: str
    entry: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Hold what was done: the batch of those confirmed and rejected, None without any; a merge for each joined one."""

    batch: Batch | None
    merges: Mapping[str, int]


def decide_drafts(engine: Engine, act: Act, decisions: Sequence[Decision]) -> Settled:
    """Settle drafts, all or none. Raises Conflict for what is no draft any more, CannotMerge, Refused."""
    with engine.begin() as connection:
        batch = _set(connection, act, [one for one in decisions if one.decision != JOIN])
        joined = [one for one in decisions if one.decision == JOIN and one.entry is not None]
        _check_drafts(connection, [one.draft for one in joined])
        merged: dict[str, int] = {}
        for one in joined:
            entry = Entry(
                at=act.at_ms,
                actor=act.actor,
                origin=act.origin,
                action="asset.merge",
                subject=f"asset/{one.entry}",
                detail={"absorbed": one.draft, "of": "draft"},
            )
            audit.record(connection, entry)
            merged[one.draft] = merge_within(connection, entry, str(one.entry), one.draft)
        return Settled(batch=batch, merges=merged)


def change_many(engine: Engine, act: Act, changes: Sequence[records.Change]) -> Batch:
    """Change many assets in one act, which is taken back as one; raises Conflict, Refused."""
    with engine.begin() as connection:
        batch = records.apply(connection, "assets", act, changes=changes)
        audit.record(connection, entry_of(act, batch))
        return batch


def create_and_change(
    connection: Connection, act: Act, creates: Sequence[Record], changes: Sequence[records.Change]
) -> Batch:
    """Write assets in one act within the caller's transaction; raises Conflict, Refused."""
    batch = records.apply(connection, "assets", act, creates=creates, changes=changes)
    audit.record(connection, entry_of(act, batch))
    return batch


def _set(connection: Connection, act: Act, decisions: Sequence[Decision]) -> Batch | None:
    changes = [records.Change(one.draft, {"status": _BECOMES[one.decision]}, {"status": DRAFT}) for one in decisions]
    if not changes:
        return None
    batch = records.apply(connection, "assets", act, changes=changes)
    audit.record(connection, entry_of(act, batch))
    return batch


def _check_drafts(connection: Connection, ids: Sequence[str]) -> None:
    still: set[str] = set()
    for part in parts(ids):
        query = select(assets.c.id).where(
            assets.c.id.in_(part), assets.c.status == DRAFT, assets.c.merged_into.is_(None)
        )
        still.update(connection.execute(query).scalars())
    gone = [Conflicting(one, _NO_DRAFT, None) for one in ids if one not in still]
    if gone:
        raise Conflict(tuple(gone))
