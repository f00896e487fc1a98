"""Name the tables of the audit trail and of sealed secrets."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from machxa_collector.store.tables.base import given_key, metadata

audit = (
    Table(  # append-only: triggers refuse to change an entry, or to remove one whose day is not signed off as removed
        "audit",
        metadata,
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("at", BigInteger, nullable=False),
        Column("actor", Text, nullable=False),
        Column("origin", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("result", String(10), nullable=False),
        Column("detail", Text, nullable=False),
        Column("digest", LargeBinary(32), nullable=False),
        Index("ix_audit_at", "at"),
        Index("ix_audit_actor", "actor", "seq"),
        Index("ix_audit_action", "action", "seq"),
    )
)
audit_head = Table(  # one row: the newest entry; who writes the next one holds it
    "audit_head",
    metadata,
    given_key("one"),
    Column("seq", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
)
audit_roots = Table(  # day: of the newest entry that the root signs off; removed_at: its entries were too old
    "audit_roots",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("day", Integer, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
)
secrets = Table(  # sealed: with a key that is not in this database
    "secrets",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False),
)
