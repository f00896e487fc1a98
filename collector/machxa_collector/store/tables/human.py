"""Name the table of what people report; "reports" are the agents'."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, Text

from machxa_collector.store.tables.base import metadata

# key: the Idempotency-Key, or "agent:report"; digest: SHA-256 of what was told, to notice another use of the key; unit
# NULL: its agent stands in none yet; stages: words with commas between; incident: the notice somebody has, too
human_reports = Table(
    "human_reports",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("key", String(100), nullable=False, unique=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("unit", String(10)),
    Column("category", String(20), nullable=False),
    Column("symptom", String(20)),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("source", String(10), nullable=False),
    Column("reporter", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("agent", String(36)),
    Column("device", String(100)),
    Column("system", String(40)),
    Column("stages", String(200)),
    Column("waiting", String(10)),
    Column("began_at", BigInteger),
    Column("incident", String(40)),
    Index("ix_human_reports_unit", "unit", "received_at"),
    Index("ix_human_reports_received_at", "received_at", "id"),
)
