"""What the duty desk's strip showed, hour by hour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "desk_hours",
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(10), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "place", name=op.f("pk_desk_hours")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("desk_hours")
