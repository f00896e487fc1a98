"""Name the tables of what planning rests on: rules, prices, staff, scenarios in versions, and files behind them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

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
planning_files = Table(  # subject: "price:ITEM:ACTION" or "asset:ID"; unit: whose it is, NULL: the province's
    "planning_files",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("subject", String(80), nullable=False),
    Column("unit", String(10)),
    Column("name", Text, nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("removed_at", BigInteger),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("ix_planning_files_subject", "subject"),
)
