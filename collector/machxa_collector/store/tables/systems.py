"""Name the table of what a province changed in the catalogue of systems."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text

from machxa_collector.store.tables.base import metadata

system_catalogues = Table(  # content: TOML, of systems that differ from the product's alone
    "system_catalogues",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
)
