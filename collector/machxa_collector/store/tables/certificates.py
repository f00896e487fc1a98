"""Name the tables of certificates and of requests to enrol."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from machxa_collector.store.tables.base import metadata

certificates = Table(  # serial: the certificate's, hex; request: fingerprint of its key
    "certificates",
    metadata,
    Column("serial", String(40), primary_key=True),
    Column("agent_pk", Integer, ForeignKey("agents.pk"), nullable=False),
    Column("request", String(95), nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("pem", Text, nullable=False),
    Column("revoked_at", BigInteger),
    Column("revoked_by", Text),
    Column("reason", String(20)),
    Index("ix_certificates_agent_pk", "agent_pk", "issued_at"),
    Index("ix_certificates_revoked_at", "revoked_at"),
)
enrolment_requests = Table(  # likeness: JSON, what it shares with known agents; agent_pk: whom it became, or is again
    "enrolment_requests",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("secret", LargeBinary(32), nullable=False),
    Column("state", String(10), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("hostname", Text, nullable=False),
    Column("role", String(40), nullable=False),
    Column("address", Text, nullable=False),
    Column("board", String(100)),
    Column("serial", String(100)),
    Column("machine", String(100)),
    Column("request", Text),
    Column("fingerprint", String(95)),
    Column("likeness", Text, nullable=False),
    Column("again", Boolean, nullable=False),
    Column("agent_pk", Integer, ForeignKey("agents.pk")),
    Column("same_asset", Boolean, nullable=False),
    Column("unit", String(10)),
    Column("decided_by", Text),
    Column("decided_at", BigInteger),
    Column("given_at", BigInteger),
    Index("ix_enrolment_requests_secret", "secret", unique=True),
    Index("ix_enrolment_requests_state", "state", "at"),
)
