"""Name the tables of reports that come by themselves: who gets which, and what became of each period."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from machxa_collector.store.tables.base import metadata

# recipient as in notify_messages; since: nothing that was due before is sent (made, or let go on); minute: of the day
report_schedules = Table(
    "report_schedules",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("recipient", String(50), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("unit", String(10), nullable=False),
    Column("minute", Integer, nullable=False),
    Column("attach", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    UniqueConstraint("recipient", "kind", "unit"),
)
report_runs = Table(  # message: that carries it, NULL until it is made; state: made, waiting (tried again), or failed
    "report_runs",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("schedule", Integer, nullable=False),
    Column("period", String(8), nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("made_at", BigInteger),
    Column("message", Integer),
    Column("documents", Integer, nullable=False),
    Column("error", Text),
    UniqueConstraint("schedule", "period"),
    Index("ix_report_runs_due_at", "due_at"),
)
