"""Keep how asking the dossier systems goes: when each was asked, what it answered, why it failed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, RowMapping, select

from machxa_collector.store.tables import dossier_pulls
from machxa_collector.store.upsert import upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """Hold how asking one source goes; times in ms, None: not yet. failures: in a row. reason: of the last one.

    etag, modified: what the system said of its last answer, sent along with the next question.
    """

    source: int
    tried_at: int | None = None
    good_at: int | None = None
    etag: str | None = None
    modified: str | None = None
    failures: int = 0
    failures_total: int = 0
    reason: Mapping[str, str] | None = None


def all_of(engine: Engine) -> Mapping[int, Pulled]:
    """Return how asking goes, by source."""
    with engine.connect() as connection:
        return {row["source"]: _pulled(row) for row in connection.execute(select(dossier_pulls)).mappings()}


def keep(engine: Engine, one: Pulled) -> None:
    """Keep how asking a source goes."""
    values = {
        "tried_at": one.tried_at,
        "good_at": one.good_at,
        "etag": one.etag,
        "modified": one.modified,
        "failures": one.failures,
        "failures_total": one.failures_total,
        "reason": None if one.reason is None else json.dumps(dict(one.reason), ensure_ascii=False),
    }
    with engine.begin() as connection:
        upsert(connection, dossier_pulls, {"source": one.source}, values)


def _pulled(row: RowMapping) -> Pulled:
    return Pulled(
        source=row["source"],
        tried_at=row["tried_at"],
        good_at=row["good_at"],
        etag=row["etag"],
        modified=row["modified"],
        failures=row["failures"],
        failures_total=row["failures_total"],
        reason=None if row["reason"] is None else json.loads(row["reason"]),
    )
