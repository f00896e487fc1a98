"""Write a made-up history of many devices at once: for benches and trying out, never beside a real fleet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Engine, func, insert, select, text

from machxa_collector.intake.rows import ReportRow, Rows
from machxa_collector.store.chunk import Chunk, roll_up
from machxa_collector.store.intake import SqlIntakeStore
from machxa_collector.store.packing import pack
from machxa_collector.store.samples import RAW, RESOLUTIONS
from machxa_collector.store.tables import agents, assets, chunks, presence, streams

_SHARDS = 256


def add_devices(engine: Engine, units: Sequence[str], now_ms: int) -> list[int]:
    """Write one PC with an agent that is on for each entry of units; return the agents' keys."""
    ids = [str(UUID(int=number + 1)) for number in range(len(units))]
    with engine.begin() as connection:
        connection.execute(
            insert(assets),
            [
                {
                    "id": one,
                    "kind": "pc",
                    "name": f"PC-{one[-4:]}",
                    "created_at": now_ms,
                    "unit": unit,
                    "status": "in_use",
                }
                for one, unit in zip(ids, units, strict=True)
            ],
        )
        connection.execute(
            insert(agents),
            [
                {
                    "id": one, "shard": f"{number % _SHARDS:02x}", "key": bytes(32), "asset_id": one, "role": "pc",
                    "unsigned": False, "enrolled_at": now_ms,
                }
                for number, one in enumerate(ids)
            ],
        )  # fmt: skip
        pks = list(connection.execute(select(agents.c.pk).order_by(agents.c.id)).scalars())
        on = {"state": "on", "since": now_ms, "boot": "made.1", "role": "pc"}
        connection.execute(insert(presence), [{"agent_pk": pk, **on} for pk in pks])
    return pks


def add_streams(engine: Engine, agent_pks: Sequence[int], now_ms: int) -> None:
    """Write an empty stream for each agent, as if it had enrolled long ago: the n-th is n + 1 in 16 hex digits."""
    empty = {"contiguous": 0, "highest": 0, "received": 0, "declared": 0, "duplicates": 0}
    rows = [
        {"agent_pk": pk, "stream": f"{number:016x}", "first_at": now_ms, "last_at": now_ms, **empty}
        for number, pk in enumerate(agent_pks, start=1)
    ]
    with engine.begin() as connection:
        connection.execute(insert(streams), rows)


def add_day(engine: Engine, agent_pks: Iterable[int], day: int, raw: Chunk) -> None:
    """Write one closed day of some agents, all with the same readings, packed and rolled up as compaction does."""
    blobs = {RAW: pack(raw), **{resolution: pack(roll_up(raw, resolution)) for resolution in RESOLUTIONS}}
    rows = [
        {"agent_pk": pk, "resolution": resolution, "day": day, "blob": blob}
        for pk in agent_pks
        for resolution, blob in blobs.items()
    ]
    with engine.begin() as connection:
        connection.execute(insert(chunks), rows)


class Sending:
    """Write reports of many agents as the intake does, each agent's in order from 1 on."""

    def __init__(self, engine: Engine, agent_pks: Sequence[int], now_ms: int) -> None:
        """Open a stream for each agent."""
        self._store = SqlIntakeStore(engine)
        self._open = {pk: self._store.open_stream(pk, f"{pk:016x}", now_ms) for pk in agent_pks}

    def send(self, reports: Mapping[int, Sequence[tuple[int, int, bytes]]]) -> None:
        """Commit some reports by agent: the first and last sample's time and the payload."""
        rows = Rows(at=max(last for its in reports.values() for _, last, _ in its))
        for pk, its in reports.items():
            opened = self._open[pk]
            rows.streams[opened.pk] = opened
            for first, last, payload in its:
                seq = opened.ledger.highest + 1
                opened.ledger.offer(seq)
                rows.reports.append(ReportRow(opened.pk, seq, pk, last, first, last, 0, 0, payload))
        self._store.commit(rows)


def stored_bytes(engine: Engine) -> dict[int, int]:
    """Return the bytes of all blobs by resolution (0: raw)."""
    query = select(chunks.c.resolution, func.sum(func.length(chunks.c.blob))).group_by(chunks.c.resolution)
    with engine.connect() as connection:
        return {resolution: int(size) for resolution, size in connection.execute(query)}


def settle(engine: Engine) -> None:
    """Let SQLite write its log into the file and look at its tables, as a collector that has run for days has."""
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
