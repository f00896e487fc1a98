"""Name the tables of systems: what a province changed in their catalogue, and how checks went hour by hour."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from machxa_collector.store.tables.base import metadata

system_catalogues = Table(  # content: TOML, of systems that differ from the product's alone
    "system_catalogues",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
)
system_hours = Table(  # hour: whole hours since 1970 UTC; version grows with each writing; body: store.system_hours
    "system_hours",
    metadata,
    Column("system", String(60), primary_key=True),
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_system_hours_version", "version"),
)
