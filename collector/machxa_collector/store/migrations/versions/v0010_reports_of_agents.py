"""What people report at a computer, by its agent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("human_reports") as batch_op:
        batch_op.alter_column("unit", existing_type=sa.String(length=10), nullable=True)
        batch_op.add_column(sa.Column("agent", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("device", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("system", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("stages", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("waiting", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("began_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("incident", sa.String(length=40), nullable=True))
