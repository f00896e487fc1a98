"""Name the tables of delivery: agents, their streams, records and samples."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from machxa_collector.store.sealed import SealedKey
from machxa_collector.store.tables.base import given_key, metadata

_REVOKED = text("revoked_at IS NOT NULL")

agents = Table(  # revoked_at: since when nobody hears it
    "agents",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("shard", String(2), nullable=False),
    Column("key", SealedKey, nullable=False),
    Column("asset_id", String(36), ForeignKey("assets.id")),
    Column("role", String(40), nullable=False),
    Column("unsigned", Boolean, nullable=False),
    Column("enrolled_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Index("ix_agents_asset_id", "asset_id"),
    Index("ix_agents_revoked_at", "revoked_at", sqlite_where=_REVOKED, postgresql_where=_REVOKED),
)
assets = Table(  # fixed: what a person set, which facts leave alone; bios_on: the firmware's day, as facts tell it;
    # merged_into: another record of one device
    "assets",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("vendor", Text),
    Column("model", Text),
    Column("serial", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("unit", String(10)),
    Column("code", Text),
    Column("status", String(10), nullable=False, server_default="draft"),
    Column("origin", String(10), nullable=False, server_default="agent"),
    Column("location", Text),
    Column("tags", Text, nullable=False, server_default=""),
    Column("note", Text),
    Column("acquired_on", Date),
    Column("acquired_year", Integer),
    Column("acquired_source", String(10)),
    Column("cost_vnd", BigInteger),
    Column("cost_source", String(10)),
    Column("book_value_vnd", BigInteger),
    Column("book_class", String(20)),
    Column("norm_row", Text),
    Column("budget", Text),
    Column("owner", String(10)),
    Column("supplier", Text),
    Column("warranty_until", Date),
    Column("pages", BigInteger),
    Column("pages_on", Date),
    Column("bios_on", Date),
    Column("fixed", Text, nullable=False, server_default=""),
    Column("merged_into", String(36)),
    Index("ix_assets_unit", "unit"),
    Index("ix_assets_code", "code"),
)
streams = Table(
    "streams",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("agent_pk", Integer, ForeignKey("agents.pk"), nullable=False),
    Column("stream", String(16), nullable=False),
    Column("contiguous", BigInteger, nullable=False),
    Column("highest", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("declared", BigInteger, nullable=False),
    Column("duplicates", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("gathered", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("agent_pk", "stream"),
)
spans = Table(  # kind "ahead": received or declared beyond contiguous; "declared": declared lost, for ever
    "spans",
    metadata,
    given_key("stream_pk", "streams.pk"),
    Column("kind", String(10), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
)
reports = Table(  # recent samples as they travelled; time is the first sample's, corrected
    "reports",
    metadata,
    given_key("stream_pk", "streams.pk"),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("agent_pk", Integer, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("last_time", BigInteger, nullable=False),
    Column("mark", Integer, nullable=False),
    Column("shift_ms", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("ix_reports_agent_time", "agent_pk", "last_time"),
    Index("ix_reports_received_at", "received_at"),
    sqlite_with_rowid=False,
)
events = Table(
    "events",
    metadata,
    given_key("stream_pk", "streams.pk"),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("agent_pk", Integer, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("mark", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("name", String(100), nullable=False),
    Column("attributes", Text, nullable=False),
    Index("ix_events_at", "at", "stream_pk", "seq"),
    Index("ix_events_agent_at", "agent_pk", "at", "stream_pk", "seq"),
)
facts = Table(
    "facts",
    metadata,
    given_key("stream_pk", "streams.pk"),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("agent_pk", Integer, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("observed_at", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_facts_agent_observed", "agent_pk", "observed_at"),
    Index("ix_facts_agent_received", "agent_pk", "received_at"),
)
hellos = Table(
    "hellos",
    metadata,
    given_key("agent_pk", "agents.pk"),
    Column("received_at", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("ix_hellos_received_at", "received_at"),
)
clocks = Table(  # base: the centre's time when the boot's monotonic clock stood at 0; offset: centre minus agent
    "clocks",
    metadata,
    given_key("agent_pk", "agents.pk"),
    Column("boot", String(40), primary_key=True),
    Column("base_ms", BigInteger, nullable=False),
    Column("offset_ms", BigInteger, nullable=False),
    Column("measured_at", BigInteger, nullable=False),
)
presence = Table(  # since: when the state became true; role: as what the agent is or was connected, if it says so
    "presence",
    metadata,
    given_key("agent_pk", "agents.pk"),
    Column("state", String(10), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("boot", String(40), nullable=False),
    Column("role", String(40)),
)
quarantine = Table(
    "quarantine",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("topic", Text, nullable=False),
    Column("agent", String(36)),
    Column("reason", String(40), nullable=False),
    Column("detail", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)
refusals = Table(
    "refusals",
    metadata,
    Column("reason", String(40), primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)
chunks = Table(  # resolution in seconds, 0 for raw; one day of one agent, columnar
    "chunks",
    metadata,
    given_key("agent_pk", "agents.pk"),
    given_key("resolution"),
    given_key("day"),
    Column("blob", LargeBinary, nullable=False),
)
open_columns = Table(  # reports of open days once more, by metric; agents: a group of them; name "": the run's head
    "open_columns",
    metadata,
    given_key("agents"),
    given_key("day"),
    Column("name", String(100), primary_key=True),
    given_key("run"),
    Column("blob", LargeBinary, nullable=False),
)
tokens = Table(  # hash: SHA-256 of the secret; uses_left None is without limit; unit: where it puts what enrols
    "tokens",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("purpose", String(10), nullable=False),
    Column("expires_at", BigInteger),
    Column("uses_left", Integer),
    Column("created_at", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Column("unit", String(10)),
    Column("approves", Boolean, nullable=False, server_default=false()),
)
settings = Table(  # agent_pk 0: for all agents
    "settings",
    metadata,
    given_key("agent_pk"),
    Column("version", Integer, nullable=False),
    Column("sample_seconds", Integer, nullable=False),
    Column("batch_seconds", Integer, nullable=False),
)
