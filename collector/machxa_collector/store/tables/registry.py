"""Name the tables of the registry: its kinds of record, their history, and how assets were identified.

Each kind of record (machxa_collector.registry.records) has one table of the same name; a list is kept as text
joined by "; ". Dates are civil days of Việt Nam.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from machxa_collector.store.tables.base import metadata

units = Table(
    "units",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("code", String(10), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("type", String(20)),
    Column("name", Text, nullable=False),
    Column("parent", String(10)),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("old_names", Text, nullable=False),
    Column("old_places", Text, nullable=False),
    Column("source", Text, nullable=False),
    Index("ix_units_code", "code"),
)
calendars = Table(  # owner: a province's or unit's code; rule: week, off, make_up, closed or extra
    "calendars",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("owner", String(10), nullable=False),
    Column("rule", String(10), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("weekdays", Text, nullable=False),
    Column("sessions", Text, nullable=False),
    Column("name", Text),
    Column("source", Text, nullable=False),
    Column("confidence", String(10), nullable=False),
    Index("ix_calendars_owner", "owner"),
)
lines = Table(
    "lines",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("unit", String(10), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("provider", Text, nullable=False),
    Column("contract", Text),
    Column("down_mbps", Float),
    Column("up_mbps", Float),
    Column("price_vnd_per_month", BigInteger),
    Column("valid_from", Date),
    Column("expires_on", Date),
    Column("ticket_desk", Text),
    Column("note", Text),
    Index("ix_lines_unit", "unit"),
)
counters = Table(  # assets: ids of assets
    "counters",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("unit", String(10), nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("groups", Text, nullable=False),
    Column("assets", Text, nullable=False),
    Column("note", Text),
    Index("ix_counters_unit", "unit"),
)
contacts = Table(
    "contacts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("unit", String(10), nullable=False),
    Column("role", String(20), nullable=False),
    Column("position", Text, nullable=False),
    Column("name", Text),
    Column("phone", Text),
    Column("email", Text),
    Column("note", Text),
    Index("ix_contacts_unit", "unit"),
)
planned = Table(
    "planned",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("unit", String(10), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("starts_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("note", Text),
    Index("ix_planned_unit", "unit", "ends_at"),
)
places = Table(  # where an asset stood, in time; ended_at None: there still. unit None: not known
    "places",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("asset_id", String(36), ForeignKey("assets.id"), nullable=False),
    Column("unit", String(10)),
    Column("began_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("batch", String(36)),
    Index("ix_places_asset_id", "asset_id", "began_at"),
    Index("ix_places_unit", "unit"),
)
identifiers = Table(  # what was seen of a device: kind and value as machxa_collector.registry.identity compares them
    "identifiers",
    metadata,
    Column("asset_id", String(36), ForeignKey("assets.id"), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("value", String(100), primary_key=True),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Index("ix_identifiers_value", "kind", "value"),
)
identity_findings = Table(  # what the vote said of an agent's facts; evidence: JSON
    "identity_findings",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("agent_pk", Integer, ForeignKey("agents.pk")),
    Column("asset_id", String(36), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Index("ix_identity_findings_asset_id", "asset_id"),
)
merges = Table(  # agents: JSON list of the agent ids that moved from absorbed to kept
    "merges",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kept", String(36), ForeignKey("assets.id"), nullable=False),
    Column("absorbed", String(36), ForeignKey("assets.id"), nullable=False),
    Column("agents", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("undone_at", BigInteger),
    Column("undone_by", Text),
    Index("ix_merges_kept", "kept"),
    Index("ix_merges_absorbed", "absorbed"),
)
batches = Table(  # one act of one person: an edit, an import, a merge, an undo
    "batches",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(10), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("note", Text),
    Column("file_sha256", String(64)),
    Column("created", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
    Column("undone_by", String(36)),
    Index("ix_batches_at", "at", "id"),
)
changes = Table(  # before and after: JSON of the record's fields that differ; before None: created, after None: removed
    "changes",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("batch", String(36), ForeignKey("batches.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("record", String(36), nullable=False),
    Column("before", Text),
    Column("after", Text),
    Index("ix_changes_batch", "batch"),
    Index("ix_changes_record", "kind", "record", "pk"),
)
mappings = Table(  # columns: JSON object from a file's column to a field
    "mappings",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("columns", Text, nullable=False),
)
imports = Table(  # a file on its way in; mapping and report: JSON
    "imports",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("state", String(10), nullable=False),
    Column("form", String(10), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("content", LargeBinary),
    Column("mapping", Text, nullable=False),
    Column("report", Text),
    Column("batch", String(36)),
)
preferences = Table(  # what this centre is set to, such as home: its province's code
    "preferences",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
