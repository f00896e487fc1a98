"""Devices that gateways watch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "devices",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("agent_pk", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("asset_id", sa.String(length=36), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("state_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent_pk"], ["agents.pk"], name=op.f("fk_devices_agent_pk")),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_devices_asset_id")),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_devices")),
        sa.UniqueConstraint("agent_pk", "key", name=op.f("uq_devices_agent_pk")),
    )
    op.create_index("ix_devices_asset_id", "devices", ["asset_id"], unique=False)
