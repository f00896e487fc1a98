"""Name the tables of signed policies, of the settings that were, and of how far each is rolled out."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table, Text

from machxa_collector.store.tables.base import metadata

policy_keys = Table(  # key: public, Ed25519, base64url; the newest is told to agents that enrol
    "policy_keys",
    metadata,
    Column("key", String(43), primary_key=True),
    Column("trusted_at", BigInteger, nullable=False),
    Column("trusted_by", Text, nullable=False),
)
policies = Table(  # payload: as it is signed and sent
    "policies",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False),
    Column("installed_at", BigInteger, nullable=False),
    Column("installed_by", Text, nullable=False),
)
settings_versions = Table(
    "settings_versions",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("sample_seconds", Integer, nullable=False),
    Column("batch_seconds", Integer, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
)
rollouts = Table(  # previous: the version that agents outside the ring have, none for their own default
    "rollouts",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("previous", BigInteger),
    Column("percent", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("stage_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)
