"""Let people decide which records are one device: merge, undo, split, and settle what the vote left to them."""

from __future__ import annotations

from enum import Enum

from sqlalchemy import Connection, Engine

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.facts import identity
from machxa_collector.store import audit, findings, marks, merging
from machxa_collector.store.families import agents_of, home, members, merges_into, root
from machxa_collector.store.findings import Finding
from machxa_collector.store.identity import newest_body
from machxa_collector.store.merging import CannotMerge
from machxa_collector.store.tables import agents, assets

__all__ = ["CannotMerge", "Decided", "decide", "merge_assets", "merge_within", "split_asset", "undo_merge"]


class Decided(Enum):
    """Say what a person decided of a finding.

    SAME: one device, after all. APART: two devices, for good. SETTLED: it is over (the disk is back in its place, the
    copy was enrolled anew); asked again if it happens again.
    """

    SAME = "same"
    APART = "apart"
    SETTLED = "settled"


def merge_assets(engine: Engine, act: Entry, kept: str, absorbed: str) -> int:
    """Let one asset absorb another; return the merge's key. Raises CannotMerge."""
    with engine.begin() as connection:
        audit.record(connection, act)
        return merge_within(connection, act, kept, absorbed)


def undo_merge(engine: Engine, act: Entry, merge_pk: int) -> tuple[str, str]:
    """Take a merge back; return the asset that was kept and the one that is shown again. Raises CannotMerge."""
    with engine.begin() as connection:
        audit.record(connection, act)
        kept, absorbed = merging.undo_merge(connection, merge_pk, act.actor, act.at)
        _tell_again(connection, kept, absorbed)
        return kept, absorbed


def split_asset(engine: Engine, act: Entry, asset_id: str, agent: str) -> str:
    """Give one of an asset's agents a record of its own again; return that. Raises CannotMerge."""
    with engine.begin() as connection:
        audit.record(connection, act)
        parted = merging.split(connection, asset_id, agent, act.actor, act.at)
        _tell_again(connection, asset_id, parted)
        return parted


def decide(engine: Engine, act: Entry, finding_pk: int, decided: Decided) -> None:
    """Settle an open finding as a person decided. Raises CannotMerge when it is not open, or cannot be done."""
    with engine.begin() as connection:
        audit.record(connection, act)
        finding = findings.one(connection, finding_pk)
        if finding is None or not finding.is_open:
            raise CannotMerge("there is no such open finding")
        if decided is Decided.SETTLED:
            findings.close(connection, finding.pk)
        else:
            findings.close(connection, finding.pk, decided.value, act.actor)
            _follow(connection, act, finding, decided)


def _follow(connection: Connection, act: Entry, finding: Finding, decided: Decided) -> None:
    if finding.about is None:
        return
    if finding.is_own:
        _follow_own(connection, act, finding, decided)
    elif decided is Decided.SAME:
        older, newer = _by_age(connection, finding.about, finding.asset)
        merge_within(connection, act, older, newer)
    else:
        merging.tell_apart(connection, finding.about, finding.asset, act.actor, act.at)


def _follow_own(connection: Connection, act: Entry, finding: Finding, decided: Decided) -> None:
    """Let the agent's record take the marks that were doubted, or give the agent a record of its own."""
    row = connection.execute(agents.select().where(agents.c.pk == finding.agent_pk)).first()
    if row is None or row.asset_id is None:
        return
    if decided is Decided.SAME:
        home_ = home(row.id, row.asset_id, merges_into(connection, row.asset_id))
        marks.note(connection, home_, findings.arrived(finding), act.at)
    else:
        merging.renew(connection, row.asset_id, row.id, act.actor, act.at)


def merge_within(connection: Connection, act: Entry, kept: str, absorbed: str) -> int:
    """Let one asset absorb another within the caller's transaction, which writes the audit; raises CannotMerge."""
    both = [root(connection, kept), root(connection, absorbed)]
    pk = merging.merge(connection, kept, absorbed, act.actor, act.at, {})
    family = members(both[0] or kept, merges_into(connection, both[0] or kept))
    for finding in findings.of_assets(connection, family):
        if finding.is_open and not finding.is_own and finding.about in family:
            findings.close(connection, finding.pk)
    return pk


def _by_age(connection: Connection, one: str, other: str) -> tuple[str, str]:
    made = {row.id: row.created_at for row in connection.execute(assets.select().where(assets.c.id.in_([one, other])))}
    return (one, other) if made.get(one, 0) <= made.get(other, 0) else (other, one)


def _tell_again(connection: Connection, *asset_ids: str) -> None:
    """Write again on records what the newest agent that each has now told last."""
    for asset_id in asset_ids:
        stands = root(connection, asset_id)
        speaking = agents_of(connection, stands) if stands is not None else ()
        body = newest_body(connection, speaking[0][0]) if speaking else None
        if stands is not None and body is not None:
            merging.tell(connection, stands, identity(body))
