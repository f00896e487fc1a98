"""Name the tables of people: accounts, their recovery codes, sessions, and what API tokens may do."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, String, Table, Text

from machxa_collector.store.tables.base import metadata

people = Table(  # password: PHC string; totp: sealed secret; totp_step: the last time step that was used
    "people",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("login", String(60), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("password", Text),
    Column("totp", LargeBinary),
    Column("totp_step", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("disabled_at", BigInteger),
    Column("signed_in_at", BigInteger),
)
recovery_codes = Table(  # hash: SHA-256 of a code of 120 random bits; a used one is deleted
    "recovery_codes",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("person", String(36), ForeignKey("people.id"), nullable=False),
    Index("ix_recovery_codes_person", "person"),
)
invitations = Table(  # hash: SHA-256 of the secret in the link with which a person sets a password
    "invitations",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("person", String(36), ForeignKey("people.id"), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("ix_invitations_person", "person"),
)
sessions = Table(  # person None: signed in with a one-time link; level: "whole", or "half" until a second factor is set
    "sessions",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("person", String(36), ForeignKey("people.id")),
    Column("level", String(10), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("idle_ms", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("address", Text, nullable=False),
    Column("browser", Text, nullable=False),
    Index("ix_sessions_person", "person"),
)
api_tokens = Table(  # what an API token may do; one of the table tokens without a row here is an operator's
    "api_tokens",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("permissions", Text),
    Column("scope", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
)
