"""Name the table of what a province tells of systems that nobody can ask: the newest value of each."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, String, Table, Text

from machxa_collector.store.tables.base import metadata

context_values = Table(  # unit "": the whole province; part "": the system itself
    "context_values",
    metadata,
    Column("system", String(40), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("unit", String(10), primary_key=True),
    Column("part", String(60), primary_key=True),
    Column("number", Float),
    Column("word", String(10)),
    Column("at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("told_by", Text, nullable=False),
)
