"""Name the table of what the duty desk's strip showed, hour by hour, for the arrow beside each number."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from machxa_collector.store.tables.base import metadata

# hour: whole hours since 1970 UTC; place: a province's code, "" for the nation; figures: JSON, null is not known
desk_hours = Table(
    "desk_hours",
    metadata,
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("place", String(10), primary_key=True),
    Column("figures", Text, nullable=False),
)
