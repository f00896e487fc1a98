"""How checks of each system went, hour by hour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "system_hours",
        sa.Column("system", sa.String(60), nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("system", "hour", name=op.f("pk_system_hours")),
    )
    op.create_index("ix_system_hours_version", "system_hours", ["version"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("system_hours")
