"""Name the tables of stock-takes: who counted where, and what was scanned."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from machxa_collector.store.tables.base import metadata

stocktakes = (
    Table(  # report: JSON of what it showed when it was closed; applied: JSON from asset to the batch that wrote it
        "stocktakes",
        metadata,
        Column("id", String(36), primary_key=True),
        Column("unit", String(10), nullable=False),
        Column("note", Text),
        Column("opened_at", BigInteger, nullable=False),
        Column("opened_by", Text, nullable=False),
        Column("closed_at", BigInteger),
        Column("closed_by", Text),
        Column("report", Text),
        Column("applied", Text, nullable=False, server_default="{}"),
        Index("ix_stocktakes_unit", "unit", "opened_at"),
    )
)
stocktake_marks = Table(  # key: the asset's id, or "?" and the folded code of what is none of ours
    "stocktake_marks",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("stocktake", String(36), ForeignKey("stocktakes.id"), nullable=False),
    Column("key", String(110), nullable=False),
    Column("code", Text, nullable=False),
    Column("asset_id", String(36)),
    Column("is_damaged", Boolean, nullable=False),
    Column("room", Text),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    UniqueConstraint("stocktake", "key"),
)
