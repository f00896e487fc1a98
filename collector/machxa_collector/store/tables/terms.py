"""Name the tables of the words by which devices are found."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from machxa_collector.store.tables.base import metadata

asset_terms = Table(  # kind: of machxa_collector.registry.terms; unit: the asset's, "" for none
    "asset_terms",
    metadata,
    Column("asset_id", String(36), primary_key=True),
    Column("kind", String(1), primary_key=True),
    Column("term", String(60), primary_key=True),
    Column("unit", String(10), nullable=False),
    Index("ix_asset_terms_term", "kind", "term"),
    Index("ix_asset_terms_unit", "unit", "kind", "term"),
    sqlite_with_rowid=False,
)
asset_terms_due = Table(  # assets whose terms are written anew; triggers on assets and devices add to it
    "asset_terms_due",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("asset_id", String(36), nullable=False),
)
