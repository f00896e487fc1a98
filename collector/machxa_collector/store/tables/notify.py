"""Name the tables of notices: channels, what people wish, what is told whom, and the messages that carry it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from machxa_collector.store.tables.base import metadata

# sealed: all settings; shown: what of them may be told; rules: what the channel itself is told, as JSON, NULL: it only
# carries what persons are told; failing_since: of the failures in a row, NULL while it delivers
notify_channels = Table(
    "notify_channels",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("shown", Text, nullable=False),
    Column("rules", Text),
    Column("enabled", Boolean, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("failing_since", BigInteger),
    Column("failures", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("delivered_at", BigInteger),
    Column("error", Text),
)
notify_wishes = Table(  # address: sealed
    "notify_wishes",
    metadata,
    Column("recipient", String(50), primary_key=True),
    Column("body", Text, nullable=False),
    Column("channel", String(40)),
    Column("address", LargeBinary),
    Column("changed_at", BigInteger, nullable=False),
)
notify_lines = Table(  # one for each recipient and thing to tell; message NULL: it waits for a digest, or was dropped
    "notify_lines",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("recipient", String(50), nullable=False),
    Column("incident", String(32), nullable=False),
    Column("told", String(12), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("way", String(8), nullable=False),
    Column("why", String(20), nullable=False),
    Column("message", Integer),
    UniqueConstraint("recipient", "incident", "told"),
    Index("ix_notify_lines_incident", "incident"),
    Index("ix_notify_lines_way", "way", "message"),
    Index("ix_notify_lines_at", "at"),
)
notify_messages = (
    Table(  # channel NULL: in-app alone; state: waiting, sent, failed, or shown (in-app alone); body: JSON
        "notify_messages",
        metadata,
        Column("pk", Integer, primary_key=True),
        Column("key", String(100), nullable=False, unique=True),
        Column("recipient", String(50), nullable=False),
        Column("channel", String(40)),
        Column("kind", String(8), nullable=False),
        Column("day", Integer, nullable=False),
        Column("made_at", BigInteger, nullable=False),
        Column("state", String(8), nullable=False),
        Column("tries", Integer, nullable=False),
        Column("next_at", BigInteger, nullable=False),
        Column("sent_at", BigInteger),
        Column("error", Text),
        Column("read_at", BigInteger),
        Column("body", Text, nullable=False),
        Index("ix_notify_messages_recipient", "recipient", "pk"),
        Index("ix_notify_messages_state", "state", "channel", "next_at"),
        Index("ix_notify_messages_made_at", "made_at"),
    )
)
