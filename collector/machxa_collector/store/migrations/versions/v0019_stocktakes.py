"""Stock-takes: who counted where, and what was scanned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "stocktakes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("applied", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktakes")),
    )
    op.create_index("ix_stocktakes_unit", "stocktakes", ["unit", "opened_at"])
    op.create_table(
        "stocktake_marks",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("stocktake", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=110), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("asset_id", sa.String(length=36), nullable=True),
        sa.Column("is_damaged", sa.Boolean(), nullable=False),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["stocktake"], ["stocktakes.id"], name=op.f("fk_stocktake_marks_stocktake_stocktakes")),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_stocktake_marks")),
        sa.UniqueConstraint("stocktake", "key", name=op.f("uq_stocktake_marks_stocktake")),
    )
