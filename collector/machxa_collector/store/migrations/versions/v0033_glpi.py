"""Which inventories a GLPI server has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "glpi_sent",
        sa.Column("sink", sa.String(40), nullable=False),
        sa.Column("asset_id", sa.String(36), nullable=False),
        sa.Column("digest", sa.String(64)),
        sa.Column("refused", sa.String(64)),
        sa.Column("waits_since", sa.BigInteger()),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sink", "asset_id", name=op.f("pk_glpi_sent")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("glpi_sent")
