"""Name the table of devices that gateways watch for assets that run no agent."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from machxa_collector.store.tables.base import metadata

devices = (
    Table(  # who watches whom: key is the gateway's name of it; body: its newest facts (JSON); state: device.state
        "devices",
        metadata,
        Column("pk", Integer, primary_key=True),
        Column("agent_pk", Integer, ForeignKey("agents.pk"), nullable=False),
        Column("key", String(64), nullable=False),
        Column("asset_id", String(36), ForeignKey("assets.id"), nullable=False),
        Column("first_at", BigInteger, nullable=False),
        Column("observed_at", BigInteger, nullable=False),
        Column("body", Text, nullable=False),
        Column("state", String(20)),
        Column("reasons", Text),
        Column("state_at", BigInteger),
        UniqueConstraint("agent_pk", "key"),
        Index("ix_devices_asset_id", "asset_id"),
    )
)
