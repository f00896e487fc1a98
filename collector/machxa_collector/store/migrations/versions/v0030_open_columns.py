"""The open days' reports by metric as well, for questions over many agents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "open_columns",
        sa.Column("agents", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("run", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("agents", "day", "name", "run", name=op.f("pk_open_columns")),
    )
    op.add_column("streams", sa.Column("gathered", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    """Go back."""
    op.drop_column("streams", "gathered")
    op.drop_table("open_columns")
