"""Name the table of what people report; "reports" are the agents'."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, Text

from machxa_collector.store.tables.base import metadata

human_reports = Table(  # key: the Idempotency-Key; digest: SHA-256 of what was told, to notice another use of the key
    "human_reports",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("key", String(100), nullable=False, unique=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("unit", String(10), nullable=False),
    Column("category", String(20), nullable=False),
    Column("symptom", String(20)),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("source", String(10), nullable=False),
    Column("reporter", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Index("ix_human_reports_unit", "unit", "received_at"),
    Index("ix_human_reports_received_at", "received_at", "id"),
)
