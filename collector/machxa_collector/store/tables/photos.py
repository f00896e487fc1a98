"""Name the table of photographs that belong to people's reports."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table

from machxa_collector.store.tables.base import metadata

report_photos = Table(  # content: drawn anew by us, so it holds a picture and nothing else
    "report_photos",
    metadata,
    Column("report", String(36), ForeignKey("human_reports.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("received_at", BigInteger, nullable=False),
)
