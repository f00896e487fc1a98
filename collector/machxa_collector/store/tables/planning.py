"""Name the table of what planning rests on: rules, prices, staff, scenarios; every version, none ever changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, Text

from machxa_collector.store.tables.base import metadata

planning_papers = Table(
    "planning_papers",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("name", String(100), primary_key=True),  # of a scenario; "" elsewhere
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("is_gone", Boolean, nullable=False),  # taken away with this version
    Column("content", Text, nullable=False),
)
