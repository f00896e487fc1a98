"""Name the table of a province's assumptions about dossiers: every version, none ever changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from machxa_collector.store.tables.base import given_key, metadata

impact_models = Table(
    "impact_models",
    metadata,
    given_key("version"),
    Column("base", Integer, nullable=False),  # the version it was made from; 0 is what the product ships with
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("content", Text, nullable=False),  # JSON
)
