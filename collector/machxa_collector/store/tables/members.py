"""Name the tables by which several collectors share one PostgreSQL; empty where one works alone."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table

from machxa_collector.store.tables.base import metadata

members = Table(  # start: this run of it; beat_at, joined_at: by the database's clock, ms since 1970 UTC
    "members",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("start", String(32), nullable=False),
    Column("authority", String(64), nullable=False),  # what it signs and seals with: a SHA-256 in hex
    Column("joined_at", BigInteger, nullable=False),
    Column("beat_at", BigInteger, nullable=False),
    Column("is_live", Boolean, nullable=False),  # has its shards in the present epoch
)

member_turn = Table(  # one row: its lock orders every commit of every intake; at is the last one's stamp
    "member_turn",
    metadata,
    Column("pk", Integer, primary_key=True, autoincrement=False),
    Column("epoch", BigInteger, nullable=False),
    Column("instance", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
)

member_leader = Table(  # one row: who does what one alone may do
    "member_leader",
    metadata,
    Column("pk", Integer, primary_key=True, autoincrement=False),
    Column("term", BigInteger, nullable=False),
    Column("name", String(40), nullable=False),
    Column("since", BigInteger, nullable=False),
)
