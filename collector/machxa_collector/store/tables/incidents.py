"""Name the tables of judgement: what agents said beside samples, incidents, what people did about them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from machxa_collector.store.tables.base import metadata

heard = Table(  # records that are no samples, and presences, as they travelled; kept for a few days to judge again
    "heard",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("received_at", BigInteger, nullable=False),
    Column("agent_pk", Integer, nullable=False),
    Column("is_presence", Boolean, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("ix_heard_received_at", "received_at"),
)
incidents = Table(  # body: the incident as JSON; the other columns are its own, for lists
    "incidents",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("cause", String(20), nullable=False),
    Column("layer", String(10), nullable=False),
    Column("subject", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("noticed_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("merged_into", String(32)),
    Column("body", Text, nullable=False),
    Index("ix_incidents_noticed_at", "noticed_at", "id"),
    Index("ix_incidents_ended_at", "ended_at"),
    Index("ix_incidents_subject", "subject", "noticed_at"),
)
incident_units = Table(
    "incident_units",
    metadata,
    Column("incident", String(32), primary_key=True),
    Column("unit", String(10), primary_key=True),
    Index("ix_incident_units_unit", "unit"),
)
incident_acts = Table(  # what people did: never changed, never deleted
    "incident_acts",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("incident", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("detail", Text, nullable=False),
    Index("ix_incident_acts_incident", "incident", "pk"),
)
incident_notices = Table(  # told once, whatever is judged again; passed_at NULL: nobody was told yet; severity: as told
    "incident_notices",
    metadata,
    Column("incident", String(32), primary_key=True),
    Column("told", String(10), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("passed_at", BigInteger),
    Column("severity", Integer),
    Index("ix_incident_notices_passed_at", "passed_at"),
)
