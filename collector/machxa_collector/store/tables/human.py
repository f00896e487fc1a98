"""Name the tables of what people report and count; "reports" are the agents'."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from machxa_collector.store.tables.base import metadata

# key: the Idempotency-Key, or "agent:report"; digest: SHA-256 of what was told, to notice another use of the key; unit
# NULL: its agent stands in none yet; stages: words with commas between; incident: what it belongs to, or the notice
# somebody has, too; confirmed_by: a colleague's login, or "measured"; NULL: nobody stands by it yet
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
    Column("confirmed_at", BigInteger),
    Column("confirmed_by", Text),
    Index("ix_human_reports_unit", "unit", "received_at"),
    Index("ix_human_reports_received_at", "received_at", "id"),
    Index("ix_human_reports_confirmed_at", "confirmed_at"),
)
report_gates = Table(  # a unit's links and code are of this version; a unit without a row is at version 1
    "report_gates",
    metadata,
    Column("unit", String(10), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False),
)
stock_counts = Table(  # what a unit counted of toner and blank forms; it only grows. role: of who counted
    "stock_counts",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("unit", String(10), nullable=False),
    Column("item", String(20), nullable=False),
    Column("count", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("role", String(20), nullable=False),
    Index("ix_stock_counts_unit", "unit", "at"),
)
